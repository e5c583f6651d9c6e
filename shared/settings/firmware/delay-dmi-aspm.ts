import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.delay-dmi-aspm', title: 'Delay Enable DMI ASPM', option: 'Disabled',
  menu: 'Intel Advanced Menu → PCH-IO Configuration → PCI Express Configuration',
  why: 'Power saving on the link to the chipset comes back later.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  notApplicable: ({ snapshot: { cpus } }) => (cpus.vendor !== null && cpus.vendor !== 'GenuineIntel' ? 'An item of Intel machines.' : null),
});
