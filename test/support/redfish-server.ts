import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/redfish/${name}`, import.meta.url));

/** What a test wants to go otherwise than it should. */
export interface RedfishFaults { rawBody?: string; status?: number; noSettings?: boolean; noRegistry?: boolean; staleEtag?: boolean }

export interface RedfishServer {
  readonly port: number;
  /** Requests that reached it, with the log-in they carried. */
  readonly requests: Array<{ method: string; path: string; authorization: string | undefined; ifMatch: string | undefined; body: unknown }>;
  readonly faults: RedfishFaults;
  /** What the next start will use. */
  readonly next: Record<string, unknown>;
  close(): void;
}

const system = '/redfish/v1/Systems/437XR1138R2';
const running = { BootMode: 'Uefi', EmbeddedSata: 'Raid', ProcTurboMode: 'Enabled', ProcHyperthreading: 'Enabled', AdminPhone: '', NumLock: true, PowerOnDelay: 3 };

/** A management controller of the tests, on loopback with a certificate of its own: resources shaped as in the standard's mock-ups (DMTF DSP2043, public-rackmount1). */
export async function startRedfishServer(certificate: 'one' | 'two' = 'one', uuid = '38947555-7742-3448-3784-823347823834'): Promise<RedfishServer> {
  const state: Omit<RedfishServer, 'port' | 'close'> = { requests: [], faults: {}, next: { ...running } };
  let etag = 'W/"1"';
  const resources = (): Record<string, unknown> => ({
    '/redfish/v1/Systems': { '@odata.type': '#ComputerSystemCollection.ComputerSystemCollection', Members: [{ '@odata.id': system }], 'Members@odata.count': 1 },
    [system]: { '@odata.id': system, '@odata.type': '#ComputerSystem.v1_20_0.ComputerSystem', Id: '437XR1138R2', Manufacturer: 'Contoso', Model: '3500', UUID: uuid, BiosVersion: 'P79 v1.45 (12/06/2017)', Bios: { '@odata.id': `${system}/Bios` } },
    [`${system}/Bios`]: {
      '@odata.type': '#Bios.v1_1_0.Bios', Id: 'BIOS', AttributeRegistry: 'BiosAttributeRegistryP89.v1_0_0', Attributes: running,
      ...(state.faults.noSettings ? {} : { '@Redfish.Settings': { '@odata.type': '#Settings.v1_3_0.Settings', SettingsObject: { '@odata.id': `${system}/Bios/Settings` }, SupportedApplyTimes: ['OnReset'] } }),
    },
    [`${system}/Bios/Settings`]: { '@odata.type': '#Bios.v1_1_0.Bios', Id: 'Settings', AttributeRegistry: 'BiosAttributeRegistryP89.v1_0_0', Attributes: state.next },
    ...(state.faults.noRegistry ? {} : { '/redfish/v1/Registries': { Members: [{ '@odata.id': '/redfish/v1/Registries/Base.1.0.0' }, { '@odata.id': '/redfish/v1/Registries/BiosAttributeRegistryP89.v1_0_0' }] } }),
    '/redfish/v1/Registries/Base.1.0.0': { '@odata.type': '#MessageRegistryFile.v1_1_0.MessageRegistryFile', Id: 'Base.1.0.0', Registry: 'Base.1.0', Location: [{ Language: 'en', Uri: '/redfish/v1/registries/Base.json' }] },
    '/redfish/v1/Registries/BiosAttributeRegistryP89.v1_0_0': { '@odata.type': '#MessageRegistryFile.v1_1_0.MessageRegistryFile', Id: 'BiosAttributeRegistryP89.v1_0_0', Registry: 'BiosAttributeRegistryP89.v1_0_0', Location: [{ Language: 'ja', Uri: '/redfish/v1/nowhere' }, { Language: 'en', Uri: '/redfish/v1/RegistryStore/Bios.json' }] },
    '/redfish/v1/RegistryStore/Bios.json': {
      '@odata.type': '#AttributeRegistry.v1_3_0.AttributeRegistry', Id: 'BiosAttributeRegistryP89.v1_0_0',
      RegistryEntries: { Attributes: [
        { AttributeName: 'ProcTurboMode', DisplayName: 'Turbo Mode', Type: 'Enumeration', ReadOnly: false, Value: [{ ValueName: 'Enabled' }, { ValueName: 'Disabled' }] },
        { AttributeName: 'ProcHyperthreading', DisplayName: 'Hyper-Threading', Type: 'Enumeration', ReadOnly: true, Value: [{ ValueName: 'Enabled' }, { ValueName: 'Disabled' }] },
      ] },
    },
  });
  const answer = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
    const text = JSON.stringify(body);
    // Registries come compressed whether asked for or not, as real controllers send them.
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(headers['x-compressed'] ? gzipSync(text) : text);
  };
  const refuse = (response: ServerResponse, status: number, message: string) => { answer(response, status, { error: { code: 'Base.1.8.GeneralError', message: 'See ExtendedInfo.', '@Message.ExtendedInfo': [{ MessageId: 'Base.1.8.PropertyValueNotInList', Message: message }] } }); };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    let text = '';
    for await (const part of request) text += String(part);
    const body: unknown = text === '' ? null : JSON.parse(text);
    state.requests.push({ method: request.method ?? '', path, authorization: request.headers.authorization, ifMatch: request.headers['if-match'], body });
    const { rawBody, status, staleEtag } = state.faults;
    if (rawBody !== undefined) return void response.writeHead(status ?? 200, { 'content-type': 'application/json' }).end(rawBody);
    if (status !== undefined) return refuse(response, status, 'It is not to be.');
    if (request.headers.authorization !== `Basic ${Buffer.from('operator:näher%20').toString('base64')}`) return refuse(response, 401, 'The credentials are not valid.');
    if (request.method === 'PATCH') {
      if (staleEtag || (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag)) return refuse(response, 412, 'The ETag does not match.');
      const attributes = typeof body === 'object' && body !== null && 'Attributes' in body && typeof body.Attributes === 'object' ? body.Attributes : {};
      if (Object.values(attributes ?? {}).includes('Perhaps')) return refuse(response, 400, 'The value Perhaps for the property ProcTurboMode is not in the list of acceptable values.');
      Object.assign(state.next, attributes);
      etag = 'W/"2"';
      return answer(response, 200, {});
    }
    const found = Object.entries(resources()).find(([name]) => name === path)?.[1];
    if (found === undefined) return refuse(response, 404, `The resource at ${path} was not found.`);
    return answer(response, 200, found, { etag, ...(path.endsWith('Bios.json') ? { 'x-compressed': 'yes' } : {}) });
  };
  const server = createServer({ key: fixture(`${certificate}.key.pem`), cert: fixture(`${certificate}.cert.pem`) }, (request, response) => { void handle(request, response); });
  await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
  const address = server.address();
  return {
    ...state, port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
