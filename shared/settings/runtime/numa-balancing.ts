import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.numa-balancing', key: 'kernel.numa_balancing', value: '0', guides: ['kvm-host', 'bare-metal'],
  title: 'No NUMA balancing now',
  why: 'The kernel unmaps pages to see who uses them: each costs a page fault.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel; tuned latency-performance',
  byDefault: '0',
  notAskedFor: ({ snapshot: { numaNodes } }) => (numaNodes.length < 2 ? 'This board has one NUMA node.' : null),
});
