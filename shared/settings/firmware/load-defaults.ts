import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.load-defaults', title: 'Load Defaults, then Save Changes and Reset', option: 'done',
  menu: 'Exit menu',
  does: 'Puts every item back to what the manufacturer ships; after the restart the set-up is opened again and the other items are changed.',
  why: 'Begin from a known state: leftovers of earlier trials are gone, and some items appear only then.',
  shows: 'It does not: the default set is known to the firmware alone.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  caution: 'Boot order, RAID mode and a password of the set-up may be reset too: note them first.',
});
