import type { ManagementReading } from '../../model/redfish.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { redfishAttributesFor } from './attribute-names.ts';
import type { AttributeOfSetting } from './firmware-attributes.ts';
import { systemsOfBoard } from './systems-of-board.ts';

/** What a board's management controller said of one setting, while the board runs on as it did then; else nothing. */
export function managementAttributes(reading: ManagementReading | null, { bootId, identity }: Pick<Snapshot, 'bootId' | 'identity'>, settingId: string): AttributeOfSetting[] {
  if (reading === null || bootId === null || reading.bootId !== bootId) return [];
  const [system, ...others] = systemsOfBoard(reading.systems, identity.uuid);
  if (system === undefined || others.length > 0) return [];
  return redfishAttributesFor(settingId).flatMap(({ name, wanted }) => {
    const attribute = system.attributes.find((one) => one.name === name);
    if (!attribute) return [];
    const value = attribute.next === null ? null : String(attribute.next);
    return [{
      driver: 'management controller', wanted, pending: attribute.next !== attribute.value, passwordSet: false, asAsked: value === null ? null : wanted.includes(value),
      attribute: { name, value, possible: attribute.possible, path: `management controller, ${system.system}, ${name}` },
    }];
  });
}
