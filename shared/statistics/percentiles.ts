import type { Percentile, ThreadResult } from '../model/run.ts';
import { overflowStartsAtUs, resolutionOf, type BucketKnowledge } from './bucket-knowledge.ts';
import { valueAtRank } from './nearest-rank.ts';

/** The percentiles people quote, as fractions. */
export const usualPercentiles = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999, 0.9999999, 0.99999999] as const;

/** A percentile says little when fewer samples than this lie above it. */
const samplesAbove = 10;

/** The usual percentiles that this many samples support: at least ten of them lie above. */
export const supportedPercentiles = (samples: number): number[] =>
  usualPercentiles.filter((p) => Math.round(samples * (1 - p) * 1e6) / 1e6 >= samplesAbove);

/** The supported percentiles of a thread; none when there is no histogram to take them from. */
export const percentilesOf = (thread: ThreadResult, knowledge: BucketKnowledge = {}): Percentile[] =>
  thread.histogram === undefined ? [] : supportedPercentiles(thread.samples).map((p) => percentileOf(thread, p, knowledge));

/**
 * The nearest-rank percentile: the sample at rank ceil(p·n), n with the overflows. `us` is the value that the sample was
 * counted under, truncated to the resolution, and the latency lies between the two bounds. A rank in the overflow has
 * bounds only (no shorter than the histogram, no longer than the maximum): what it hides is never invented.
 */
export function percentileOf(thread: ThreadResult, p: number, knowledge: BucketKnowledge = {}): Percentile {
  const { samples, histogram, minUs, maxUs } = thread;
  if (samples <= 0) return { p, us: null, atLeastUs: null, atMostUs: null };
  if (histogram === undefined) return { p, us: null, atLeastUs: minUs, atMostUs: maxUs };
  const { value, atLeast, atMost } = valueAtRank({ samples, buckets: histogram, max: maxUs, resolution: resolutionOf(knowledge), overflowStart: overflowStartsAtUs(thread, knowledge) }, p);
  return { p, us: value, atLeastUs: atLeast, atMostUs: atMost };
}
