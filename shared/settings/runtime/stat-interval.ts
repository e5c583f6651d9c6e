import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.stat-interval', key: 'vm.stat_interval', value: '10', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Memory statistics seldom',
  why: 'Every CPU folds its memory counters each second.',
  source: 'tuned realtime profile',
  matches: (value, requested) => Number(value) >= Number(requested),
});
