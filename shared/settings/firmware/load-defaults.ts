import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.load-defaults', title: 'Load Defaults, then Save Changes and Reset', option: 'done',
  menu: 'Exit menu; the set-up opens with Delete or F2 at power-on',
  why: 'Begin from a known state, restart, and come back: some items appear only then.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
});
