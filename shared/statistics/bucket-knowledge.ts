import type { ThreadResult } from '../model/run.ts';

/** What a histogram alone does not say, and the one who ran it knows. */
export interface BucketKnowledge {
  /** Width of a bucket: cyclictest truncates, so the value v stands for latencies from v up to v + resolution. 1 µs unless said (0.001 with -N). */
  readonly resolutionUs?: number;
  /** The size given with -h: where the overflow begins. Without it, the last bucket that counted something stands in. */
  readonly boundUs?: number | null;
}

export const resolutionOf = ({ resolutionUs = 1 }: BucketKnowledge) => resolutionUs;

/** Every overflow of this thread is at least this long. */
export function overflowStartsAtUs(thread: ThreadResult, knowledge: BucketKnowledge): number {
  const last = thread.histogram?.at(-1);
  const afterLast = last === undefined ? 0 : last[0] + resolutionOf(knowledge);
  return Math.max(knowledge.boundUs ?? 0, afterLast);
}
