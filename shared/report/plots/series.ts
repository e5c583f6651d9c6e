import type { ThreadResult } from '../../model/run.ts';

/** The counts of one CPU. */
export interface PlotSeries {
  readonly name: string;
  readonly samples: number;
  readonly maxUs: number | null;
  readonly overflows: number;
  readonly histogram: ReadonlyArray<readonly [number, number]>;
}

/** With more lines than these a plot shows the CPUs with the longest latencies only, and says so. */
const shownLines = 8;

/** The CPUs of a result that have a histogram, those with the longest maxima first when there are many. */
export function seriesOf(threads: readonly ThreadResult[]): { shown: PlotSeries[]; hidden: number } {
  const all = threads.flatMap(({ cpu, index, samples, maxUs, overflows, histogram }): PlotSeries[] =>
    (histogram === undefined || samples === 0 ? [] : [{ name: cpu === undefined ? `thread ${index}` : `CPU ${cpu}`, samples, maxUs, overflows, histogram }]));
  if (all.length <= shownLines) return { shown: all, hidden: 0 };
  return { shown: [...all].sort((a, b) => (b.maxUs ?? 0) - (a.maxUs ?? 0)).slice(0, shownLines), hidden: all.length - shownLines };
}

/** The longest latency there is to show, of those counted in buckets or seen as a maximum. */
export const longestUs = (series: readonly PlotSeries[]): number =>
  series.reduce((most, { histogram, maxUs }) => Math.max(most, maxUs ?? 0, histogram.at(-1)?.[0] ?? 0), 1);
