import { poissonAtMost, regularisedBeta } from './special-functions.ts';

/**
 * The exact (Clopper-Pearson) upper bound of a proportion: with k exceedances in n independent samples, the true share is
 * not above it at this confidence. For k = 0 it is 1 − (1 − confidence)^(1/n), about 3/n at 95 %.
 * Good to eight digits up to 10^9 samples and to seven at 10^10. NaN when k and n are not counts with 0 ≤ k ≤ n.
 */
export function proportionUpperBound(k: number, n: number, confidence = 0.95): number {
  if (!(Number.isFinite(n) && k >= 0 && k <= n && confidence > 0 && confidence < 1)) return Number.NaN;
  if (k === n) return 1;
  if (k === 0) return -Math.expm1(Math.log(1 - confidence) / n);
  // The bound is where I_p(k + 1, n − k) reaches the confidence; it grows with p.
  return bisectLog(k / n, 1, (p) => regularisedBeta(p, k + 1, n - k) < confidence);
}

/**
 * The upper bound of how often events come, from k of them in some time (Poisson), in events per the unit of `time`.
 * None in T hours shows no more than 3/T an hour, however many samples were taken. NaN when there is no time or no count.
 */
export function rateUpperBound(k: number, time: number, confidence = 0.95): number {
  if (!(Number.isFinite(k) && k >= 0 && time > 0 && confidence > 0 && confidence < 1)) return Number.NaN;
  if (k === 0) return -Math.log(1 - confidence) / time;
  return bisectLog(k, (k + 10) * 4, (mean) => poissonAtMost(k, mean) > 1 - confidence) / time;
}

/** How many samples without a single exceedance show, at this confidence, that at least this fraction is under the limit; Infinity for 1. */
export const samplesNeeded = (fraction: number, confidence = 0.95): number =>
  fraction >= 1 ? Infinity : Math.ceil(Math.log(1 - confidence) / Math.log(fraction));

/** The value between two positive ones where `isBelow` turns false, to the last bits. */
function bisectLog(from: number, to: number, isBelow: (value: number) => boolean): number {
  let low = Math.log(from);
  let high = Math.log(to);
  for (let step = 0; step < 100 && high - low > 1e-15 * Math.abs(low); step++) {
    const middle = (low + high) / 2;
    if (isBelow(Math.exp(middle))) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
