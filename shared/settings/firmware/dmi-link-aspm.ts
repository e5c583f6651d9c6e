import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.dmi-link-aspm', title: 'DMI Link ASPM', option: 'Disabled',
  menu: 'Intel Advanced Menu → PCH-IO Configuration → PCI Express Configuration',
  does: 'Keeps the link between processor and chipset awake.',
  why: 'The link to the chipset sleeps and has to wake for every device behind it.',
  shows: 'It does not: the link between processor and chipset has no entry of its own in Linux.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  intelOnly: true,
});
