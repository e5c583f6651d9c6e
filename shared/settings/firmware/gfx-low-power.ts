import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.gfx-low-power', title: 'Gfx Low Power Mode', option: 'Disabled',
  menu: 'Intel Advanced Menu → System Agent (SA) Configuration → Graphics Configuration',
  does: 'Keeps the graphics unit from a low power mode of its own.',
  why: 'The graphics unit changes power states.',
  shows: 'It does not: no register that Linux reads tells of it.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  intelOnly: true,
});
