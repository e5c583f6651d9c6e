/** One measuring thread as oslat gives it, in its own unit; `counts` by the label of the bucket. */
export interface OslatThread {
  readonly cpu: number;
  readonly frequencyMhz: number | null;
  readonly min: number;
  readonly max: number;
  /** Always in µs, whatever the unit. */
  readonly averageUs: number | null;
  readonly durationSeconds: number | null;
  readonly counts: ReadonlyMap<number, number>;
  /** The label of the bucket that also takes all longer gaps. */
  readonly lastLabel: number;
}

/** What a table or a report of oslat says. Labels, minima and maxima are whole numbers of `unit`. */
export interface OslatTable {
  readonly version: string | null;
  readonly unit: 'us' | 'ns';
  /** What -B took off every gap before it chose a bucket; null without -B. */
  readonly bias: number | null;
  /** The bucket width given with -W, where the report tells its command line. */
  readonly width: number | null;
  readonly threads: readonly OslatThread[];
}

/**
 * How a printed figure stands for a gap. Up to rt-tests 2.4 a gap of g µs is printed, and counted, as floor(g) + 1.
 * Later it is printed as g rounded up, and counted under the upper edge of the bucket that this rounded figure falls into,
 * which is up to one width more.
 */
export interface OslatRounding { readonly width: number; readonly upperEdges: boolean }

export function roundingOf(table: OslatTable): OslatRounding {
  const labels = new Set(table.threads.flatMap(({ counts, lastLabel }) => [...counts.keys(), lastLabel]));
  const width = table.width ?? widthOf([...labels]);
  const bias = table.bias ?? 0;
  const firsts = table.threads.flatMap(({ counts, lastLabel, min }) => {
    const first = [...counts].filter(([, count]) => count > 0).reduce((least, [label]) => Math.min(least, label), Infinity);
    return first < lastLabel ? [{ first, min }] : [];
  });
  return { width, upperEdges: firsts.some(({ first, min }) => first > Math.max(min, bias + 1)) };
}

/** The smallest gap, in the unit, that is counted under a label: never more than any gap that was counted there. */
export const lowerEdge = (label: number, { width, upperEdges }: OslatRounding) => Math.max(0, upperEdges ? label - width - 1 : label - 1);

/** The label a gap printed as `value` is counted under when there are buckets enough. */
export function labelOf(value: number, bias: number, { width, upperEdges }: OslatRounding): number {
  return upperEdges ? bias + (Math.floor((value - bias) / width) + 1) * width : value;
}

/** Labels are whole widths apart. With few labels the greatest common step may be several widths: then edges come out lower, never higher. */
function widthOf(labels: readonly number[]): number {
  const [first = 0] = labels;
  const step = labels.reduce((common, label) => greatestCommonDivisor(common, Math.abs(label - first)), 0);
  return step === 0 ? 1 : step;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
