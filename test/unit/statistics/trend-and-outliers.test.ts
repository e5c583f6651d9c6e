import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../shared/statistics/extreme-values/seeded-random.ts';
import { outliersOf } from '../../../shared/statistics/outliers.ts';
import { trendOf } from '../../../shared/statistics/trend.ts';

const hourly = (values: readonly number[]) => values.map((value, i) => ({ atSeconds: i * 3600, value }));

describe('trendOf', () => {
  // References: S = 50, variance 208.67 with the correction for ties, scipy 1.17 theilslopes.
  it('agrees with an independent computation, ties and all', () => {
    expect(trendOf(hourly([5, 6, 5, 7, 8, 8, 9, 7, 10, 11, 9, 12]))).toEqual({ p: expect.closeTo(0.0006935735399, 6), perHour: expect.closeTo(0.6, 12) });
  });

  it('needs ten values, and time that passes', () => {
    expect(trendOf(hourly([1, 2, 3, 4, 5, 6, 7, 8, 9]))).toBeNull();
    expect(trendOf(Array.from({ length: 12 }, (_, value) => ({ atSeconds: 5, value })))).toBeNull();
    expect(trendOf(hourly(new Array(12).fill(7)))).toEqual({ p: expect.closeTo(1, 6), perHour: 0 });
  });

  it('finds no trend in noise more often than it should', () => {
    const random = seededRandom(3);
    const found = Array.from({ length: 400 }, () => trendOf(hourly(Array.from({ length: 30 }, () => Math.floor(random() * 20))))).filter((trend) => trend !== null && trend.p < 0.05).length;
    // 400 tries at 5 %: 20 expected, more than 35 in one of a thousand cases.
    expect(found).toBeGreaterThan(5);
    expect(found).toBeLessThan(35);
  });

  it('of very many values takes medians of stretches', () => {
    const trend = trendOf(Array.from({ length: 50_000 }, (_, i) => ({ atSeconds: i, value: Math.floor(i / 1000) + (i % 7) })));
    expect(trend?.p).toBeLessThan(1e-6);
    expect(trend?.perHour).toBeCloseTo(3.6, 1);
  });
});

describe('outliersOf', () => {
  const figures = (values: readonly number[]) => values.map((value, cpu) => ({ name: `CPU ${cpu}`, value }));

  it('names the CPU that stands out, and by how much', () => {
    // Median 21, absolute deviations 1 1 0 1 0 1 66 → MAD 1.
    expect(outliersOf(figures([20, 22, 21, 20, 21, 22, 87]), 1)).toEqual([{ name: 'CPU 6', value: 87, median: 21, score: expect.closeTo(0.6745 * 66, 9) }]);
  });

  it('a step of the resolution is no outlier, and of three CPUs none is', () => {
    expect(outliersOf(figures([20, 20, 20, 20, 20, 21]), 1)).toEqual([]);
    expect(outliersOf(figures([20, 20, 900]), 1)).toEqual([]);
  });
});
