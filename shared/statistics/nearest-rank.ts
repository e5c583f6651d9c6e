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
export function valueAtRank({ samples, buckets, max, resolution, overflowStart }: CountedValues, p: number): RankedValue {
  const rank = nearestRank(p, samples);
  let counted = 0;
  for (const [edge, count] of buckets) {
    counted += count;
    if (counted >= rank) return { value: edge, atLeast: edge, atMost: edge + resolution };
  }
  return { value: null, atLeast: overflowStart, atMost: max };
}

/** ceil(p·n), not lifted by the last bit of the product: 7 % of 100 is the 7th and not the 8th. */
function nearestRank(p: number, samples: number): number {
  const exact = p * samples;
  const whole = Math.round(exact);
  return Math.max(1, Math.abs(exact - whole) <= exact * 2 ** -50 ? whole : Math.ceil(exact));
}
