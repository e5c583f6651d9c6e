import { MaxPyramid } from './max-pyramid.ts';
import type { Span } from './zoom.ts';

/** Maxima in the order of time, ready to be cut at any zoom. */
export interface StripData {
  /** Seconds, ascending; null: `stepSeconds` apart from 0 on. */
  readonly times: Float64Array | null;
  readonly stepSeconds: number;
  readonly maxima: MaxPyramid;
}

/** Readings at times of their own. A latency that is no number is taken as 0. */
export function stripDataOf(points: ReadonlyArray<{ readonly atSeconds: number; readonly maxUs: number }>): StripData {
  const sorted = [...points].sort((a, b) => a.atSeconds - b.atSeconds);
  return { times: Float64Array.from(sorted, ({ atSeconds }) => atSeconds), stepSeconds: 0, maxima: new MaxPyramid(Float64Array.from(sorted, ({ maxUs }) => (Number.isFinite(maxUs) ? maxUs : 0))) };
}

/** Readings at equal steps of time: one every cycle of a measurement. */
export const evenStripData = (maxima: MaxPyramid, stepSeconds: number): StripData => ({ times: null, stepSeconds, maxima });

/** One bar of the strip: the worst of its time slice, and when exactly it was. */
export interface StripColumn {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly maxUs: number | null;
  readonly atSeconds: number | null;
}

/**
 * Cuts a piece of time into `columns` slices and keeps the worst of each, so that a spike shows whatever the width and the zoom.
 * A slice with no reading has null: nothing is known of it. The last slice holds its end too.
 */
export function stripColumns(data: StripData, view: Span, columns: number): StripColumn[] {
  const count = Math.max(1, Math.floor(columns));
  const width = (view.to - view.from) / count;
  let first = firstFrom(data, view.from);
  return Array.from({ length: count }, (_, column) => {
    const [fromSeconds, toSeconds] = [view.from + column * width, view.from + (column + 1) * width];
    const end = column === count - 1 ? firstAfter(data, view.to) : firstFrom(data, toSeconds);
    const at = data.maxima.indexOfMax(first, end);
    first = end;
    return { fromSeconds, toSeconds, maxUs: at === null ? null : data.maxima.max(at, at + 1), atSeconds: at === null ? null : timeOf(data, at) };
  });
}

const timeOf = ({ times, stepSeconds }: StripData, at: number) => times?.[at] ?? at * stepSeconds;

/** Index of the first reading at or after a moment. */
function firstFrom({ times, stepSeconds, maxima }: StripData, seconds: number): number {
  if (times) return lowerBound(times, (time) => time >= seconds);
  // A step that is no whole number of binary fractions must not move a reading into the slice before.
  return Math.min(maxima.length, Math.max(0, Math.ceil(seconds / stepSeconds - 1e-9)));
}

function firstAfter(data: StripData, seconds: number): number {
  if (data.times) return lowerBound(data.times, (time) => time > seconds);
  return Math.min(data.maxima.length, Math.floor(seconds / data.stepSeconds + 1e-9) + 1);
}

function lowerBound(times: Float64Array, holds: (time: number) => boolean): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(times[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many bars a strip gets: wide enough to see, no more than there are readings. */
export const stripColumnCount = (widthPx: number, points: number): number =>
  Math.max(1, Math.min(Math.floor(widthPx / 3), Math.max(points, 40)));

/** Top of the latency axis: a round number above the worst, and above the deadline when that is near. */
export function stripTop(maxUs: number, deadlineUs: number | null): number {
  const wanted = deadlineUs !== null && deadlineUs <= maxUs * 2.5 ? Math.max(maxUs, deadlineUs) : maxUs;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wanted)));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((factor) => factor * power).find((top) => top >= wanted * 1.05) ?? power * 20;
}

/** Whether the strip needs a logarithmic axis: when the worst dwarfs the usual, which a linear one would flatten to nothing. */
export function stripIsLogarithmic(points: ReadonlyArray<{ maxUs: number }>, topUs: number): boolean {
  if (points.length === 0) return false;
  const sorted = points.map((point) => point.maxUs).sort((a, b) => a - b);
  return topUs > 20 * Math.max(1, sorted[Math.floor(sorted.length / 2)] ?? 1);
}

/** Height of a latency on the strip, 0 to 1; the logarithmic axis begins at 1 µs. */
export function stripHeight(us: number, topUs: number, logarithmic: boolean): number {
  const share = logarithmic ? Math.log(Math.max(1, us)) / Math.log(Math.max(2, topUs)) : us / topUs;
  return Math.min(1, Math.max(0, share));
}
