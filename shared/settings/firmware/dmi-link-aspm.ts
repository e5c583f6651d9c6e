import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.dmi-link-aspm', title: 'DMI Link ASPM', option: 'Disabled',
  menu: 'Intel Advanced Menu → PCH-IO Configuration → PCI Express Configuration',
  why: 'The link to the chipset sleeps and has to wake for every device behind it.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  notApplicable: ({ snapshot: { cpus } }) => (cpus.vendor !== null && cpus.vendor !== 'GenuineIntel' ? 'An item of Intel machines.' : null),
});
