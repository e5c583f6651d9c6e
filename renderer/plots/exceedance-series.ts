import type { Curve } from '../../shared/model/compare.ts';

/** Which share of a distribution is at least so long, ready to be cut at any zoom. */
export interface ExceedanceSeries {
  readonly label: string;
  readonly samples: number;
  readonly overflows: number;
  /** Where each filled bucket ends, µs, ascending: whatever is counted in it is surely shorter. */
  readonly endsUs: Float64Array;
  /** How many samples are at least as long as the end of that bucket. */
  readonly above: Float64Array;
  readonly firstUs: number;
  readonly boundUs: number | null;
  readonly maxUs: number | null;
}

/** A curve of a comparison, or of a run's CPU. Nothing is put together or smoothed. */
export function exceedanceSeriesOf({ distribution, resolutionNs, boundNs }: Omit<Curve, 'runId'>, label: string): ExceedanceSeries {
  const { buckets, samples, overflows, maxNs } = distribution;
  const endsUs = new Float64Array(buckets.length);
  const above = new Float64Array(buckets.length);
  let left = samples;
  buckets.forEach(([edgeNs, count], at) => {
    left -= count;
    endsUs[at] = (edgeNs + resolutionNs) / 1000;
    above[at] = Math.max(0, left);
  });
  const first = buckets[0]?.[0] ?? 0;
  return { label, samples, overflows, endsUs, above, firstUs: Math.max(first, resolutionNs / 10) / 1000, boundUs: boundNs === null ? null : boundNs / 1000, maxUs: maxNs === null ? null : maxNs / 1000 };
}

/** How many samples are surely or possibly at least so long: those of buckets that end at or before it are shorter. */
export function countAbove({ endsUs, above, samples }: ExceedanceSeries, us: number): number {
  let [low, high] = [0, endsUs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((endsUs[middle] ?? 0) <= us) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? samples : above[low - 1] ?? samples;
}

/** The latency that a share of the samples reaches or passes at most, as the end of its bucket; null: it lies in the overflow. */
export function latencyAtShare({ endsUs, above, samples, overflows }: ExceedanceSeries, share: number): number | null {
  const allowed = share * samples;
  if (overflows > allowed) return null;
  for (let at = 0; at < endsUs.length; at += 1) if ((above[at] ?? 0) <= allowed) return endsUs[at] ?? null;
  return null;
}
