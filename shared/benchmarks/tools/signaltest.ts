import { z } from 'zod';
import { oneCpu } from '../arguments.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { rtTests } from '../packages.ts';

export const benchmark = toolBenchmark({
  id: 'signaltest', title: 'signaltest', program: 'signaltest', order: 50,
  answers: 'How long does a signal take around a ring of real-time threads?',
  packages: rtTests, format: 'signaltest', cpus: 'measures one', priority: 95, root: 'for its priority', tracer: false,
  timed: true, segmentSeconds: null, seconds: 60, live: 'nothing', judged: 'deadline',
  noVerdict: 'There is no general limit for this latency: set a deadline to have it judged.',
  states: ['A figure is one way around the ring: through every thread of it.'],
  values: z.object({
    threads: field(z.number().int().min(2).max(64), 'Threads', 'How many stand in the ring.'),
    lockMemory: field(z.boolean(), 'Lock memory', 'Page faults are then no part of the result.'),
  }),
  defaults: { threads: 2, lockMemory: true },
  // -aN in one word: `-a 0` is read as an `-a` without a CPU.
  command: (options, { threads, lockMemory }, { seconds }) => [
    'signaltest', '-q', ...(lockMemory ? ['-m'] : []), `-a${oneCpu(options)}`, '-t', String(threads), ...(options.priority === null ? [] : ['-p', String(options.priority)]), '-D', seconds,
  ],
});
