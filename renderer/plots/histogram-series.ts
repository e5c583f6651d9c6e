import type { ThreadResult } from '../../shared/model/run.ts';
import type { Span } from './zoom.ts';

/** One line of the plot: buckets ascending, counts above zero, in typed arrays so that a redraw touches no objects. */
export interface HistogramSeries {
  readonly label: string;
  /** null is the sum over all measured CPUs. */
  readonly cpu: number | null;
  readonly buckets: Float64Array;
  readonly counts: Float64Array;
  readonly overflows: number;
  readonly maxUs: number | null;
}

export function seriesOf(thread: ThreadResult, label: string, cpu: number | null): HistogramSeries {
  const histogram = thread.histogram ?? [];
  const buckets = new Float64Array(histogram.length);
  const counts = new Float64Array(histogram.length);
  histogram.forEach(([us, count], at) => {
    buckets[at] = us;
    counts[at] = count;
  });
  return { label, cpu, buckets, counts, overflows: thread.overflows, maxUs: thread.maxUs };
}

/** A count of nothing has no logarithm: it is drawn at this height, half a decade below one, so that a single sample stands out. */
export const emptyCount = 0.3;

export interface Columns {
  /** Left edges in µs, ascending; a column reaches to the next one. */
  readonly x: Float64Array;
  /** Per series, for each x: the count to draw, `emptyCount` for none. */
  readonly y: readonly Float64Array[];
}

/**
 * Cuts the view into what the screen can show. With no more buckets than pixels every bucket keeps its own step.
 * With more, each pixel column becomes a pair: the smallest and the greatest count in it. So no peak and no gap is
 * lost at any zoom. Buckets are whole µs: bucket v holds latencies from v up to v + 1.
 */
export function histogramColumns(series: readonly HistogramSeries[], view: Span, widthPx: number): Columns {
  const first = Math.max(0, Math.floor(view.from));
  const last = Math.max(first + 1, Math.ceil(view.to));
  const bucketCount = last - first;
  const columns = Math.max(1, Math.floor(widthPx));
  return bucketCount <= columns ? everyBucket(series, first, bucketCount) : pairs(series, first, bucketCount, columns);
}

function everyBucket(series: readonly HistogramSeries[], first: number, bucketCount: number): Columns {
  const x = Float64Array.from({ length: bucketCount + 1 }, (_, at) => first + at);
  const y = series.map(({ buckets, counts }) => {
    const out = new Float64Array(bucketCount + 1).fill(emptyCount);
    for (let i = lowerBound(buckets, first); i < buckets.length; i += 1) {
      const at = (buckets[i] ?? 0) - first;
      if (at >= bucketCount) break;
      out[Math.floor(at)] = counts[i] ?? emptyCount;
    }
    return out;
  });
  return { x, y };
}

function pairs(series: readonly HistogramSeries[], first: number, bucketCount: number, columns: number): Columns {
  const width = bucketCount / columns;
  const x = new Float64Array(columns * 2 + 1);
  for (let column = 0; column <= columns; column += 1) {
    x[column * 2] = first + column * width;
    if (column < columns) x[column * 2 + 1] = first + (column + 0.5) * width;
  }
  return { x, y: series.map((one) => pairLine(one, first, bucketCount, columns)) };
}

function pairLine({ buckets, counts }: HistogramSeries, first: number, bucketCount: number, columns: number): Float64Array {
  const out = new Float64Array(columns * 2 + 1).fill(emptyCount);
  const seen = new Float64Array(columns);
  const perBucket = columns / bucketCount;
  for (let i = lowerBound(buckets, first); i < buckets.length; i += 1) {
    const offset = (buckets[i] ?? 0) - first;
    if (offset >= bucketCount) break;
    const column = Math.min(columns - 1, Math.floor(offset * perBucket));
    const count = counts[i] ?? 0;
    const low = out[column * 2] ?? 0;
    const high = out[column * 2 + 1] ?? 0;
    out[column * 2] = seen[column] === 0 ? count : Math.min(low, count);
    out[column * 2 + 1] = Math.max(high, count);
    seen[column] = (seen[column] ?? 0) + 1;
  }
  for (let column = 0; column < columns; column += 1) {
    const bucketsHere = bucketsInColumn(column, bucketCount, columns);
    if ((seen[column] ?? 0) > 0 && (seen[column] ?? 0) < bucketsHere) out[column * 2] = emptyCount;
  }
  return out;
}

/** How many whole buckets fall in a pixel column: those whose floor(offset × columns / buckets) is the column. */
const bucketsInColumn = (column: number, bucketCount: number, columns: number): number =>
  Math.ceil(((column + 1) * bucketCount) / columns) - Math.ceil((column * bucketCount) / columns);

/** Index of the first value not below `wanted`. */
function lowerBound(values: Float64Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The greatest count of all series: what the count axis must reach. At least 1. */
export function highestCount(series: readonly HistogramSeries[]): number {
  let highest = 1;
  for (const { counts, overflows } of series) {
    for (const count of counts) if (count > highest) highest = count;
    if (overflows > highest) highest = overflows;
  }
  return highest;
}
