import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianOf, normalUpperTail, rankSumTest, shiftBetween, smallestP } from '../../../shared/statistics/rank-sum.ts';

/** All choices of `size` places out of `count`, by counting in binary: another way than the one that is tested. */
function* choices(count: number, size: number): Generator<number[]> {
  for (let bits = 0; bits < 2 ** count; bits++) {
    const places = Array.from({ length: count }, (_, i) => i).filter((i) => Math.floor(bits / 2 ** i) % 2 === 1);
    if (places.length === size) yield places;
  }
}

function countedP(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b];
  const rank = (value: number) => all.filter((other) => other < value).length + (all.filter((other) => other === value).length + 1) / 2;
  const ranks = all.map(rank);
  const mean = (a.length * (all.length + 1)) / 2;
  const far = (places: readonly number[]) => Math.abs(places.reduce((total, place) => total + (ranks[place] ?? 0), 0) - mean);
  const observed = far(a.map((_, i) => i));
  let extreme = 0, total = 0;
  for (const places of choices(all.length, a.length)) {
    total++;
    if (far(places) >= observed - 1e-9) extreme++;
  }
  return extreme / total;
}

describe('rankSumTest', () => {
  it('is the share of divisions that separate at least as far, ties or not', () => {
    const values = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(values, values, (a, b) => {
      expect(rankSumTest(a, b)?.p).toBeCloseTo(countedP(a, b), 12);
    }), { numRuns: 300 });
  });

  // Reference: scipy 1.17 mannwhitneyu.
  it('agrees with an independent implementation, exact and approximate', () => {
    expect(rankSumTest([3.1, 4.2, 1.9, 5.5, 2.2], [6.1, 4.9, 7.7, 5.1, 8.3, 9.0])).toEqual({ p: expect.closeTo(0.017316017316017316, 12), exact: true });
    const a = [51, 54, 51, 43, 54, 52, 47, 52, 51, 51, 50, 52, 46, 49, 47, 52, 50, 48, 46, 48, 50, 48, 56, 55, 36, 40, 49, 47, 51, 51, 60, 44, 48, 60, 53, 53, 47, 41, 50, 50];
    const b = [46, 49, 52, 48, 52, 53, 53, 50, 55, 57, 54, 48, 56, 50, 57, 47, 57, 52, 46, 51, 53, 54, 48, 47, 53, 50, 54, 56, 44, 54, 59, 51, 48, 56, 54, 57, 51, 45, 52, 50, 56, 53, 44, 47, 57];
    expect(rankSumTest(a, b)).toEqual({ p: expect.closeTo(0.028499960488155486, 6), exact: false });
  });

  it('with nothing to compare gives nothing, with equal values p = 1', () => {
    expect(rankSumTest([], [1])).toBeNull();
    expect(rankSumTest([5, 5, 5], [5, 5, 5])?.p).toBe(1);
    expect(rankSumTest(new Array(40).fill(5), new Array(40).fill(5))?.p).toBe(1);
  });

  it('says how small p can get: three against three never shows anything at 5 %, four against four can', () => {
    expect(smallestP(1, 1)).toBe(1);
    expect(smallestP(3, 3)).toBeCloseTo(0.1, 12);
    expect(smallestP(4, 4)).toBeCloseTo(2 / 70, 12);
    expect(rankSumTest([1, 2, 3, 4], [5, 6, 7, 8])?.p).toBeCloseTo(smallestP(4, 4), 12);
  });
});

describe('shiftBetween', () => {
  it('is the median of all differences, with an interval of ordered differences', () => {
    const shift = shiftBetween([10, 11, 12, 13], [20, 21, 22, 26]);
    // 16 differences; C(8,4) = 70 divisions, U = 0 in one of them: 1/70 ≤ 2.5 % < 2/70, so one difference is outside at each end.
    expect(shift).toEqual({ estimate: 10, low: 7, high: 16, confidence: expect.closeTo(1 - 2 / 70, 12) });
  });

  it('with too few values has no bounds', () => {
    expect(shiftBetween([1, 2, 3], [7, 8, 9])).toEqual({ estimate: 6, low: -Infinity, high: Infinity, confidence: 1 });
    expect(shiftBetween([], [1])).toBeNull();
  });

  it('moves with the values, and many are answered too', () => {
    const many = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 1000);
    const shift = shiftBetween(many, many.map((value) => value + 40));
    expect(shift?.estimate).toBeCloseTo(40, 6);
    expect(shift?.low).toBeLessThan(40);
    expect(shift?.high).toBeGreaterThan(40);
  });
});

it('median and normal tail are the known ones', () => {
  expect(medianOf([3, 1, 2])).toBe(2);
  expect(medianOf([4, 1, 2, 3])).toBe(2.5);
  expect(normalUpperTail(0)).toBeCloseTo(0.5, 7);
  expect(normalUpperTail(1.959963985)).toBeCloseTo(0.025, 6);
});
