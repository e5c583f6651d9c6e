import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.pcie-clock-gating', title: 'PCI Express Clock Gating', option: 'Disabled',
  menu: 'Intel Advanced Menu → System Agent (SA) Configuration → PCI Express Configuration',
  why: 'The clock of a link is stopped and has to start again.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
});
