import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.native-aspm', title: 'Native ASPM', option: 'Disabled',
  menu: 'Intel Advanced Menu → ACPI Settings',
  does: 'Keeps the power saving of PCIe links with the firmware, which leaves it off, instead of handing it to Linux.',
  why: 'A PCIe link that sleeps needs microseconds to wake.',
  shows: 'Link by link under /sys/bus/pci/devices/…/link; the policy alone proves nothing, and pcie_aspm=off leaves what the firmware set.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ capture }) => {
    const all = capture.paths(/\/link\/(?:l0s|l1(?:_[12])?)_aspm$/);
    const awake = all.filter((path) => capture.value(path) === '1');
    const [shown] = awake.length > 0 ? awake : all;
    if (shown !== undefined) return { value: awake.length === 0 ? 'no link saves power' : `${awake.length} link states save power`, matches: awake.length === 0, evidence: capture.evidence(shown) };
    const policy = capture.value('/sys/module/pcie_aspm/parameters/policy');
    return policy === null ? null : { value: `ASPM policy ${policy}`, matches: null, evidence: capture.evidence('/sys/module/pcie_aspm/parameters/policy') };
  },
});
