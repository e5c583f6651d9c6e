import type { ThreadResult, Verdict } from '../model/run.ts';
import type { BucketKnowledge } from './bucket-knowledge.ts';
import { countExceedances, type Exceedances } from './exceedances.ts';
import { enoughOfExpected } from './expected-samples.ts';
import { gradeLimits } from './limits.ts';
import { proportionUpperBound } from './upper-bounds.ts';
import { countInWords, durationInWords, latencyInWords, shareInWords } from './words.ts';

export interface JudgeInput extends BucketKnowledge {
  /** One per measured CPU, all segments merged. */
  readonly threads: readonly ThreadResult[];
  readonly deadlineUs: number | null;
  /** Fraction of responses that must meet the deadline, 0 < f ≤ 1. */
  readonly deadlineFraction: number;
  /** Whether the board is a virtual machine; null when that is not known. */
  readonly virtualised: boolean | null;
  /** Time measured, gaps between segments left out. */
  readonly measuredSeconds: number;
  /** Why the run cannot be compared with any limit: gates that failed, throttling, missing load … */
  readonly validity: { readonly notComparable: readonly string[] };
  /** Why the run did not reach its end, when it did not. Such a run is never a pass. */
  readonly interrupted?: string | null;
  /** Samples a CPU should have, from duration and interval; null when not known. */
  readonly expectedSamples?: number | null;
}

type Grade = Verdict['grade'];
const order: readonly Grade[] = ['great', 'good', 'poor', 'not comparable'];

const enoughSamples = 1_000_000;
const enoughSeconds = 600;

/**
 * The verdict of a run and the rule that decided it, in words. Gates and validity come first; then the user's deadline,
 * or without one the limits for virtual machines and bare metal. Every CPU is judged for itself and the worst decides.
 * With a deadline: great when no response misses it, good when the misses stay within the allowed fraction, else poor.
 */
export function judge(input: JudgeInput): Verdict {
  const obstacles = obstaclesOf(input);
  if (obstacles.length > 0) return { grade: 'not comparable', indicative: false, rule: 'A run is compared only when it reached its end under valid conditions.', reasons: obstacles };
  const judged = input.threads.map((thread) => (input.deadlineUs === null ? byLimits(thread, input) : byDeadline(thread, input.deadlineUs, input)));
  const grade = judged.reduce<Grade>((worst, { grade: own }) => (order.indexOf(own) > order.indexOf(worst) ? own : worst), 'great');
  const limitations = limitationsOf(input);
  return {
    grade,
    indicative: limitations.length > 0,
    rule: ruleOf(input),
    reasons: [...deciding(judged.filter((one) => one.grade === grade)), ...limitations],
  };
}

function obstaclesOf({ threads, validity, interrupted }: JudgeInput): string[] {
  const obstacles = [...validity.notComparable];
  if (interrupted !== null && interrupted !== undefined) obstacles.push(`The run did not reach its end: ${interrupted}`);
  if (threads.length === 0) obstacles.push('No CPU was measured.');
  for (const thread of threads) {
    if (thread.samples === 0) obstacles.push(`${nameOf(thread)} has no samples.`);
    else if (thread.maxUs === null) obstacles.push(`The maximum of ${nameOf(thread)} is not known.`);
  }
  return obstacles;
}

function ruleOf({ deadlineUs, deadlineFraction, virtualised, threads }: JudgeInput): string {
  const worst = threads.length > 1 ? ' The worst CPU decides.' : '';
  if (deadlineUs === null) return `No deadline was set: ${gradeLimits(virtualised).source}.${worst}`;
  const share = deadlineFraction === 1 ? 'every response' : `${percent(deadlineFraction)} of the responses`;
  return `Your deadline: ${share} within ${latencyInWords(deadlineUs)}.${worst}`;
}

interface Judged { readonly grade: Grade; readonly reason: string; readonly maxUs: number }

