import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.console-redirection', title: 'Console redirection after boot, virtual media of the management controller', option: 'Disabled',
  menu: 'Server Management, or Serial Port Console Redirection',
  does: 'Stops the firmware from serving a management console once the system runs.',
  why: 'A management console played by the firmware is served in system management mode, with every CPU stopped.',
  shows: 'Only as a growing SMI count, which names no source, or as gaps found by hwlatdetect.',
  source: 'Real-time KVM talk, Hardware pitfalls',
  caution: 'Keep another way to the console of the board before switching it off.',
});
