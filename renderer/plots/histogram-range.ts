import type { HistogramSeries } from './histogram-series.ts';
import type { Span } from './zoom.ts';

/** Where the field's grades change, µs: 50 and 100 on bare metal, 100 and 300 in a virtual machine. */
export const thresholds = [
  { us: 50, label: '50' },
  { us: 100, label: '100' },
  { us: 300, label: '300' },
] as const;

/**
 * The whole plot, µs: to just past the worst latency seen in a bucket, and on to the next limit and the deadline, so that
 * the distance to them is seen, unless they are so far out that the data would shrink to a line.
 */
export function fullSpan(series: readonly HistogramSeries[], histogramUs: number, deadlineUs: number | null): Span {
  let highest = 10;
  for (const { buckets, overflows } of series) {
    highest = Math.max(highest, (buckets[buckets.length - 1] ?? 0) + 1, overflows > 0 ? histogramUs : 0);
  }
  const nextLimit = thresholds.map((line) => line.us).find((us) => us > highest) ?? 0;
  const wanted = [highest, nextLimit <= highest * 5 ? nextLimit : 0, deadlineUs !== null && deadlineUs <= highest * 20 ? deadlineUs : 0];
  return { from: 0, to: Math.ceil(Math.max(...wanted) * 1.06) };
}

/** Ticks of a logarithmic count axis: one per decade, thinned so that at most `most` remain. */
export function decadeTicks(highest: number, most: number): number[] {
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(1, highest))));
  const step = Math.max(1, Math.ceil(decades / most));
  const ticks: number[] = [];
  for (let power = 0; power <= decades; power += step) ticks.push(10 ** power);
  return ticks;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 1000000 → `10⁶`. */
export const decadeLabel = (value: number): string =>
  `10${[...String(Math.round(Math.log10(value)))].map((digit) => superscripts[Number(digit)] ?? digit).join('')}`;
