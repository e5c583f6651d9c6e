/** Whether two small sets of repeats differ in place. */
export interface RankSumTest {
  /** Two-sided: how often chance alone would separate the sets at least as far, when both come from the same distribution. */
  readonly p: number;
  /** Whether p was counted over all divisions of the values, ties included, or taken from the normal approximation. */
  readonly exact: boolean;
}

/** Up to this many values all divisions are counted; beyond, the normal approximation is good to three digits. */
const countedValues = 60;

/**
 * Wilcoxon's rank-sum test (Mann-Whitney), two-sided, with mid-ranks for ties. It asks nothing of the shape of the distributions, which
 * for latencies is unknown. Null when a side is empty.
 */
export function rankSumTest(a: readonly number[], b: readonly number[]): RankSumTest | null {
  const total = a.length + b.length;
  if (a.length === 0 || b.length === 0) return null;
  const doubledRanks = doubledMidRanks([...a, ...b]);
  const observed = sum(doubledRanks.slice(0, a.length));
  const mean = a.length * (total + 1);
  if (total <= countedValues) return { p: exactP(doubledRanks, a.length, observed, mean), exact: true };
  const squares = sum(doubledRanks.map((rank) => (rank - (total + 1)) ** 2));
  const variance = (a.length * b.length * squares) / (total * (total - 1));
  if (variance === 0) return { p: 1, exact: false };
  // Ranks are doubled, so one step is 2 and half of it the continuity correction.
  const z = Math.max(0, Math.abs(observed - mean) - 1) / Math.sqrt(variance);
  return { p: Math.min(1, 2 * normalUpperTail(z)), exact: false };
}

/** The smallest p that this many values against that many can give: complete separation without ties. */
export const smallestP = (a: number, b: number): number => (a === 0 || b === 0 ? 1 : Math.min(1, 2 / choose(a + b, a)));

/** How far the second set lies above the first, and the interval that contains it with the confidence given. */
export interface Shift { readonly estimate: number; readonly low: number; readonly high: number; readonly confidence: number }

/**
 * Hodges and Lehmann's estimate: the median of all differences b − a, and the interval between two of the ordered differences that
 * the rank-sum distribution gives (exact without ties, conservative with them). Null without values; bounds are infinite when
 * there are too few values for an interval of 95 %.
 */
export function shiftBetween(a: readonly number[], b: readonly number[]): Shift | null {
  if (a.length === 0 || b.length === 0) return null;
  const [fewA, fewB] = [orderStatistics(a), orderStatistics(b)];
  const differences = fewB.flatMap((y) => fewA.map((x) => y - x)).sort((x, y) => x - y);
  const { outside, confidence } = a.length + b.length <= countedValues ? countedOutside(a.length, b.length) : approximateOutside(fewA.length, fewB.length);
  return {
    estimate: medianOf(differences),
    low: outside === 0 ? -Infinity : differences[outside - 1] ?? -Infinity,
    high: outside === 0 ? Infinity : differences[differences.length - outside] ?? Infinity,
    confidence,
  };
}

/** How many of the ordered differences lie outside of the interval at each end. */
interface Outside { readonly outside: number; readonly confidence: number }

function countedOutside(a: number, b: number): Outside {
  const counts = rankSumCounts(Array.from({ length: a + b }, (_, i) => 2 * (i + 1)), a);
  const divisions = choose(a + b, a);
  // The smallest possible doubled rank sum stands for U = 0.
  const first = a * (a + 1);
  let below = 0;
  let outside = 0;
  while (outside < a * b) {
    const more = below + (counts[first + 2 * outside] ?? 0) / divisions;
    if (more > 0.025) break;
    below = more;
    outside++;
  }
  return { outside, confidence: 1 - 2 * below };
}

const approximateOutside = (a: number, b: number): Outside =>
  ({ outside: Math.max(0, Math.floor((a * b) / 2 - 1.959964 * Math.sqrt((a * b * (a + b + 1)) / 12))), confidence: 0.95 });

const mostOrderStatistics = 1000;

/** All values, or of very many every so-manieth in order. */
function orderStatistics(values: readonly number[]): number[] {
  const ordered = [...values].sort((x, y) => x - y);
  if (ordered.length <= mostOrderStatistics) return ordered;
  return Array.from({ length: mostOrderStatistics }, (_, i) => ordered[Math.floor(((i + 0.5) * ordered.length) / mostOrderStatistics)] ?? 0);
}

export function medianOf(values: readonly number[]): number {
  const ordered = [...values].sort((x, y) => x - y);
  const middle = Math.floor(ordered.length / 2);
  const upper = ordered[middle] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** 1 − Φ(z) for z ≥ 0, to seven digits (Abramowitz and Stegun 26.2.17). */
export function normalUpperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

function exactP(doubledRanks: readonly number[], size: number, observed: number, mean: number): number {
  const counts = rankSumCounts(doubledRanks, size);
  const distance = Math.abs(observed - mean);
  let extreme = 0;
  let all = 0;
  counts.forEach((count, at) => {
    all += count;
    if (Math.abs(at - mean) >= distance) extreme += count;
  });
  return Math.min(1, extreme / all);
}

/** How many choices of `size` ranks have each sum. */
function rankSumCounts(ranks: readonly number[], size: number): Float64Array {
  const largest = sum([...ranks].sort((x, y) => y - x).slice(0, size));
  const rows = Array.from({ length: size + 1 }, () => new Float64Array(largest + 1));
  const [none] = rows;
  if (none !== undefined) none[0] = 1;
  ranks.forEach((rank, seen) => {
    for (let taken = Math.min(size, seen + 1); taken >= 1; taken--) {
      const [row, before] = [rows[taken], rows[taken - 1]];
      if (row === undefined || before === undefined) continue;
      for (let at = largest; at >= rank; at--) row[at] = (row[at] ?? 0) + (before[at - rank] ?? 0);
    }
  });
  return rows[size] ?? new Float64Array(0);
}

/** Twice the rank of every value, ties sharing their mean rank: whole numbers. */
function doubledMidRanks(values: readonly number[]): number[] {
  const order = values.map((value, at) => ({ value, at })).sort((x, y) => x.value - y.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && order[to + 1]?.value === order[from]?.value) to++;
    for (let i = from; i <= to; i++) ranks[order[i]?.at ?? 0] = from + to + 2;
    from = to + 1;
  }
  return ranks;
}

function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) product = (product * (n - Math.min(k, n - k) + i)) / i;
  return Math.round(product);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
