import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.tcc-mode', title: 'Intel TCC Mode', option: 'Enabled',
  menu: 'Intel Advanced Menu → Intel Time Coordinated Computing',
  does: 'Sets many of the other items (idle states, link power saving, clocks) at once.',
  why: 'One item that sets many of the others for real time, where the firmware has it.',
  shows: 'It does not as such: it fans out to other items, and those show.',
  source: 'Intel Time Coordinated Computing documentation',
  intelOnly: true,
});
