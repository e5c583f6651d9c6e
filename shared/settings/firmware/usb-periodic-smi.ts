import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.usb-periodic-smi', title: 'USB Periodic SMI', option: 'Disabled',
  menu: 'Intel Advanced Menu → LEGACY USB Configuration',
  does: 'Stops the timer by which the firmware serves USB devices itself.',
  why: 'The firmware takes the whole machine several times a second to look after USB devices (SMI), unseen by Linux.',
  shows: 'Only as a growing SMI count, which names no source, or as gaps found by hwlatdetect.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
});
