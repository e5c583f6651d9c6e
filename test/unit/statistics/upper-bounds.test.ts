import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proportionUpperBound, rateUpperBound, samplesNeeded } from '../../../shared/statistics/upper-bounds.ts';
import { logGamma, poissonAtMost, regularisedBeta } from '../../../shared/statistics/special-functions.ts';

/** P(at most k of n) for the share p, term by term: shares nothing with the incomplete beta function. */
function binomialAtMost(k: number, n: number, p: number): number {
  let logTerm = n * Math.log1p(-p);
  let total = Math.exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
    total += Math.exp(logTerm);
  }
  return total;
}

describe('proportionUpperBound', () => {
  it.each([
    // beta.ppf(0.95, k + 1, n − k) of SciPy 1.17.
    [0, 10, 0.258865550893],
    [1, 10, 0.394163302437],
    [5, 100, 0.102253377643],
    [9, 10, 0.994883803108],
    [3, 1000, 0.00773524471848],
    [50, 1000, 0.0628634035124],
    [999, 1000, 0.999948708021],
    [1, 43200000, 1.09811673972e-07],
    [7, 3600000, 3.65225071539e-06],
    [0, 43200000, 6.9345652076e-08],
    [120000, 60000000, 0.00200951316604],
    [1000000, 1000000000, 0.001001645598],
    [3, 10000000000, 7.75365652609e-10],
  ])('%i of %i: %d', (k, n, expected) => { expect(proportionUpperBound(k, n) / expected).toBeCloseTo(1, n > 1e9 ? 7 : 8); });

  it('leaves exactly 5 % for as few exceedances or fewer', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 2000 }), fc.nat({ max: 60 }), (n, exceedances) => {
      const k = Math.min(exceedances, n - 1);
      expect(binomialAtMost(k, n, proportionUpperBound(k, n))).toBeCloseTo(0.05, 7);
    }), { numRuns: 500 });
  });

  it('at other confidences, and at the ends', () => {
    expect(proportionUpperBound(5, 100, 0.99)).toBeCloseTo(0.12585173069767863, 9);
    expect(proportionUpperBound(4, 4)).toBe(1);
    expect(proportionUpperBound(0, 1e6) * 1e6).toBeCloseTo(3, 2);
    for (const [k, n] of [[-1, 10], [11, 10], [Number.NaN, 10], [0, Infinity]] as const) expect(proportionUpperBound(k, n)).toBeNaN();
  });
});

describe('rateUpperBound', () => {
  it.each([
    // chi2.ppf(0.95, 2(k + 1)) / 2 of SciPy 1.17.
    [0, 2.99573227355], [1, 4.74386451839], [2, 6.29579362187], [3, 7.75365652793], [10, 16.9622192357], [100, 118.079272782], [100000, 100521.718882],
  ])('%i events: %d per the time observed', (k, expected) => {
    expect(rateUpperBound(k, 1) / expected).toBeCloseTo(1, 9);
    expect(rateUpperBound(k, 12) * 12).toBeCloseTo(rateUpperBound(k, 1), 6);
  });

  it('needs a time and a count', () => { for (const [k, time] of [[0, 0], [-1, 1], [Infinity, 1]] as const) expect(rateUpperBound(k, time)).toBeNaN(); });
});

it('samplesNeeded is where the bound without an exceedance reaches what is asked for', () => {
  expect(samplesNeeded(0.999)).toBe(2995);
  expect(proportionUpperBound(0, 2995)).toBeLessThanOrEqual(0.001);
  expect(proportionUpperBound(0, 2994)).toBeGreaterThan(0.001);
  expect(samplesNeeded(1)).toBe(Infinity);
});

it('special functions at their ends and at known points', () => {
  expect(logGamma(1)).toBeCloseTo(0, 14);
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
  expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
  expect([regularisedBeta(0, 2, 3), regularisedBeta(1, 2, 3)]).toEqual([0, 1]);
  expect(regularisedBeta(0.5, 7, 7)).toBeCloseTo(0.5, 14);
  expect(poissonAtMost(3, 0)).toBe(1);
  expect(poissonAtMost(0, 2)).toBeCloseTo(Math.exp(-2), 14);
});
