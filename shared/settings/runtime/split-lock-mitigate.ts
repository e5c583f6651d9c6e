import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.split-lock-mitigate', key: 'kernel.split_lock_mitigate', value: '0', guides: ['kvm-host'],
  title: 'No punishment for split locks',
  why: 'A guest that locks across two cache lines is slowed down on purpose, for milliseconds at a time.',
  source: 'Linux Documentation/admin-guide/sysctl/kernel.rst, split_lock_mitigate',
  risk: 'performance',
  caution: 'A guest that uses split locks on purpose can then slow every CPU down.',
});
