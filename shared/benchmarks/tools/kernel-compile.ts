import { z } from 'zod';
import { folderMark, startedOn } from '../arguments.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';

/** Both goals in one call: the kernel's Makefile then makes them one after the other. */
export const benchmark = toolBenchmark({
  id: 'kernel-compile', title: 'Kernel compile', program: 'make', order: 71,
  answers: 'How long does it take to compile a Linux kernel, as work that uses everything of a machine?',
  packages: { debian: 'build-essential', redHat: 'make' }, format: null, cpus: 'runs on', priority: null, root: 'not needed', tracer: false,
  timed: false, segmentSeconds: null, seconds: 7200, live: 'lines', judged: 'none',
  noVerdict: 'A time says something only beside another one of the same source: compare runs.',
  states: ['Times compare only between runs of the same source, compiler and number of jobs.', 'What is compiled is removed afterwards.'],
  values: z.object({
    source: field(z.string().max(400).regex(/^\/[^\n\r\0]*$/, 'the path of a folder on the board'), 'Source', 'Folder of an unpacked kernel source on the board, as it came: the tar of linux-source in /usr/src, unpacked.'),
    jobs: field(z.number().int().min(1).max(4096), 'Jobs', 'How many compile at a time.'),
  }),
  defaults: { source: '/usr/src/linux', jobs: 8 },
  command: (options, { source, jobs }) => [...startedOn(options), 'make', '-C', source, `O=${folderMark}/build`, '-j', String(jobs), 'x86_64_defconfig', 'bzImage'],
});
