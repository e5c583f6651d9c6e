import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.smi-wholesale', title: 'All SMIs off (global SMI enable)', option: 'left as shipped',
  menu: 'hidden or debug menus, or tools that write the chipset’s SMI enable register',
  does: 'Where it exists, it silences the firmware altogether, its protections included.',
  why: 'It looks like the cure for every SMI; single sources are to be switched off instead.',
  shows: 'It does not; an SMI count that never grows may be its trace.',
  source: 'Real-time KVM talk, Hardware pitfalls',
  caution: 'SMIs protect against overheating, hardware errors and a wrong power state: without them the machine can be damaged. Do not switch them off wholesale.',
  tradesSafety: true,
});
