import { z } from 'zod';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { rtTests } from '../packages.ts';

/** `-D` in plain seconds; there is no `--D`, whatever documents show. The main thread's CPU is CPU 0 unless named. */
export const benchmark = toolBenchmark({
  id: 'oslat', title: 'oslat', program: 'oslat', order: 10,
  answers: 'For how long is a busy real-time loop interrupted, by anything: interrupts, firmware, the hypervisor?',
  packages: rtTests, format: 'oslat', cpus: 'measures each', priority: 1, root: 'for its priority', tracer: false,
  timed: true, segmentSeconds: 600, seconds: 60, live: 'nothing', judged: 'limits',
  noVerdict: 'No gap was measured.',
  states: [
    'oslat prints a gap of 3.2 µs as 4 µs; here it is told as 3, as cyclictest would.',
    'The limits are those for wake-up latencies; gaps of a busy loop have none of their own.',
  ],
  values: z.object({
    buckets: field(z.number().int().min(5).max(1024), 'Buckets', 'Gaps of so many µs are counted one by one; longer ones together.', 'µs'),
    workload: field(z.enum(['no', 'memmove']), 'Work in the loop', 'memmove copies memory between two readings of the clock.'),
    bias: field(z.boolean(), 'Subtract the minimum', 'Takes the shortest gap of the warm-up off every figure.'),
  }),
  defaults: { buckets: 256, workload: 'no', bias: false },
  check: ({ cpus, priority }, _values, snapshot) => [
    ...(priority !== null && cpus.includes(0) ? [{ field: 'cpus', severity: 'warning' as const, message: 'A busy real-time loop on CPU 0 may hang the board for the time of the run: measure other CPUs, or take no priority.' }] : []),
    ...(priority !== null && (snapshot?.limits.rtRuntimeUs ?? -1) >= 0 ? [{ field: 'board', severity: 'note' as const, message: 'This kernel limits real-time tasks (kernel.sched_rt_runtime_us is not -1): the limit itself may show as gaps of 50 ms.' }] : []),
  ],
  command: ({ cpus, mainCpus, priority }, { buckets, workload, bias }, { seconds }) => [
    'oslat', '-q', '-c', formatCpuList(cpus), ...(mainCpus[0] === undefined ? [] : ['-C', String(mainCpus[0])]),
    ...(priority === null ? [] : ['-f', String(priority)]), '-b', String(buckets), ...(workload === 'no' ? [] : ['-w', workload]), ...(bias ? ['-B'] : []), '-D', seconds,
  ],
});
