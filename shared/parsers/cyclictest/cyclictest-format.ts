import { ok, type Result } from '../../contract/result.ts';
import type { ThreadResult } from '../../model/run.ts';
import type { Distribution, Scalar, ToolOutput } from '../tool-output.ts';
import type { CyclictestOutput } from './output.ts';
import { parseCyclictest } from './parse-cyclictest.ts';

/** `parse cyclictest`: cyclictest's own shape, with the shape that all tools share beside it. */
export const cyclictestFormat = {
  title: 'cyclictest of rt-tests 1.0 to 2.10: summary, display, verbose, histogram, JSON, status',
  parse(text: string): Result<CyclictestOutput & ToolOutput> {
    const output = parseCyclictest(text);
    return output.ok ? ok({ ...output.value, distributions: output.value.threads.map(distributionOf), scalars: scalarsOf(output.value) }) : output;
  },
} as const;

function distributionOf(thread: ThreadResult): Distribution {
  return {
    label: `thread ${thread.index}`,
    cpu: thread.cpu ?? null,
    samples: thread.samples,
    minNs: toNs(thread.minUs),
    avgNs: toNs(thread.avgUs),
    maxNs: toNs(thread.maxUs),
    overflows: thread.overflows,
    buckets: (thread.histogram ?? []).map(([us, count]) => [nanoseconds(us), count]),
  };
}

function scalarsOf({ dmaLatencyUs, breaktrace, spikes, smiCounts }: CyclictestOutput): Scalar[] {
  const scalars: Scalar[] = [];
  if (dmaLatencyUs !== undefined) scalars.push({ name: 'cpu_dma_latency', value: dmaLatencyUs, unit: 'us' });
  if (typeof breaktrace?.hit?.valueUs === 'number') scalars.push({ name: 'break value', value: breaktrace.hit.valueUs, unit: 'us' });
  if (typeof spikes?.total === 'number') scalars.push({ name: 'spikes', value: spikes.total, unit: 'count' });
  smiCounts?.forEach((value, index) => scalars.push({ name: `SMIs of thread ${index}`, value, unit: 'count' }));
  return scalars;
}

const toNs = (us: number | null) => (us === null ? null : nanoseconds(us));

/** Values come in µs or whole ns, averages with two decimals: a thousandth of a ns is beyond all of them. */
const nanoseconds = (us: number) => Math.round(us * 1e6) / 1000;
