import { attributesOfSetting, firmwareAttributesIn } from '../../planning/firmware/firmware-attributes.ts';
import { managementAttributes } from '../../planning/firmware/management-attributes.ts';
import { notApplicable, type BoardView, type Setting } from '../setting.ts';
import { judgeFirmware } from './judge-firmware.ts';

export interface FirmwareItemSpec {
  readonly id: string;
  readonly title: string;
  /** Option to choose, in the words of the menu. */
  readonly option: string;
  /** Where it is in the reference menu; other vendors name things differently. */
  readonly menu: string;
  /** What the item does. */
  readonly does: string;
  /** Why that matters for real time. */
  readonly why: string;
  readonly source: string;
  /** How it shows from Linux; without `seen`, why it does not. */
  readonly shows: string;
  readonly seen?: (board: BoardView) => FirmwareSight | null;
  /** Said where the machine cannot have such an item; null where it can. */
  readonly notApplicable?: (board: BoardView) => string | null;
  /** Only Intel machines have it. */
  readonly intelOnly?: true;
  readonly caution?: string;
  /** The option gives away a protection. */
  readonly tradesSafety?: true;
}

export interface FirmwareSight {
  readonly value: string;
  /** null: it shows something, which does not settle the matter. */
  readonly matches: boolean | null;
  readonly evidence: string | null;
  /** Who else could have caused what is seen. */
  readonly caveat?: string;
}

/** An item of the firmware's set-up: proven from the running system where it shows, else attested by a person. */
export function firmwareItem(spec: FirmwareItemSpec): Setting {
  return {
    id: spec.id, layer: 'firmware', title: spec.title, why: spec.why, source: spec.source, guides: ['firmware'],
    assess: (board) => {
      if (board.snapshot.virtualisation.kind === 'vm' || board.snapshot.cpus.flags.includes('hypervisor')) return notApplicable('A virtual machine shows the hypervisor’s values, not a firmware’s. Check the host.');
      const { vendor } = board.snapshot.cpus;
      if (spec.intelOnly && vendor !== null && vendor !== 'GenuineIntel') return notApplicable('An item of Intel machines.');
      const reason = spec.notApplicable?.(board) ?? null;
      if (reason !== null) return notApplicable(reason);
      return judgeFirmware({
        spec,
        sight: spec.seen?.(board) ?? null,
        attributes: [...attributesOfSetting(firmwareAttributesIn(board.capture), spec.id), ...managementAttributes(board.management, board.snapshot, spec.id)],
        entry: board.checklist?.entries.find(({ settingId }) => settingId === spec.id) ?? null,
        firmware: board.snapshot.identity.firmware,
      });
    },
  };
}
