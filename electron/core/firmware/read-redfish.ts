import { CodedError } from '../../../shared/contract/errors.ts';
import type { RedfishSystem } from '../../../shared/model/redfish.ts';
import type { RedfishClient } from './redfish-client.ts';
import { attributeRegistrySchema, biosSchema, biosSettingsSchema, collectionSchema, computerSystemSchema, registryFileSchema, simpleValue, type AttributeRegistry } from './redfish-shapes.ts';

/** The firmware of one system, with what is needed to change it. */
export interface BiosAccess {
  readonly current: Readonly<Record<string, unknown>>;
  readonly next: Readonly<Record<string, unknown>>;
  readonly registry: string | null;
  /** Where changes are written; null: this controller only shows. */
  readonly settings: { readonly path: string; readonly etag: string | null; readonly onReset: boolean } | null;
}

/** Every system the controller manages, with its firmware settings, what waits for a start, and what may be chosen. */
export async function readRedfish(client: RedfishClient): Promise<RedfishSystem[]> {
  const { value: { Members } } = await client.get('/redfish/v1/Systems', collectionSchema);
  const systems: RedfishSystem[] = [];
  for (const { '@odata.id': path } of Members) {
    const { value: system } = await client.get(path, computerSystemSchema);
    if (!system.Bios) continue;
    const bios = await readBios(client, path);
    const registry = bios.registry === null ? null : await readRegistry(client, bios.registry);
    const entries = new Map((registry?.RegistryEntries.Attributes ?? []).map((entry) => [entry.AttributeName, entry]));
    systems.push({
      system: path, manufacturer: system.Manufacturer ?? null, model: system.Model ?? null, uuid: system.UUID ?? null, biosVersion: system.BiosVersion ?? null, writable: bios.settings !== null,
      attributes: Object.entries(bios.current).map(([name, value]) => {
        const entry = entries.get(name);
        return {
          name, value: simpleValue(value), next: simpleValue(Object.hasOwn(bios.next, name) ? bios.next[name] : value),
          displayName: entry?.DisplayName ?? null, possible: (entry?.Value ?? []).map(({ ValueName }) => ValueName), readOnly: entry?.ReadOnly ?? false,
        };
      }),
    });
  }
  if (systems.length === 0) throw new CodedError('bmc-refused', 'This management controller offers no firmware settings.', { state: 'Nothing was changed.', next: 'Carry the sheet to the firmware’s set-up.' });
  return systems;
}

/** Settings of one system: what runs, what the next start will use, and where a change goes. */
export async function readBios(client: RedfishClient, system: string): Promise<BiosAccess> {
  const { value: { Bios: link } } = await client.get(system, computerSystemSchema);
  if (!link) throw new CodedError('bmc-refused', `The management controller offers no firmware settings of ${system}.`, { state: 'Nothing was changed.', next: 'Carry the sheet to the firmware’s set-up.' });
  const { value: bios } = await client.get(link['@odata.id'], biosSchema);
  const settings = bios['@Redfish.Settings'];
  if (!settings) return { current: bios.Attributes, next: {}, registry: bios.AttributeRegistry ?? null, settings: null };
  const path = settings.SettingsObject['@odata.id'];
  const { value: waiting, etag } = await client.get(path, biosSettingsSchema);
  return {
    current: bios.Attributes, next: waiting.Attributes ?? {}, registry: bios.AttributeRegistry ?? null,
    settings: { path, etag: etag ?? waiting['@odata.etag'] ?? null, onReset: settings.SupportedApplyTimes?.includes('OnReset') ?? false },
  };
}

/** The registry by its name, in English where there is a choice. Null: it is not offered; then nothing is known of the values. */
async function readRegistry(client: RedfishClient, name: string): Promise<AttributeRegistry | null> {
  try {
    const { value: { Members } } = await client.get('/redfish/v1/Registries', collectionSchema);
    const begins = (path: string) => name.startsWith(path.split('/').findLast((part) => part !== '') ?? '\0');
    for (const { '@odata.id': path } of [...Members].sort((a, b) => Number(begins(b['@odata.id'])) - Number(begins(a['@odata.id'])))) {
      const { value: file } = await client.get(path, registryFileSchema);
      if (file.Registry !== name && file.Id !== name) continue;
      const location = file.Location?.find(({ Language }) => /^en/i.test(Language ?? '')) ?? file.Location?.[0];
      const uri = typeof location?.Uri === 'string' ? location.Uri : location?.Uri?.['@odata.id'];
      return uri === undefined ? null : (await client.get(uri, attributeRegistrySchema)).value;
    }
    return null;
  } catch (thrown) {
    const error = CodedError.from(thrown);
    if (error.code === 'bmc-refused' || error.code === 'bmc-unreadable') return null;
    throw error;
  }
}
