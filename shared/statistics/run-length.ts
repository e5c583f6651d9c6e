import { proportionUpperBound, rateUpperBound, samplesNeeded } from './upper-bounds.ts';
import { countInWords, durationInWords } from './words.ts';

/** What is to be shown with 95 % confidence. */
export interface WantedClaim {
  /** Fraction of responses within the limit, 0 < f < 1; null when the claim is about time alone. */
  readonly fraction: number | null;
  /** Exceedances come no more often than this on average, seconds; null when the claim is about the fraction alone. */
  readonly meanIntervalSeconds: number | null;
  readonly intervalUs: number;
  /** How many exceedances the run may have and still show it. */
  readonly allowed?: number;
}

export interface RunLength {
  /** On each CPU; null where no run however long shows it. */
  readonly samples: number | null;
  readonly seconds: number | null;
  readonly sentence: string;
}

/**
 * How long a run must be to show a claim: samples from the exact (Clopper-Pearson) bound, time from the Poisson bound, whichever asks for more.
 * It holds only if no more exceedances occur than allowed, and says so. Each CPU needs that long; CPUs are not added up.
 */
export function runLengthFor({ fraction, meanIntervalSeconds, intervalUs, allowed = 0 }: WantedClaim): RunLength {
  const periodSeconds = intervalUs / 1e6;
  const bySamples = fraction === null ? 0 : samplesWith(allowed, fraction);
  // The bound on the rate after the run is rateUpperBound(allowed, T) = rateUpperBound(allowed, 1) / T.
  const byTime = meanIntervalSeconds === null ? 0 : rateUpperBound(allowed, 1) * meanIntervalSeconds;
  const seconds = Math.max(bySamples * periodSeconds, byTime);
  if (!Number.isFinite(seconds) || !(periodSeconds > 0)) {
    return { samples: null, seconds: null, sentence: 'No run, however long, shows that every response is in time: ask for a fraction below 100 %, or for a mean interval.' };
  }
  const samples = Math.ceil(seconds / periodSeconds - 1e-9);
  const condition = allowed === 0 ? 'if none occurs in all that time' : `if no more than ${countInWords(allowed)} occur in all that time`;
  return {
    samples, seconds,
    sentence: `To show this with 95 % confidence, each CPU must be measured for ${durationInWords(seconds)} (${countInWords(samples)} samples), ${condition}.`,
  };
}

/** The smallest n whose bound with this many exceedances leaves the fraction; Infinity for a fraction of 1. */
function samplesWith(allowed: number, fraction: number): number {
  if (fraction >= 1) return Infinity;
  if (allowed === 0) return samplesNeeded(fraction);
  const shows = (n: number) => proportionUpperBound(allowed, n) <= 1 - fraction;
  let high = allowed + 1;
  while (!shows(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (shows(middle)) high = middle;
    else low = middle;
  }
  return high;
}
