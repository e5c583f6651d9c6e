import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.pch-cross-throttling', title: 'PCH Cross Throttling', option: 'Disabled',
  menu: 'Intel Advanced Menu → PCH-IO Configuration',
  why: 'Processor and chipset slow each other down for heat.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  notApplicable: ({ snapshot: { cpus } }) => (cpus.vendor !== null && cpus.vendor !== 'GenuineIntel' ? 'An item of Intel machines.' : null),
  caution: 'It is a protection against heat: see that cooling suffices.',
});
