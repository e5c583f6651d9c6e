import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.memory-scrub', title: 'Memory patrol scrub and error reports by SMI', option: 'OS first, or Disabled',
  menu: 'Memory Configuration or Server Management',
  does: 'Leaves corrected memory errors to the operating system instead of the firmware.',
  why: 'Firmware that handles corrected memory errors itself stops all CPUs for milliseconds.',
  shows: 'Only as a growing SMI count, which names no source.',
  source: 'Real-time KVM talk, Hardware pitfalls',
  caution: 'Failing memory is then noticed only by the system: have it read (EDAC, rasdaemon).',
  tradesSafety: true,
});
