import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.usb-periodic-smi', title: 'USB Periodic SMI', option: 'Disabled',
  menu: 'Intel Advanced Menu → LEGACY USB Configuration',
  why: 'The firmware takes the whole machine several times a second to look after USB devices (SMI), unseen by Linux.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
});
