import { pathsBelow } from '../support/paths-below.ts';
import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.intel-pstate', parameter: 'intel_pstate', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No frequency changes by the driver',
  why: 'A change of frequency stops the core for tens of microseconds.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel; ACRN Real-Time VM Performance Tips',
  requested: ({ snapshot: { cpus, virtualisation } }) => (cpus.vendor !== null && cpus.vendor !== 'GenuineIntel' ? { notAskedFor: 'This is a driver for Intel processors.' } : virtualisation.kind === 'vm' ? { notAskedFor: 'A virtual machine has no say in the frequency.' } : { value: 'disable' }),
  effect: ({ snapshot: { frequency }, capture }) => ({
    value: frequency.driver === null ? (frequency.status ?? 'no frequency driver') : `driver ${frequency.driver}`,
    matches: frequency.driver === null ? null : !['intel_pstate', 'intel_cpufreq'].includes(frequency.driver),
    evidence: capture.evidence(pathsBelow(capture, '/sys/devices').find((path) => path.endsWith('/scaling_driver')) ?? ''),
  }),
});
