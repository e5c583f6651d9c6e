import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.compaction', key: 'vm.compaction_proactiveness', value: '0', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No compaction in advance',
  why: 'The kernel moves pages to make room for huge ones: whoever touches a page on the move waits.',
  source: 'Linux Documentation/admin-guide/sysctl/vm.rst, compaction_proactiveness',
});
