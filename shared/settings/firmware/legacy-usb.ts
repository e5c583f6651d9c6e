import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.legacy-usb', title: 'Legacy USB Support', option: 'Disabled',
  menu: 'Intel Advanced Menu → USB Configuration',
  does: 'Stops the emulation of PS/2 keyboard and mouse (ports 60h and 64h) by USB devices.',
  why: 'To play a PS/2 keyboard the firmware interrupts everything (SMI).',
  shows: 'Only as a growing SMI count, which names no source, or as gaps found by hwlatdetect.',
  source: 'Real-time KVM talk, Hardware pitfalls',
  caution: 'A USB keyboard may then not work in the firmware’s menu or the boot loader: have another way in.',
});
