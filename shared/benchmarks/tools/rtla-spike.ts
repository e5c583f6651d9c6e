import { z } from 'zod';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { rtla } from '../packages.ts';
import { hasUserThreads } from './rtla-timerlat.ts';

/** For diagnosis: the tracer takes the first late response apart, and its words become the cause that the run's page names. No trace file is kept. */
export const benchmark = toolBenchmark({
  id: 'rtla-spike', title: 'rtla timerlat: the first late response', program: 'rtla', order: 31,
  answers: 'What was the first response later than a limit made of: the firmware, an idle state, interrupts, softirqs or other threads?',
  packages: rtla, format: 'rtla', cpus: 'measures each', priority: 95, root: 'needed', tracer: true,
  timed: false, segmentSeconds: null, seconds: 600, live: 'nothing', judged: 'none',
  noVerdict: 'This is a diagnosis and no measurement: it ends with the first response that is late. See Why.',
  states: ['The run ends with the first response later than the limit. rtla takes it apart from version 6.3 on; older ones only stop.'],
  values: z.object({
    limitUs: field(z.number().int().min(1).max(1_000_000), 'Limit', 'The first response that is later ends the run and is taken apart.', 'µs'),
    periodUs: field(z.number().int().min(100).max(1_000_000), 'Period', 'How often each CPU’s timer fires.', 'µs'),
  }),
  defaults: { limitUs: 100, periodUs: 1000 },
  command: ({ cpus, priority }, { limitUs, periodUs }, { seconds, toolVersion }) => [
    'rtla', 'timerlat', 'top', '-q', ...(hasUserThreads(toolVersion) ? ['-k'] : []), '-c', formatCpuList(cpus), '-p', String(periodUs), '-T', String(limitUs), '-s', String(limitUs),
    ...(priority === null ? [] : ['-P', `f:${priority}`]), '-d', `${seconds}s`,
  ],
});
