import { lineNaming } from '../support/boot-writes.ts';
import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.timer-migration', key: 'kernel.timer_migration', value: '0', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Timers stay on their CPU',
  why: 'A timer armed by a real-time task may be moved to a busier CPU, whose interrupt then has to be sent back.',
  source: 'ACRN Real-Time VM Performance Tips, Miscellaneous (the path printed there lacks /sys)',
  hint: ({ capture }) => {
    const found = lineNaming(capture, '/proc/kernel/timer_migration') ?? lineNaming(capture, 'proc/kernel/timer_migration');
    return found === null ? null : { evidence: found.evidence, message: `${found.file} names /proc/kernel/timer_migration: there is no such file, and nobody says so. It is /proc/sys/kernel/timer_migration.` };
  },
});
