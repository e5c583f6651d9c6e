import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.legacy-usb', title: 'Legacy USB Support', option: 'Disabled',
  menu: 'Intel Advanced Menu → USB Configuration',
  why: 'To play a PS/2 keyboard the firmware interrupts everything (SMI).',
  source: 'Real-time KVM talk, Hardware pitfalls',
  caution: 'A USB keyboard may then not work in the firmware’s menu or the boot loader.',
});
