import { z } from 'zod';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { rtla } from '../packages.ts';

export const benchmark = toolBenchmark({
  id: 'rtla-osnoise', title: 'rtla osnoise', program: 'rtla', order: 31,
  answers: 'How much of a CPU’s time does the operating system take, and by what: interrupts, softirqs, threads?',
  packages: rtla, format: 'rtla', cpus: 'measures each', priority: 1, root: 'needed', tracer: true,
  timed: true, segmentSeconds: null, seconds: 60, live: 'nothing', judged: 'deadline',
  noVerdict: 'Noise is no latency, and there is no general limit for it: set a deadline to have the longest single noise judged.',
  states: ['Runs as a busy loop of the kernel: nothing else gets these CPUs while it is in its run time.'],
  values: z.object({
    periodUs: field(z.number().int().min(1000).max(10_000_000), 'Period', 'Of each period a part is measured.', 'µs'),
    runtimeUs: field(z.number().int().min(500).max(10_000_000), 'Run time', 'That part; not longer than the period.', 'µs'),
  }),
  defaults: { periodUs: 1_000_000, runtimeUs: 950_000 },
  check: (_options, { periodUs, runtimeUs }) => (runtimeUs > periodUs ? [{ field: 'runtimeUs', severity: 'error', message: 'The run time must not be longer than the period.' }] : []),
  command: ({ cpus, priority }, { periodUs, runtimeUs }, { seconds }) => [
    'rtla', 'osnoise', 'top', '-q', '-c', formatCpuList(cpus), '-p', String(periodUs), '-r', String(runtimeUs), ...(priority === null ? [] : ['-P', `f:${priority}`]), '-d', `${seconds}s`,
  ],
});
