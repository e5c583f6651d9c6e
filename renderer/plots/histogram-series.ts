import type { ThreadResult } from '../../shared/model/run.ts';
import type { LineStyle } from './line-style.ts';
import type { Span } from './zoom.ts';

/** One line of the plot: buckets ascending, counts above zero, in typed arrays so that a redraw touches no objects. */
export interface HistogramSeries {
  readonly label: string;
  /** null is the sum over all measured CPUs. */
  readonly cpu: number | null;
  readonly buckets: Float64Array;
  readonly counts: Float64Array;
  /** Smallest and greatest count of each eight buckets (`emptyCount` where one is empty): what a wide view is cut from. */
  readonly blocks: { readonly low: Float64Array; readonly high: Float64Array };
  readonly overflows: number;
  readonly maxUs: number | null;
}

/** A line as it is drawn. */
export interface ShownSeries { readonly series: HistogramSeries; readonly style: LineStyle; readonly strong: boolean }

export function seriesOf(thread: ThreadResult, label: string, cpu: number | null): HistogramSeries {
  const histogram = thread.histogram ?? [];
  const buckets = new Float64Array(histogram.length);
  const counts = new Float64Array(histogram.length);
  histogram.forEach(([us, count], at) => {
    buckets[at] = us;
    counts[at] = count;
  });
  return { label, cpu, buckets, counts, blocks: blocksOf(buckets, counts), overflows: thread.overflows, maxUs: thread.maxUs };
}

const blockBuckets = 8;

function blocksOf(buckets: Float64Array, counts: Float64Array): HistogramSeries['blocks'] {
  const length = buckets.length === 0 ? 0 : Math.floor((buckets[buckets.length - 1] ?? 0) / blockBuckets) + 1;
  const low = new Float64Array(length).fill(Infinity);
  const high = new Float64Array(length).fill(emptyCount);
  const filled = new Uint8Array(length);
  buckets.forEach((us, at) => {
    const block = Math.floor(us / blockBuckets);
    const count = counts[at] ?? 0;
    low[block] = Math.min(low[block] ?? count, count);
    high[block] = Math.max(high[block] ?? count, count);
    filled[block] = (filled[block] ?? 0) + 1;
  });
  filled.forEach((count, block) => { if (count < blockBuckets) low[block] = emptyCount; });
  return { low, high };
}

/** A count of nothing has no logarithm: it is drawn at this height, half a decade below one, so that a single sample stands out. */
export const emptyCount = 0.3;

export interface Columns {
  /** True when pixels are fewer than buckets, and columns come as pairs of the smallest and the greatest count. */
  readonly paired: boolean;
  /** Left edges in µs, ascending; a column reaches to the next one. */
  readonly x: Float64Array;
  /** Per series, for each x: the count to draw, `emptyCount` for none. */
  readonly y: readonly Float64Array[];
}

/**
 * Cuts the view into what the screen can show. With no more buckets than pixels every bucket keeps its own step.
 * With more, each pixel column becomes a pair: the smallest and the greatest count in it. So no peak and no gap is
 * lost at any zoom. Buckets are whole µs: bucket v holds latencies from v up to v + 1. Where a column holds many
 * buckets it is cut from blocks of eight: 64 CPUs of 30 000 buckets are then a quarter of a million steps, not two.
 */
export function histogramColumns(series: readonly HistogramSeries[], view: Span, widthPx: number): Columns {
  const first = Math.max(0, Math.floor(view.from));
  const last = Math.max(first + 1, Math.ceil(view.to));
  const bucketCount = last - first;
  const columns = Math.max(1, Math.floor(widthPx));
  if (bucketCount <= columns) return everyBucket(series, first, bucketCount);
  if (bucketCount < columns * blockBuckets * 2) return pairs(first, bucketCount, columns, 1, series.map((one) => pairLine(one, first, bucketCount, columns)));
  const firstBlock = Math.floor(first / blockBuckets);
  const blockCount = Math.ceil(last / blockBuckets) - firstBlock;
  return pairs(firstBlock, blockCount, columns, blockBuckets, series.map((one) => blockLine(one, firstBlock, blockCount, columns)));
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
  return { paired: false, x, y };
}

/** Two edges for each column: its left, where the smallest count stands, and its middle, where the greatest does. */
function pairs(first: number, count: number, columns: number, bucketsEach: number, y: readonly Float64Array[]): Columns {
  const width = count / columns;
  const x = new Float64Array(columns * 2 + 1);
  for (let half = 0; half <= columns * 2; half += 1) x[half] = (first + (half / 2) * width) * bucketsEach;
  return { paired: true, x, y };
}

/**
 * A bucket belongs to the pixel column floor(offset × columns / buckets). Walks the columns and, within each, the
 * filled buckets in order.
 */
function pairLine({ buckets, counts }: HistogramSeries, first: number, bucketCount: number, columns: number): Float64Array {
  const out = new Float64Array(columns * 2 + 1).fill(emptyCount);
  let i = lowerBound(buckets, first);
  let begin = 0;
  for (let column = 0; column < columns && i < buckets.length; column += 1) {
    const end = Math.ceil(((column + 1) * bucketCount) / columns);
    const limit = first + end;
    const filledFrom = i;
    let low = Infinity;
    let high = emptyCount;
    for (; i < buckets.length && (buckets[i] ?? limit) < limit; i += 1) {
      const count = counts[i] ?? 0;
      if (count < low) low = count;
      if (count > high) high = count;
    }
    const filled = i - filledFrom;
    out[column * 2] = filled > 0 && filled === end - begin ? low : emptyCount;
    out[column * 2 + 1] = high;
    begin = end;
  }
  return out;
}

/** The same from blocks of eight buckets. */
function blockLine({ blocks }: HistogramSeries, first: number, blockCount: number, columns: number): Float64Array {
  const out = new Float64Array(columns * 2 + 1).fill(emptyCount);
  const known = Math.min(first + blockCount, blocks.high.length);
  let block = first;
  for (let column = 0; column < columns && block < known; column += 1) {
    const end = first + Math.ceil(((column + 1) * blockCount) / columns);
    const limit = Math.min(end, known);
    let low = end > known ? emptyCount : Infinity;
    let high = emptyCount;
    for (; block < limit; block += 1) {
      const lowest = blocks.low[block] ?? emptyCount;
      const highest = blocks.high[block] ?? emptyCount;
      if (lowest < low) low = lowest;
      if (highest > high) high = highest;
    }
    out[column * 2] = low;
    out[column * 2 + 1] = high;
  }
  return out;
}

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
