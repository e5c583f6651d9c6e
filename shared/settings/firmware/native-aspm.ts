import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.native-aspm', title: 'Native ASPM', option: 'Disabled',
  menu: 'Intel Advanced Menu → ACPI Settings',
  why: 'A PCIe link that sleeps needs microseconds to wake.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ capture }) => {
    const awake = capture.paths(/\/link\/(?:l0s|l1(?:_[12])?)_aspm$/).filter((path) => capture.value(path) === '1');
    const all = capture.paths(/\/link\/(?:l0s|l1(?:_[12])?)_aspm$/);
    if (all.length === 0) return null;
    return { value: awake.length === 0 ? 'no link saves power' : `${awake.length} links save power`, matches: awake.length === 0, evidence: capture.evidence(awake[0] ?? all[0] ?? '') };
  },
});
