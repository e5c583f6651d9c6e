import { z } from 'zod';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { rtTests } from '../packages.ts';

/** Its status is 1 when a gap is above the hard limit, which is the threshold unless named: what is found is the result here, no failure. */
const noHardLimit = '--hardlimit=10s';

export const benchmark = toolBenchmark({
  id: 'hwlatdetect', title: 'hwlatdetect', program: 'hwlatdetect', order: 20,
  answers: 'Does the firmware take the CPU away (SMIs and the like), with interrupts off and nothing else running?',
  packages: rtTests, format: 'hwlatdetect', cpus: 'measures each', priority: 'never', root: 'needed', tracer: true,
  timed: true, segmentSeconds: null, seconds: 600, live: 'nothing', judged: 'gate',
  noVerdict: 'In a virtual machine gaps are the host’s doing: measure there.',
  states: [
    'Idle states are held shut meanwhile (/dev/cpu_dma_latency).',
    'Interrupts are off while it watches: nothing else on these CPUs keeps its time.',
  ],
  values: z.object({
    thresholdUs: field(z.number().int().min(1).max(1_000_000), 'Threshold', 'Shorter gaps are not recorded. The firmware gate asks for 10.', 'µs'),
    windowUs: field(z.number().int().min(1000).max(60_000_000), 'Window', 'Once in each window one CPU is watched.', 'µs'),
    widthUs: field(z.number().int().min(500).max(60_000_000), 'Width', 'For so long of each window; shorter than the window.', 'µs'),
  }),
  defaults: { thresholdUs: 10, windowUs: 1_000_000, widthUs: 500_000 },
  check: ({ cpus }, { windowUs, widthUs }) => [
    ...(widthUs >= windowUs ? [{ field: 'widthUs', severity: 'error' as const, message: 'The width must be shorter than the window.' }] : []),
    { field: 'cpus', severity: 'note' as const, message: `One CPU is watched at a time: each of ${cpus.length} for ${((100 * widthUs) / windowUs / Math.max(1, cpus.length)).toPrecision(2)} % of the run.` },
  ],
  // All three are named: the tracer keeps what was set last, and a later run takes it over.
  command: ({ cpus }, { thresholdUs, windowUs, widthUs }, { seconds }) => [
    'hwlatdetect', `--duration=${seconds}`, `--threshold=${thresholdUs}us`, noHardLimit, `--window=${windowUs}us`, `--width=${widthUs}us`, `--cpu-list=${formatCpuList(cpus)}`,
  ],
});
