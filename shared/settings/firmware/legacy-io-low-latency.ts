import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.legacy-io-low-latency', title: 'Legacy IO Low Latency', option: 'Enabled',
  menu: 'Intel Advanced Menu → PCH-IO Configuration',
  does: 'Keeps the parts of the chipset awake that old-style input and output go through.',
  why: 'An access to a sleeping part waits for it to wake, and the CPU with it.',
  shows: 'It does not: chipset registers that Linux does not read.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  intelOnly: true,
});
