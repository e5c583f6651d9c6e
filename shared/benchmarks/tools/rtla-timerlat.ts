import { z } from 'zod';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { rtla } from '../packages.ts';

/** Threads of user space are the default of 6.12, and `-k` asks for the kernel's, the only ones that 6.1 has: there `-k` gives the usage and status 0. */
export function hasUserThreads(version: string | null): boolean {
  const [, major = 0, minor = 0] = (/^(\d{1,3})\.(\d{1,3})/.exec(version ?? '') ?? []).map(Number);
  return major > 6 || (major === 6 && minor >= 12);
}

export const benchmark = toolBenchmark({
  id: 'rtla-timerlat', title: 'rtla timerlat', program: 'rtla', order: 30,
  answers: 'How late are the timer’s interrupt and the thread it wakes, each by itself, as the kernel’s tracer sees it?',
  packages: rtla, format: 'rtla', cpus: 'measures each', priority: 95, root: 'needed', tracer: true,
  timed: true, segmentSeconds: 600, seconds: 60, live: 'nothing', judged: 'limits',
  noVerdict: 'No latency was measured.',
  states: ['“IRQ” is the delay of the timer’s interrupt, “Thread” the whole delay until the thread ran.'],
  values: z.object({
    periodUs: field(z.number().int().min(100).max(1_000_000), 'Period', 'How often each CPU’s timer fires.', 'µs'),
    entries: field(z.number().int().min(10).max(9999), 'Histogram', 'So many buckets of 1 µs; longer latencies are counted together.', 'µs'),
  }),
  defaults: { periodUs: 1000, entries: 256 },
  command: ({ cpus, priority }, { periodUs, entries }, { seconds, toolVersion }) => [
    'rtla', 'timerlat', 'hist', ...(hasUserThreads(toolVersion) ? ['-k'] : []), '-c', formatCpuList(cpus), '-p', String(periodUs), '-b', '1', '-E', String(entries),
    ...(priority === null ? [] : ['-P', `f:${priority}`]), '-d', `${seconds}s`,
  ],
});
