import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.numa-balancing', parameter: 'numa_balancing', guides: ['kvm-host', 'bare-metal'],
  title: 'No automatic NUMA balancing',
  why: 'The kernel unmaps pages to see who uses them: each costs a page fault.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel',
  requested: ({ snapshot: { kernel, numaNodes } }) => (kernel.realtime ? { notAskedFor: 'PREEMPT_RT kernels are built without it.' } : numaNodes.length < 2 ? { notAskedFor: 'This board has one NUMA node.' } : { value: 'disable' }),
  effect: ({ capture }) => {
    const value = capture.value('/proc/sys/kernel/numa_balancing');
    return { value, matches: value === null ? null : value === '0', evidence: capture.evidence('/proc/sys/kernel/numa_balancing') };
  },
});
