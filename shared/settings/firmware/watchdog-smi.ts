import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.tco-smi', title: 'Chipset watchdog by SMI', option: 'Disabled',
  menu: 'platform specific',
  why: 'Some firmware serves the chipset’s watchdog with an interrupt of its own (SMI).',
  source: 'Real-time KVM talk, Hardware pitfalls',
  caution: 'Do not switch SMIs off wholesale: they protect against overheating and hardware errors.',
});
