import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.speedstep', title: 'Intel(R) SpeedStep', option: 'Disabled',
  menu: 'Intel Advanced Menu → Power & Performance → CPU - Power Management Control',
  why: 'A change of frequency stops the core for tens of microseconds.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ snapshot: { frequency }, capture }) => (frequency.driver === null ? (capture.exists('/sys/devices/system/cpu/cpu0/cpufreq') ? null : {
    value: 'no frequency driver is active', matches: null, evidence: '/sys/devices/system/cpu/cpu0/cpufreq: not there', caveat: 'The firmware or the command line can be the reason.',
  }) : { value: `driver ${frequency.driver}${frequency.minKhz !== null && frequency.minKhz === frequency.maxKhz ? ', one frequency' : ''}`, matches: frequency.minKhz !== null && frequency.minKhz === frequency.maxKhz, evidence: capture.paths(/cpufreq\/policy\d+\/scaling_driver$/).map((path) => capture.evidence(path))[0] ?? null }),
});
