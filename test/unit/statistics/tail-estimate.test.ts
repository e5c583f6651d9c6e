import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extremeValueCdf, extremeValueQuantile, fitExtremeValues, sampleLMoments } from '../../../shared/statistics/extreme-values/generalised-extreme-value.ts';
import { seededRandom } from '../../../shared/statistics/extreme-values/seeded-random.ts';
import { estimateTail } from '../../../shared/statistics/extreme-values/tail-estimate.ts';

const gumbel = { location: 30, scale: 4, shape: 0 };
const heavy = { location: 30, scale: 4, shape: 0.2 };

function drawn(parameters: typeof gumbel, count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Math.floor(extremeValueQuantile(random(), parameters)));
}

const estimateOf = (maximaUs: readonly number[]) => estimateTail({ maximaUs, blockSeconds: 600, resolutionUs: 1 });

describe('the generalised extreme-value distribution', () => {
  // References: scipy 1.17 genextreme(c = −shape) and gumbel_r.
  it('agrees with an independent implementation', () => {
    expect([0.5, 1e-3, 1e-9].map((above) => extremeValueQuantile(above, heavy))).toEqual([31.521121702780103, 89.6134690461626, 1271.9146888341957].map((value) => expect.closeTo(value, 4)));
    expect([0.5, 1e-3, 1e-9].map((above) => extremeValueQuantile(above, gumbel))).toEqual([31.466051682326658, 57.62902028209487, 112.89306334578565].map((value) => expect.closeTo(value, 4)));
    expect([20, 30, 45].map((x) => extremeValueCdf(x, heavy))).toEqual([1.26641655e-14, 0.367879441, 0.940891927].map((value) => expect.closeTo(value, 8)));
    expect([20, 30, 45].map((x) => extremeValueCdf(x, gumbel))).toEqual([5.1192943e-6, 0.367879441, 0.976756641].map((value) => expect.closeTo(value, 8)));
  });

  it('L-moments of 1 … n are those of the uniform distribution', () => {
    const { mean, scale, skewness } = sampleLMoments(Array.from({ length: 101 }, (_, i) => i));
    expect(mean).toBeCloseTo(50, 9);
    // Half the mean difference of two of n whole numbers: (n + 1) / 6.
    expect(scale).toBeCloseTo(102 / 6, 9);
    expect(skewness).toBeCloseTo(0, 9);
  });

  it.each([gumbel, heavy])('is found again from its own values, shape $shape', (parameters) => {
    const random = seededRandom(11);
    const fitted = fitExtremeValues(Array.from({ length: 40_000 }, () => extremeValueQuantile(random(), parameters)));
    expect(fitted?.location).toBeCloseTo(30, 0);
    expect(fitted?.scale).toBeCloseTo(4, 0);
    expect(Math.abs((fitted?.shape ?? 9) - parameters.shape)).toBeLessThan(0.03);
  });

  it('never claims an upper end', () => {
    const random = seededRandom(5);
    expect(fitExtremeValues(Array.from({ length: 500 }, () => random()))?.shape).toBe(0);
    expect(fitExtremeValues([4, 4, 4, 4])).toBeNull();
  });
});

describe('estimateTail', () => {
  it('estimates levels near the true ones, and its 95 % level holds in most draws', () => {
    let estimates = 0, under = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const estimate = estimateOf(drawn(gumbel, 120, seed));
      if (estimate.kind === 'refused') continue;
      estimates++;
      const level = estimate.levels.at(-1);
      // The true level exceeded once in 1200 blocks.
      const truth = extremeValueQuantile(1 / 1200, gumbel);
      expect(Math.abs((level?.us ?? 0) - truth)).toBeLessThan(40);
      if (truth <= (level?.upperUs ?? 0)) under++;
    }
    // Three tests reject a good set now and then: 1 %, 1 % and 5 %.
    expect(estimates).toBeGreaterThanOrEqual(50);
    expect(under / estimates).toBeGreaterThan(0.85);
  });

  it('says that it is an estimate, and shows the fit', () => {
    const estimate = estimateOf(drawn(heavy, 200, 3));
    if (estimate.kind === 'refused') throw new Error(estimate.sentence);
    expect(estimate.sentence).toMatch(/^An estimate, not a proof: from the maxima of 200 blocks of 10 min, about .* once in 13 d 21 h on average/);
    expect(estimate.quantiles).toHaveLength(200);
    expect(estimate.quantiles.every(({ expectedUs }, i) => i === 0 || expectedUs > (estimate.quantiles[i - 1]?.expectedUs ?? Infinity))).toBe(true);
    expect(estimate).toEqual(estimateOf(drawn(heavy, 200, 3)));
  });

  it('refuses what it cannot do, with the reason', () => {
    const good = drawn(gumbel, 100, 4);
    const two = [...drawn(gumbel, 97, 4), 300, 310, 305];
    const spread = [97, 17, 59].reduce((list, place, i) => list.toSpliced(place, 0, two.slice(97)[i] ?? 0), two.slice(0, 97));
    expect(estimateOf(good.slice(0, 29))).toMatchObject({ kind: 'refused', reason: 'too few blocks' });
    expect(estimateOf(good.map((value) => Math.floor(value / 10)))).toMatchObject({ reason: 'too coarse' });
    expect(estimateOf(good.map((value, i) => value + i))).toMatchObject({ reason: 'drift', sentence: expect.stringContaining('rise') });
    expect(estimateOf(good.map((value, i) => value + (Math.floor(i / 5) % 2) * 20))).toMatchObject({ reason: 'dependent' });
    expect(estimateOf(spread)).toMatchObject({ reason: 'heavy tail' });
    const bimodal = good.map((value, i) => ((i * 7919) % 100 < 45 ? value + 60 : value));
    expect(estimateOf(bimodal)).toMatchObject({ reason: 'bad fit' });
  });

  it('is total, and of very many blocks puts neighbours together', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true, min: 0, max: 1e6 }), { maxLength: 80 }), (maxima) => {
      expect(['refused', 'estimate']).toContain(estimateOf(maxima).kind);
    }), { numRuns: 60 });
    const estimate = estimateOf(drawn(gumbel, 5000, 9));
    expect(estimate).toMatchObject({ kind: 'estimate', blocks: 1000, blockSeconds: 3000 });
  });
});
