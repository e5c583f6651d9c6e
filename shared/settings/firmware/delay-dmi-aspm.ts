import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.delay-dmi-aspm', title: 'Delay Enable DMI ASPM', option: 'Disabled',
  menu: 'Intel Advanced Menu → PCH-IO Configuration → PCI Express Configuration',
  does: 'Keeps the firmware from switching power saving of the chipset’s link on after the start.',
  why: 'Power saving on the link to the chipset comes back later.',
  shows: 'It does not: the link between processor and chipset has no entry of its own in Linux.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  intelOnly: true,
});
