import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.dirty-background-ratio', key: 'vm.dirty_background_ratio', value: '3', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Writing back begins early',
  why: 'Small portions, written steadily by the kernel’s own threads on housekeeping CPUs, rather than much at once.',
  source: 'tuned latency-performance; Linux Documentation/admin-guide/sysctl/vm.rst',
  matches: (value, requested) => Number(value) <= Number(requested),
});
