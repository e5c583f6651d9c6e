/** Counted values in any unit: buckets ascending by lower edge, what lies beyond them counted in `samples` only. */
export interface CountedValues {
  readonly samples: number;
  readonly buckets: ReadonlyArray<readonly [number, number]>;
  readonly max: number | null;
  /** Width of a bucket. */
  readonly resolution: number;
  /** Every value beyond the buckets is at least this large. */
  readonly overflowStart: number;
}

/** The bucket that the value lies in, and its bounds; beyond the buckets only the bounds are known. */
export interface RankedValue { readonly value: number | null; readonly atLeast: number; readonly atMost: number | null }

/** The value at rank ceil(p·n), n with the overflows. */
export const valueAtRank = (counted: CountedValues, p: number): RankedValue => valuesAtRanks(counted, [p])[0] ?? beyond(counted);

/** The values at several ranks in one pass over the buckets; the fractions ascend. */
export function valuesAtRanks(counted: CountedValues, ascending: readonly number[]): RankedValue[] {
  const { samples, buckets, resolution } = counted;
  const ranks = ascending.map((p) => nearestRank(p, samples));
  const found: RankedValue[] = [];
  let sum = 0;
  for (const [edge, count] of buckets) {
    sum += count;
    while (found.length < ranks.length && sum >= (ranks[found.length] ?? Infinity)) found.push({ value: edge, atLeast: edge, atMost: edge + resolution });
    if (found.length === ranks.length) break;
  }
  return ranks.map((_, i) => found[i] ?? beyond(counted));
}

const beyond = ({ overflowStart, max }: CountedValues): RankedValue => ({ value: null, atLeast: overflowStart, atMost: max });

/** ceil(p·n), not lifted by the last bit of the product: 7 % of 100 is the 7th and not the 8th. */
function nearestRank(p: number, samples: number): number {
  const exact = p * samples;
  const whole = Math.round(exact);
  return Math.max(1, Math.abs(exact - whole) <= exact * 2 ** -50 ? whole : Math.ceil(exact));
}
