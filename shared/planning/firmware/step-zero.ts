import type { Snapshot } from '../../model/snapshot.ts';

/** Step 0 of the firmware guide: in, to a known state, out, and in again. Source: Intel ECI guide, Host Configuration: BIOS, steps 1 and 2. */
export interface StepZero {
  /** Keys that open the set-up on this board. */
  readonly keys: string;
  /** Whether the keys are this manufacturer's, or the usual ones. */
  readonly known: boolean;
  readonly steps: readonly string[];
  /** Opens the set-up with the next start without pressing a key; null where the firmware is no UEFI. */
  readonly command: string | null;
}

/** Manufacturers by what DMI calls them, with the key their manuals name for the set-up. */
const keysByVendor: ReadonlyArray<readonly [vendor: RegExp, keys: string]> = [
  [/dell/i, 'F2'],
  [/lenovo/i, 'F1 (ThinkPad, ThinkCentre, ThinkStation, ThinkSystem; on some, Enter first)'],
  [/hewlett packard enterprise|hpe\b/i, 'F9'],
  [/^hp\b|hewlett-packard|hp inc/i, 'F10 (or Escape, then F10)'],
  [/supermicro/i, 'Delete'],
  [/fujitsu/i, 'F2'],
  [/siemens/i, 'F2 (or Escape, then Setup)'],
  [/intel\b/i, 'F2'],
  [/asus|aaeon|asrock|gigabyte|micro-star|\bmsi\b|advantech|kontron|congatec|beckhoff|axiomtek|adlink/i, 'Delete (on some boards F2)'],
  [/qemu/i, 'Escape'],
];

export function stepZero({ vendor, board, firmware }: Pick<Snapshot['identity'], 'vendor' | 'board' | 'firmware'>): StepZero {
  const found = [vendor, board, firmware.vendor].flatMap((name) => (name === null ? [] : keysByVendor.filter(([pattern]) => pattern.test(name))))[0];
  const keys = found?.[1] ?? 'Delete or F2';
  return {
    keys, known: found !== undefined,
    steps: [
      `Restart the board and press ${keys} again and again while it starts, until the set-up opens.`,
      'Note what must stay as it is: boot order, RAID mode, passwords.',
      'Choose Restore Defaults or Load Defaults.',
      'Choose Save Changes and Reset.',
      `Open the set-up again (${keys}) and change the items of this guide, as many as this firmware has.`,
      'Save, restart, read the board again: what shows from Linux is then proven.',
    ],
    command: firmware.kind === 'uefi' ? 'systemctl reboot --firmware-setup' : null,
  };
}
