import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.intel-idle', parameter: 'intel_idle.max_cstate', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Intel idle driver off',
  why: 'Deep idle states take up to hundreds of microseconds to leave.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel; ACRN Real-Time VM Performance Tips',
  requested: ({ snapshot: { cpus, virtualisation } }) => (cpus.vendor !== null && cpus.vendor !== 'GenuineIntel' ? { notAskedFor: 'This is a driver for Intel processors.' } : virtualisation.kind === 'vm' ? { notAskedFor: 'Idle states of a virtual machine are the host’s business; see idle=poll.' } : { value: '0' }),
  effect: ({ snapshot: { idle }, capture }) => ({
    value: idle.driver === null ? null : `driver ${idle.driver}`, matches: idle.driver === null ? null : idle.driver !== 'intel_idle',
    evidence: capture.evidence('/sys/devices/system/cpu/cpuidle/current_driver'),
  }),
});
