import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.sched-autogroup', key: 'kernel.sched_autogroup_enabled', value: '0', guides: ['kvm-host', 'bare-metal'],
  title: 'No automatic task groups',
  why: 'Meant for desktops; it changes which housekeeping task runs when.',
  source: 'tuned realtime profile',
});
