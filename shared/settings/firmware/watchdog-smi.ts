import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.tco-smi', title: 'Chipset watchdog by SMI', option: 'Disabled',
  menu: 'platform specific (TCO timer, OS watchdog)',
  does: 'Keeps the chipset’s watchdog from being served by the firmware.',
  why: 'Some firmware serves the chipset’s watchdog with an interrupt of its own (SMI).',
  shows: 'It does not: the registers that enable it are locked.',
  source: 'Real-time KVM talk, Hardware pitfalls',
  caution: 'A hung board is then not restarted by the firmware: let the system serve the watchdog.',
  tradesSafety: true,
});
