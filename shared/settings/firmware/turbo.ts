import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.turbo', title: 'Turbo Mode', option: 'Disabled',
  menu: 'Intel Advanced Menu → Power & Performance → CPU - Power Management Control',
  does: 'Keeps the clock at or below its base. AMD calls it Core Performance Boost.',
  why: 'The clock changes with load and heat of all cores, and response times with it.',
  shows: 'In intel_pstate/no_turbo or cpufreq/boost: whether it is on, not who switched it off.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ snapshot: { frequency } }) => (frequency.turbo === null ? null : {
    value: frequency.turbo ? 'turbo is on' : 'turbo is off', matches: !frequency.turbo, evidence: frequency.turboEvidence,
    caveat: frequency.turbo ? '' : 'The firmware or the system can have switched it off.',
  }),
});
