import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.c-states', title: 'C States', option: 'Disabled',
  menu: 'Intel Advanced Menu → Power & Performance → CPU - Power Management Control',
  does: 'Hides the deep idle states, and those of the package, from the operating system.',
  why: 'Deep idle states take up to hundreds of microseconds to leave.',
  shows: 'In cpuidle, state by state with its exit latency. intel_idle has tables of its own and can offer states whatever the firmware says.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ snapshot: { idle } }) => (idle.states.length === 0 ? null : {
    value: `idle states ${idle.states.map(({ name }) => name).join(', ')} (driver ${idle.driver ?? 'unknown'})`,
    matches: idle.states.every(({ exitLatencyUs }) => exitLatencyUs !== null && exitLatencyUs <= 10) ? true : null,
    evidence: `/sys/devices/system/cpu/cpu*/cpuidle: ${idle.states.map(({ name, exitLatencyUs }) => `${name} ${exitLatencyUs ?? '?'} µs`).join(', ')}`,
  }),
});
