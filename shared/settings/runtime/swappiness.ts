import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.swappiness', key: 'vm.swappiness', value: '10', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Little swapping',
  why: 'A page that was swapped out costs milliseconds when it is touched.',
  source: 'Real-time KVM talk, “Doctor, it hurts when I …”',
  matches: (value, requested) => Number(value) <= Number(requested),
  notAskedFor: ({ snapshot }) => (snapshot.memory.swapBytes === 0 ? 'There is no swap.' : null),
});
