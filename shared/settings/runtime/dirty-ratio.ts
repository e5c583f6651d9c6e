import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.dirty-ratio', key: 'vm.dirty_ratio', value: '10', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Tasks write back early',
  why: 'At this share of the memory every task that writes has to write back itself, for as long as the disk takes; less memory makes that wait shorter.',
  source: 'tuned latency-performance; Linux Documentation/admin-guide/sysctl/vm.rst',
  matches: (value, requested) => Number(value) <= Number(requested),
});
