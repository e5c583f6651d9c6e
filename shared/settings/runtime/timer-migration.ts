import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.timer-migration', key: 'kernel.timer_migration', value: '0', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Timers stay on their CPU',
  why: 'A timer armed by a real-time task may be moved to a busier CPU, whose interrupt then has to be sent back.',
  source: 'ACRN Real-Time VM Performance Tips, Miscellaneous (the path printed there lacks /sys)',
});
