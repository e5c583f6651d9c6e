import type { PerCpu } from './interrupt-table.ts';

/**
 * How often a task other than the idle one was put on each CPU: the last field of the `cpuN` lines of /proc/schedstat
 * (timeslices run). It is counted whether kernel.sched_schedstats is on or not; the fields before are not.
 * Source: Linux Documentation/scheduler/sched-stats.rst, kernel/sched/stats.h. Versions 14 to 17 have nine fields. Total.
 */
export function parseTaskSwitches(text: string): PerCpu {
  const counts = new Map<number, number>();
  for (const line of text.split('\n')) {
    const [, cpu, fields = ''] = /^cpu(\d{1,4}) ((?:\d{1,20} ?){9})$/.exec(line.trim()) ?? [];
    const count = Number(fields.trim().split(' ')[8]);
    if (cpu !== undefined && Number.isSafeInteger(count)) counts.set(Number(cpu), count);
  }
  return counts;
}
