import type { ThreadResult } from '../model/run.ts';
import type { BucketKnowledge } from './bucket-knowledge.ts';
import { countExceedances } from './exceedances.ts';
import { gradeLimits } from './limits.ts';
import { proportionUpperBound, rateUpperBound, samplesNeeded } from './upper-bounds.ts';
import { countInWords, durationInWords, latencyInWords, shareInWords } from './words.ts';

export interface ClaimInput extends BucketKnowledge {
  /** One per measured CPU, all segments merged. */
  readonly threads: readonly ThreadResult[];
  readonly measuredSeconds: number;
  readonly deadlineUs: number | null;
  readonly deadlineFraction: number;
  readonly virtualised: boolean | null;
  /** To say how much longer a run would have to be; null when not known. */
  readonly intervalUs: number | null;
}

/** The limit to make a claim about: the user's deadline, or the smallest usual limit that every maximum is under (else the largest). */
export function claimLimitUs({ threads, deadlineUs, virtualised }: Pick<ClaimInput, 'threads' | 'deadlineUs' | 'virtualised'>): number {
  if (deadlineUs !== null) return deadlineUs;
  const { greatUs, goodUs } = gradeLimits(virtualised);
  return threads.every(({ maxUs }) => maxUs !== null && maxUs < greatUs) ? greatUs : goodUs;
}

/**
 * What the run shows, and no more: the exact 95 % bound of the share that takes the limit or longer, for the CPU that
 * shows least, and the bound per time, because slow responses come in bursts and samples are not independent.
 */
export function claimSentence(input: ClaimInput): string {
  const { threads, measuredSeconds } = input;
  const limitUs = claimLimitUs(input);
  const measured = threads.filter(({ samples }) => samples > 0);
  const [first] = measured;
  if (first === undefined || measuredSeconds <= 0) return 'Nothing was measured, so nothing is shown.';
  const cases = measured.map((thread) => {
    const { atLeast, atMost: missed } = countExceedances(thread, limitUs, input);
    return { thread, missed, exactly: atLeast === missed, bound: proportionUpperBound(missed, thread.samples) };
  });
  const weakest = cases.reduce((worst, one) => (one.bound > worst.bound ? one : worst));
  const { thread, missed, exactly, bound } = weakest;
  const count = missed === 0 ? 'none' : `${exactly ? '' : 'up to '}${countInWords(missed)}`;
  const where = thread.cpu === undefined ? `thread ${thread.index}` : `CPU ${thread.cpu}`;
  const seen = `In ${durationInWords(measuredSeconds)}, ${count} of the ${countInWords(thread.samples)} samples on ${where}${threads.length > 1 ? ', the CPU that shows least,' : ''} took ${latencyInWords(limitUs)} or longer.`;
  const share = bound >= 1 ? '' : ` If samples were independent, this shows with 95 % confidence that at most ${shareInWords(bound)} do.`;
  const meanSeconds = 1 / rateUpperBound(missed, measuredSeconds);
  const time = ` They come in bursts, so count time instead: it shows that they come no more often than every ${durationInWords(meanSeconds)} on average.`;
  return `${seen}${share}${time}${longer(input, missed, thread)}`;
}

/** How long a run would have to be to support the fraction that the deadline asks for. */
function longer({ deadlineUs, deadlineFraction, intervalUs }: ClaimInput, missed: number, { samples }: ThreadResult): string {
  const needed = samplesNeeded(deadlineFraction);
  if (deadlineUs === null || intervalUs === null || missed > 0 || !Number.isFinite(needed) || samples >= needed) return '';
  return ` To show your fraction takes ${durationInWords((needed * intervalUs) / 1e6)} on each CPU, if none occurs in all that time.`;
}
