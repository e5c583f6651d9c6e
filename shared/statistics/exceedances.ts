import type { ThreadResult } from '../model/run.ts';
import { overflowStartsAtUs, resolutionOf, type BucketKnowledge } from './bucket-knowledge.ts';

/** How many samples took the limit or longer. The two differ where the overflow hides on which side its samples lie. */
export interface Exceedances { readonly atLeast: number; readonly atMost: number }

/**
 * Counts the samples that are not shown to be under the limit. A value is truncated: with whole µs, 100 may have been 100.9,
 * so only 99 and less are under a limit of 100.
 */
export function countExceedances(thread: ThreadResult, limitUs: number, knowledge: BucketKnowledge = {}): Exceedances {
  const { samples, histogram, overflows, maxUs } = thread;
  const isUnder = (us: number) => us + resolutionOf(knowledge) <= limitUs + 1e-9;
  if (maxUs !== null && isUnder(maxUs)) return { atLeast: 0, atMost: 0 };
  const known = maxUs === null ? 0 : 1;
  if (histogram === undefined) return { atLeast: Math.min(known, samples), atMost: samples };
  let counted = 0;
  for (const [edge, count] of histogram) if (!isUnder(edge)) counted += count;
  if (overflows === 0) return { atLeast: counted, atMost: counted };
  if (!isUnder(overflowStartsAtUs(thread, knowledge))) return { atLeast: counted + overflows, atMost: counted + overflows };
  return { atLeast: Math.max(counted, known), atMost: counted + overflows };
}
