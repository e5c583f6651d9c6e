import { z } from 'zod';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { rtTests } from '../packages.ts';

/** A task of the deadline policy must be allowed on every CPU of its root domain, else the kernel refuses it: sched(7), sched-deadline.rst. */
export const benchmark = toolBenchmark({
  id: 'cyclicdeadline', title: 'cyclicdeadline', program: 'cyclicdeadline', order: 40,
  answers: 'How late is the scheduler with tasks of the deadline policy (SCHED_DEADLINE)?',
  packages: rtTests, format: 'cyclicdeadline', cpus: 'runs on', priority: 'never', root: 'for its priority', tracer: false,
  timed: true, segmentSeconds: null, seconds: 60, live: 'nothing', judged: 'deadline',
  noVerdict: 'There is no general limit for this latency: set a deadline to have it judged.',
  states: ['Deadline tasks go where the scheduler balances: isolated CPUs (isolcpus=) are not measured.'],
  values: z.object({
    threads: field(z.number().int().min(1).max(64), 'Threads', 'Each asks for 60 % of a CPU; the kernel admits 95 % of all CPUs together.'),
    intervalUs: field(z.number().int().min(100).max(1_000_000), 'Interval', 'The shortest deadline. Below about 3,300 µs the kernel needs its HRTICK feature.', 'µs'),
    stepUs: field(z.number().int().min(0).max(1_000_000), 'Step', 'How much longer the deadline of each next thread is.', 'µs'),
  }),
  defaults: { threads: 1, intervalUs: 5000, stepUs: 500 },
  check: ({ cpus }, { threads, intervalUs }, snapshot) => [
    ...(threads * 0.6 > cpus.length * 0.95 ? [{ field: 'threads', severity: 'error' as const, message: `${threads} threads at 60 % each are more than the kernel admits on ${cpus.length} CPU${cpus.length === 1 ? '' : 's'}.` }] : []),
    // 60 % of the interval is the run time of a task.
    ...(intervalUs * 0.6 < 2000 ? [{ field: 'intervalUs', severity: 'warning' as const, message: 'Run times under 2 ms need HRTICK among the scheduler’s features (debugfs): without it cyclicdeadline refuses to start. 5,000 µs works everywhere.' }] : []),
    ...(snapshot !== null && snapshot.cpus.online.some((cpu) => !snapshot.cpus.isolated.includes(cpu) && !cpus.includes(cpu))
      ? [{ field: 'cpus', severity: 'warning' as const, message: 'Some CPUs that the scheduler balances over are left out: the kernel then refuses the deadline policy.' }] : []),
  ],
  command: ({ cpus }, { threads, intervalUs, stepUs }, { seconds }) => [
    'taskset', '-c', formatCpuList(cpus), 'cyclicdeadline', '-q', '-t', String(threads), '-i', String(intervalUs), '-s', String(stepUs), '-D', seconds,
  ],
});
