import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.c-states', title: 'C States', option: 'Disabled',
  menu: 'Intel Advanced Menu → Power & Performance → CPU - Power Management Control',
  why: 'Deep idle states take up to hundreds of microseconds to leave.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ snapshot: { idle } }) => (idle.states.length === 0 ? null : {
    value: `idle states ${idle.states.map(({ name }) => name).join(', ')} (driver ${idle.driver ?? 'unknown'})`,
    matches: idle.states.every(({ exitLatencyUs }) => (exitLatencyUs ?? 0) <= 10) ? true : null,
    evidence: `/sys/devices/system/cpu/cpu*/cpuidle: ${idle.states.map(({ name, exitLatencyUs }) => `${name} ${exitLatencyUs ?? '?'} µs`).join(', ')}`, caveat: 'Idle drivers can offer states whatever the firmware says.',
  }),
});
