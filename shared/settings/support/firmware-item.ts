import type { FourStates } from '../../model/setting.ts';
import { lines, noStates, notApplicable, type BoardView, type Setting } from '../setting.ts';

export interface FirmwareItemSpec {
  readonly id: string;
  readonly title: string;
  /** Option to choose, in the words of the menu. */
  readonly option: string;
  /** Where it is in the reference menu; other vendors name things differently. */
  readonly menu: string;
  readonly why: string;
  readonly source: string;
  /** How it shows from Linux. Absent: it does not, and a person has to look. */
  readonly seen?: (board: BoardView) => FirmwareSight | null;
  /** Said where the machine cannot have such an item; null where it can. */
  readonly notApplicable?: (board: BoardView) => string | null;
  readonly caution?: string;
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
      if (board.snapshot.virtualisation.kind === 'vm') return notApplicable('A virtual machine shows the hypervisor’s values, not a firmware’s. Check the host.');
      const reason = spec.notApplicable?.(board) ?? null;
      if (reason !== null) return notApplicable(reason);
      const where = `In the firmware’s set-up: ${spec.menu} → ${spec.title}: ${spec.option}.${spec.caution ? ` ${spec.caution}` : ''}`;
      const sight = spec.seen?.(board) ?? null;
      const states: FourStates = { ...noStates, requested: spec.option, effective: sight?.value ?? null };
      const evidence = lines(sight?.evidence);
      if (sight?.matches === true) return { status: 'ok', stuckAt: null, states, evidence, message: `Seen from Linux: ${sight.value}.${sight.caveat ? ` ${sight.caveat}` : ''}`, fix: null };
      if (sight?.matches === false) return { status: 'change', stuckAt: 'effective', states, evidence, message: `Seen from Linux: ${sight.value}.${sight.caveat ? ` ${sight.caveat}` : ''}`, fix: where };
      return {
        status: 'manual', stuckAt: null, states, evidence,
        message: sight ? `Seen from Linux: ${sight.value}; that does not settle it. A person has to look.` : 'This does not show from Linux. A person has to look and say so.', fix: where,
      };
    },
  };
}
