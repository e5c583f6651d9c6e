import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.speedstep', title: 'Intel(R) SpeedStep', option: 'Disabled',
  menu: 'Intel Advanced Menu → Power & Performance → CPU - Power Management Control',
  does: 'Takes the choice of the clock away from the operating system. AMD calls it Cool’n’Quiet or CPPC.',
  why: 'A change of frequency stops the core for tens of microseconds.',
  shows: 'As a missing frequency driver in /sys/devices/system/cpu/cpu0/cpufreq; intel_pstate=disable looks the same.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ snapshot: { frequency }, capture }) => {
    if (frequency.driver === null) {
      return capture.exists('/sys/devices/system/cpu/cpu0/cpufreq') ? null : {
        value: 'no frequency driver is active', matches: null, evidence: '/sys/devices/system/cpu/cpu0/cpufreq: not there', caveat: 'The firmware or the command line can be the reason.',
      };
    }
    const single = frequency.minKhz !== null && frequency.minKhz === frequency.maxKhz;
    return {
      value: `driver ${frequency.driver}${single ? ', one frequency' : ''}`, matches: single,
      evidence: capture.paths(/cpufreq\/policy\d+\/scaling_driver$/).map((path) => capture.evidence(path))[0] ?? null,
    };
  },
});
