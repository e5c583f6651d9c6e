import { z } from 'zod';
import { oneCpu } from './arguments.ts';
import { toolBenchmark, type ToolBenchmark } from './benchmark.ts';
import { field } from './fields.ts';
import { rtTests } from './packages.ts';

/**
 * rt-tests’ pairs of threads: one wakes the other, and the time between is measured. `-aN` is written in one word, because
 * `-a 0` is read as an `-a` without a CPU. svsematest’s usage does not name `-q`; it takes it all the same. It makes the key of
 * its semaphores of the file that `$_` names, which bash sets and sh does not: without one it ends at once with status 0.
 * All of it as rt-tests 2.4 does.
 */
export function pairTool(id: 'pmqtest' | 'ptsematest' | 'svsematest' | 'sigwaittest', order: number, answers: string): ToolBenchmark {
  return toolBenchmark({
    id, title: id, program: id, order, answers,
    packages: rtTests, format: id, cpus: 'measures one', priority: 95, root: 'for its priority', tracer: false,
    timed: true, segmentSeconds: null, seconds: 60, live: 'nothing', judged: 'deadline',
    noVerdict: 'There is no general limit for this latency: set a deadline to have it judged.',
    states: ['Both threads of the pair run on the CPU that is measured: crossing to another CPU is not part of it.'],
    values: z.object({
      intervalUs: field(z.number().int().min(20).max(10_000_000), 'Interval', 'How often the pair measures.', 'µs'),
    }),
    defaults: { intervalUs: 1000 },
    command: (options, { intervalUs }, { seconds }) => [
      ...(id === 'svsematest' ? ['env', '_=/bin/sh'] : []), id, '-q', `-a${oneCpu(options)}`, '-t1', ...(options.priority === null ? [] : ['-p', String(options.priority)]), '-i', String(intervalUs), '-D', seconds,
    ],
  });
}
