import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.gfx-low-power', title: 'Gfx Low Power Mode', option: 'Disabled',
  menu: 'Intel Advanced Menu → System Agent (SA) Configuration → Graphics Configuration',
  why: 'The graphics unit changes power states.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  notApplicable: ({ snapshot: { cpus } }) => (cpus.vendor !== null && cpus.vendor !== 'GenuineIntel' ? 'An item of Intel machines.' : null),
});
