import { z } from 'zod';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { rtla } from '../packages.ts';

export const benchmark = toolBenchmark({
  id: 'rtla-hwnoise', title: 'rtla hwnoise', program: 'rtla', order: 32,
  answers: 'How much of a CPU’s time does the hardware or its firmware take, with interrupts off?',
  packages: rtla, format: 'rtla', cpus: 'measures each', priority: 'never', root: 'needed', tracer: true,
  timed: true, segmentSeconds: null, seconds: 60, live: 'nothing', judged: 'deadline',
  noVerdict: 'There is no general limit for this noise: set a deadline to have the longest one judged, or measure with hwlatdetect, which has one.',
  states: ['Interrupts are off while it watches.', 'rtla has hwnoise since kernel 6.3; older ones print their usage and nothing is measured.'],
  values: z.object({
    periodUs: field(z.number().int().min(1000).max(10_000_000), 'Period', 'Of each period a part is watched.', 'µs'),
    runtimeUs: field(z.number().int().min(500).max(10_000_000), 'Run time', 'That part; not longer than the period.', 'µs'),
  }),
  defaults: { periodUs: 1_000_000, runtimeUs: 500_000 },
  check: (_options, { periodUs, runtimeUs }) => (runtimeUs > periodUs ? [{ field: 'runtimeUs', severity: 'error', message: 'The run time must not be longer than the period.' }] : []),
  command: ({ cpus }, { periodUs, runtimeUs }, { seconds }) => ['rtla', 'hwnoise', '-q', '-c', formatCpuList(cpus), '-p', String(periodUs), '-r', String(runtimeUs), '-d', `${seconds}s`],
});