function byLimits(thread: ThreadResult, { virtualised }: JudgeInput): Judged {
  const { greatUs, goodUs } = gradeLimits(virtualised);
  const maxUs = thread.maxUs ?? Infinity;
  const grade = maxUs < greatUs ? 'great' : maxUs < goodUs ? 'good' : 'poor';
  return { grade, maxUs, reason: `${nameOf(thread)}: maximum ${latencyInWords(maxUs)} in ${countInWords(thread.samples)} samples.` };
}

function byDeadline(thread: ThreadResult, deadlineUs: number, input: JudgeInput): Judged {
  const missed = countExceedances(thread, deadlineUs, input);
  const allowed = Math.floor(thread.samples * (1 - input.deadlineFraction) + 1e-6);
  const grade = missed.atMost === 0 ? 'great' : missed.atMost <= allowed ? 'good' : missed.atLeast > allowed ? 'poor' : 'not comparable';
  const undecided = grade === 'not comparable' ? ' The histogram ends below the deadline and hides how many; run again with a larger one.' : '';
  const resolution = grade === 'poor' && thread.maxUs === deadlineUs ? ' Values are whole µs, cut off: this one may have been longer than the deadline.' : '';
  return { grade, maxUs: thread.maxUs ?? Infinity, reason: `${nameOf(thread)}: ${missesInWords(missed)} of ${countInWords(thread.samples)} responses missed ${latencyInWords(deadlineUs)}, the longest took ${latencyInWords(thread.maxUs ?? 0)}.${undecided}${resolution}` };
}

const listedCpus = 4;

/** The CPUs that decide, the worst first; of many only the worst are told, the others counted. */
function deciding(judged: readonly Judged[]): string[] {
  const worstFirst = [...judged].sort((a, b) => b.maxUs - a.maxUs);
  const others = worstFirst.length - listedCpus;
  return [...worstFirst.slice(0, listedCpus).map(({ reason }) => reason), ...(others > 0 ? [`The other ${others} were no worse.`] : [])];
}

const missesInWords = ({ atLeast, atMost }: Exceedances) =>
  (atMost === 0 ? 'none' : atLeast === atMost ? countInWords(atMost) : `${countInWords(atLeast)} to ${countInWords(atMost)}`);

/** What makes a verdict indicative only. */
function limitationsOf(input: JudgeInput): string[] {
  const { threads, measuredSeconds, expectedSamples, deadlineUs, deadlineFraction } = input;
  const limitations: string[] = [];
  const fewest = threads.reduce((least, thread) => (thread.samples < least.samples ? thread : least));
  if (fewest.samples < enoughSamples) limitations.push(`Indicative: ${nameOf(fewest)} has ${countInWords(fewest.samples)} samples, fewer than a million.`);
  if (measuredSeconds < enoughSeconds) limitations.push(`Indicative: ${durationInWords(measuredSeconds)} were measured, less than ten minutes.`);
  if (expectedSamples !== null && expectedSamples !== undefined && fewest.samples < expectedSamples * enoughOfExpected) {
    limitations.push(`Indicative: ${nameOf(fewest)} took ${countInWords(fewest.samples)} of ${countInWords(expectedSamples)} expected samples; the periods in between were slept through.`);
  }
  if (deadlineUs !== null && deadlineFraction < 1) {
    const bound = Math.max(...threads.map((thread) => proportionUpperBound(countExceedances(thread, deadlineUs, input).atMost, thread.samples)));
    if (bound > 1 - deadlineFraction) limitations.push(`Indicative: with 95 % confidence no more is shown than that fewer than ${shareInWords(bound)} miss the deadline, and ${shareInWords(1 - deadlineFraction)} may.`);
  }
  return limitations;
}

/** Floating point would write 0.9999 as 99.99000000000001 %. */
const percent = (fraction: number) => `${Number((fraction * 100).toPrecision(12))} %`;

const nameOf = ({ cpu, index }: ThreadResult) => (cpu === undefined ? `Thread ${index}` : `CPU ${cpu}`);
