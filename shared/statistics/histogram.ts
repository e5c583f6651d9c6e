/**
 * Counts per bucket, as two columns of equal length: `lower[i]` is the lower edge of bucket i, ascending, and
 * `counts[i]` how many values fell in it, never zero. Two typed columns and not pairs, because a run of 64 threads has
 * millions of buckets and one small object for each of them costs more than reading them.
 */
export interface Histogram {
  readonly lower: Float64Array;
  readonly counts: Float64Array;
}

export type Pairs = ReadonlyArray<readonly [number, number]>;

export const emptyHistogram: Histogram = { lower: new Float64Array(0), counts: new Float64Array(0) };

/** Adds histograms bucket by bucket, exactly: no bucket is widened, moved or dropped. */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram {
  const used = histograms.filter((histogram) => histogram.lower.length > 0);
  const [only] = used;
  if (only === undefined) return emptyHistogram;
  if (used.length === 1) return only;
  return used.every(hasSmallWholeEdges) ? mergeByPosition(used) : mergeByEdge(used);
}

/** Adds histograms written as [lower edge, count] pairs, in any order, zero counts allowed; gives pairs in order. */
export const mergePairs = (histograms: readonly Pairs[]): Array<[number, number]> =>
  pairsOf(mergeHistograms(histograms.map(histogramOf)));

export function histogramOf(pairs: Pairs): Histogram {
  const ordered = pairs.every((pair, i) => pair[1] !== 0 && (i === 0 || pair[0] > (pairs[i - 1]?.[0] ?? Infinity)));
  if (!ordered) return sumByEdge(pairs);
  return { lower: Float64Array.from(pairs, (pair) => pair[0]), counts: Float64Array.from(pairs, (pair) => pair[1]) };
}

export function pairsOf({ lower, counts }: Histogram): Array<[number, number]> {
  const pairs: Array<[number, number]> = [];
  for (let i = 0; i < lower.length; i++) pairs.push([lower[i] ?? 0, counts[i] ?? 0]);
  return pairs;
}

export function totalCount({ counts }: Histogram): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

/** cyclictest itself holds at most a million buckets of its unit; oslat and rtla fewer. */
const largestPosition = 1_000_000;

function hasSmallWholeEdges({ lower }: Histogram): boolean {
  if ((lower[0] ?? 0) < 0 || (lower[lower.length - 1] ?? 0) > largestPosition) return false;
  for (const edge of lower) if (!Number.isInteger(edge)) return false;
  return true;
}

function mergeByPosition(histograms: readonly Histogram[]): Histogram {
  const last = Math.max(...histograms.map(({ lower }) => lower[lower.length - 1] ?? 0));
  const sums = new Float64Array(last + 1);
  for (const { lower, counts } of histograms) {
    for (let i = 0; i < lower.length; i++) {
      const position = lower[i] ?? 0;
      sums[position] = (sums[position] ?? 0) + (counts[i] ?? 0);
    }
  }
  const collected = new HistogramBuilder();
  for (let position = 0; position <= last; position++) {
    const count = sums[position] ?? 0;
    if (count !== 0) collected.append(position, count);
  }
  return collected.build();
}

function mergeByEdge(histograms: readonly Histogram[]): Histogram {
  return sumByEdge(histograms.flatMap(pairsOf));
}

function sumByEdge(pairs: Pairs): Histogram {
  const sums = new Map<number, number>();
  for (const [edge, count] of pairs) sums.set(edge, (sums.get(edge) ?? 0) + count);
  const collected = new HistogramBuilder();
  for (const [edge, count] of [...sums].sort((a, b) => a[0] - b[0])) if (count !== 0) collected.append(edge, count);
  return collected.build();
}

/** Collects buckets in ascending order into columns that grow as needed. */
export class HistogramBuilder {
  private lower = new Float64Array(64);
  private counts = new Float64Array(64);
  private size = 0;

  append(edge: number, count: number): void {
    if (this.size === this.lower.length) this.grow();
    this.lower[this.size] = edge;
    this.counts[this.size] = count;
    this.size++;
  }

  build(): Histogram {
    return { lower: this.lower.slice(0, this.size), counts: this.counts.slice(0, this.size) };
  }

  private grow(): void {
    const lower = new Float64Array(this.size * 4);
    const counts = new Float64Array(this.size * 4);
    lower.set(this.lower);
    counts.set(this.counts);
    this.lower = lower;
    this.counts = counts;
  }
}
