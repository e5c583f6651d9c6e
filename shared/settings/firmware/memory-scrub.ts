import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.memory-scrub', title: 'Memory patrol scrub and error reports by SMI', option: 'OS first, or Disabled',
  menu: 'Memory Configuration or Server Management',
  why: 'Firmware that handles corrected memory errors itself stops all CPUs for milliseconds.',
  source: 'Real-time KVM talk, Hardware pitfalls',
  caution: 'Errors should then be read by the system (EDAC).',
});
