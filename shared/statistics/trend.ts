import { medianOf, normalUpperTail } from './rank-sum.ts';

/** A reading in time: seconds since the begin of the run, and what was read then. */
export interface TimedValue { readonly atSeconds: number; readonly value: number }

/** Whether values rise or fall over time, and how fast. */
export interface Trend {
  /** Two-sided p of the Mann-Kendall test. */
  readonly p: number;
  /** Theil and Sen's slope: the median of the slopes between all pairs, per hour. */
  readonly perHour: number;
}

/** Fewer values show no trend: the normal approximation of the test begins to hold here (Kendall). */
export const leastForTrend = 10;

/** Pairs grow with the square of the values: more than this are thinned to the medians of as many equal stretches. */
const mostValues = 600;

/**
 * Mann and Kendall's test with the variance corrected for ties, and Theil and Sen's slope. Null with fewer than ten values or when
 * they all are of one moment.
 */
export function trendOf(values: readonly TimedValue[]): Trend | null {
  const ordered = thinned([...values].sort((a, b) => a.atSeconds - b.atSeconds));
  if (ordered.length < leastForTrend) return null;
  const slopes: number[] = [];
  let concordance = 0;
  ordered.forEach((earlier, i) => {
    for (const later of ordered.slice(i + 1)) {
      concordance += Math.sign(later.value - earlier.value);
      const seconds = later.atSeconds - earlier.atSeconds;
      if (seconds > 0) slopes.push(((later.value - earlier.value) * 3600) / seconds);
    }
  });
  if (slopes.length === 0) return null;
  const n = ordered.length;
  const ties = new Map<number, number>();
  for (const { value } of ordered) ties.set(value, (ties.get(value) ?? 0) + 1);
  const tied = [...ties.values()].reduce((total, t) => total + t * (t - 1) * (2 * t + 5), 0);
  const variance = (n * (n - 1) * (2 * n + 5) - tied) / 18;
  const z = variance === 0 ? 0 : Math.max(0, Math.abs(concordance) - 1) / Math.sqrt(variance);
  return { p: Math.min(1, 2 * normalUpperTail(z)), perHour: medianOf(slopes) };
}

function thinned(values: readonly TimedValue[]): readonly TimedValue[] {
  if (values.length <= mostValues) return values;
  const size = values.length / mostValues;
  return Array.from({ length: mostValues }, (_, i) => {
    const stretch = values.slice(Math.floor(i * size), Math.floor((i + 1) * size));
    return { atSeconds: medianOf(stretch.map(({ atSeconds }) => atSeconds)), value: medianOf(stretch.map(({ value }) => value)) };
  });
}
