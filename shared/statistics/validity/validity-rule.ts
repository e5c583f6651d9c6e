import type { ValidityCheck } from '../../model/explanation.ts';
import { durationInWords } from '../words.ts';
import type { RunEvidence } from './run-evidence.ts';

/** What a rule found; the rule's name, title and source are added to it. */
export type Outcome = Pick<ValidityCheck, 'outcome' | 'message' | 'next'>;

/** One condition of a valid run. `check` is total; a rule that has nothing to say about a run gives nothing. */
export interface ValidityRule {
  readonly id: string;
  readonly title: string;
  /** Where it comes from, or why it is so. */
  readonly source: string;
  readonly check: (evidence: RunEvidence) => readonly Outcome[];
}

export const good = (message: string): Outcome => ({ outcome: 'good', message, next: null });
export const unknown = (message: string, next: string | null = null): Outcome => ({ outcome: 'unknown', message, next });
export const condition = (message: string, next: string | null = null): Outcome => ({ outcome: 'condition', message, next });
export const notComparable = (message: string, next: string | null = null): Outcome => ({ outcome: 'not comparable', message, next });

/** As often as this on an isolated CPU, and the isolation is not what the command line says: docs/explanation.md. */
export const oftenPerSecond = 10;

/** `10 a second`, `one every 12 s`, `in 4 s`: never more than was counted. */
export function rateInWords(count: number, seconds: number): string {
  const rate = count / seconds;
  if (rate >= 1) return `${rate.toLocaleString('en-US', { maximumFractionDigits: rate >= 10 ? 0 : 1 })} a second`;
  return count <= 1 ? `in ${durationInWords(seconds)}` : `one every ${durationInWords(seconds / count)}`;
}
