import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.tcc-mode', title: 'Intel TCC Mode', option: 'Enabled',
  menu: 'Intel Advanced Menu → Intel Time Coordinated Computing',
  why: 'One item that sets many of the others for real time, where the firmware has it.',
  source: 'Intel Time Coordinated Computing documentation',
  notApplicable: ({ snapshot: { cpus } }) => (cpus.vendor !== null && cpus.vendor !== 'GenuineIntel' ? 'An item of Intel machines.' : null),
});
