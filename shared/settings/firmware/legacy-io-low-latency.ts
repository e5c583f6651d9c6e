import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.legacy-io-low-latency', title: 'Legacy IO Low Latency', option: 'Enabled',
  menu: 'Intel Advanced Menu → PCH-IO Configuration',
  why: 'Keeps parts of the chipset awake that old-style input and output need.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  notApplicable: ({ snapshot: { cpus } }) => (cpus.vendor !== null && cpus.vendor !== 'GenuineIntel' ? 'An item of Intel machines.' : null),
});
