import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.watchdog', key: 'kernel.watchdog', value: '0', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Lockup detectors off',
  why: 'Their threads and timers run on every CPU that is not nohz_full.',
  source: 'tuned realtime profile',
});
