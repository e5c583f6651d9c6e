/** One bar of the strip: the worst of its time slice, and when exactly it was. */
export interface StripColumn {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly maxUs: number | null;
  readonly atSeconds: number | null;
}

/**
 * Cuts a run's time into `columns` slices and keeps the worst of each, so that a spike shows whatever the width.
 * A slice with no reading has null: nothing is known of it.
 */
export function stripColumns(points: ReadonlyArray<{ atSeconds: number; maxUs: number }>, totalSeconds: number, columns: number): StripColumn[] {
  const count = Math.max(1, Math.floor(columns));
  const total = Math.max(totalSeconds, ...points.slice(-1).map((point) => point.atSeconds), 1e-9);
  const width = total / count;
  const worst: Array<{ maxUs: number; atSeconds: number } | undefined> = new Array<undefined>(count).fill(undefined);
  for (const point of points) {
    const column = Math.min(count - 1, Math.max(0, Math.floor(point.atSeconds / width)));
    const known = worst[column];
    if (!known || point.maxUs > known.maxUs) worst[column] = { maxUs: point.maxUs, atSeconds: point.atSeconds };
  }
  return worst.map((found, column) => ({
    fromSeconds: column * width,
    toSeconds: (column + 1) * width,
    maxUs: found?.maxUs ?? null,
    atSeconds: found?.atSeconds ?? null,
  }));
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
