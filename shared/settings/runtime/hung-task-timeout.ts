import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.hung-task-timeout', key: 'kernel.hung_task_timeout_secs', value: '600', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Hung-task check seldom',
  why: 'The check walks all tasks and holds locks.',
  source: 'tuned realtime profile',
  matches: (value, requested) => value === '0' || Number(value) >= Number(requested),
});
