import { secondsOf } from '../statistics/validity/run-evidence.ts';
import type { PartDeltas } from './part-counters.ts';
import type { Suspicion } from './suspicion.ts';

/** With so many parts a count that is high in one of them by chance is in the worst part one time in ten. */
export const partsToName = 10;
/** The worst part has to have so many times the rate of any other. */
const timesTheRate = 3;

export interface Match { readonly index: number; readonly count: number; readonly mostElsewhere: number; readonly others: number }

/** Whether a count stands out in the part that holds the maximum as the maximum does; null: it does not, or cannot be told. */
export function matchOf({ countIn }: Suspicion, worstIndex: number, parts: readonly PartDeltas[]): Match | null {
  const worst = parts.find(({ index }) => index === worstIndex);
  const others = parts.filter(({ index }) => index !== worstIndex);
  if (countIn === null || worst === undefined || others.length === 0) return null;
  const rate = ({ deltas }: PartDeltas): number => countIn(deltas) / secondsOf(deltas);
  const count = countIn(worst.deltas);
  const highest = Math.max(...others.map(rate));
  if (count === 0 || rate(worst) < timesTheRate * highest) return null;
  return { index: worstIndex, count, mostElsewhere: Math.max(...others.map(({ deltas }) => countIn(deltas))), others: others.length };
}
