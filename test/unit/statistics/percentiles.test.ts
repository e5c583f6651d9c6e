import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseCyclictest } from '../../../shared/parsers/cyclictest/parse-cyclictest.ts';
import { percentileOf, percentilesOf, supportedPercentiles } from '../../../shared/statistics/percentiles.ts';

const folder = new URL('../../fixtures/', import.meta.url);
const vectors = z.record(z.string(), z.object({
  hist_bound: z.number(),
  threads: z.array(z.object({ thread: z.number(), samples: z.number(), overflow: z.number(), max: z.number(), nearest_rank_percentiles_us: z.record(z.string(), z.union([z.number(), z.string()])) })),
})).parse(JSON.parse(readFileSync(new URL('expected/percentiles.json', folder), 'utf8')));

describe.each(Object.entries(vectors))('%s', (file, { hist_bound: boundUs, threads }) => {
  const output = parseCyclictest(readFileSync(new URL(file, folder), 'utf8'));
  if (!output.ok) throw output.error;

  it.each(threads)('thread $thread', ({ thread: index, samples, overflow, max, nearest_rank_percentiles_us: expected }) => {
    const thread = output.value.threads[index];
    if (thread === undefined) throw new Error('no such thread');
    expect([thread.samples, thread.overflows]).toEqual([samples, overflow]);
    for (const [p, value] of Object.entries(expected)) {
      const found = percentileOf(thread, Number(p), { boundUs });
      if (typeof value === 'number') expect(found).toEqual({ p: Number(p), us: value, atLeastUs: value, atMostUs: value + 1 });
      else {
        expect(found).toEqual({ p: Number(p), us: null, atLeastUs: boundUs, atMostUs: max });
        expect(value).toBe(`>=${boundUs} (overflow; <= max ${max})`);
      }
    }
  });
});

const values = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 300 });

function threadOf(list: readonly number[], bound: number) {
  const histogram = new Map<number, number>();
  for (const value of list) if (value < bound) histogram.set(value, (histogram.get(value) ?? 0) + 1);
  const pairs = [...histogram].sort((a, b) => a[0] - b[0]);
  return { index: 0, samples: list.length, minUs: Math.min(...list), avgUs: null, maxUs: Math.max(...list), overflows: list.filter((value) => value >= bound).length, histogram: pairs };
}

describe('percentileOf', () => {
  it('is the sample at rank ceil(p·n), or bounds that contain it', () => {
    fc.assert(fc.property(values, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 100 }), (list, bound, percent) => {
      const sorted = [...list].sort((a, b) => a - b);
      // In whole numbers, so that no rounding of p·n can be shared with what is tested.
      const sample = sorted[Math.floor((percent * list.length + 99) / 100) - 1] ?? NaN;
      const found = percentileOf(threadOf(list, bound), percent / 100, { boundUs: bound });
      if (sample < bound) expect(found.us).toBe(sample);
      else {
        expect(found.us).toBeNull();
        expect(found.atLeastUs).toBeLessThanOrEqual(sample);
        expect(found.atMostUs).toBeGreaterThanOrEqual(sample);
      }
    }), { numRuns: 1000 });
  });

  it('without the size of the histogram: the overflow begins after the last bucket, at the earliest', () => {
    const thread = threadOf([3, 3, 40], 10);
    expect(percentileOf(thread, 1)).toEqual({ p: 1, us: null, atLeastUs: 4, atMostUs: 40 });
    expect(percentileOf(thread, 1, { boundUs: 10 })).toEqual({ p: 1, us: null, atLeastUs: 10, atMostUs: 40 });
  });

  it('of nanoseconds is as sharp as they are', () => {
    expect(percentileOf({ ...threadOf([1], 2), histogram: [[12.394, 1]] }, 0.5, { resolutionUs: 0.001 })).toMatchObject({ us: 12.394, atMostUs: 12.395 });
  });

  it('without samples or without a histogram is not made up', () => {
    expect(percentileOf({ index: 0, samples: 0, minUs: null, avgUs: null, maxUs: null, overflows: 0, histogram: [] }, 0.5)).toEqual({ p: 0.5, us: null, atLeastUs: null, atMostUs: null });
    const summary = { index: 0, samples: 1000, minUs: 3, avgUs: 4, maxUs: 9, overflows: 0 };
    expect(percentileOf(summary, 0.5)).toEqual({ p: 0.5, us: null, atLeastUs: 3, atMostUs: 9 });
    expect(percentilesOf(summary)).toEqual([]);
  });
});

it.each([
  [19, []],
  [20, [0.5]],
  [999, [0.5, 0.9]],
  [1000, [0.5, 0.9, 0.99]],
  [60_000, [0.5, 0.9, 0.99, 0.999]],
  [43_200_000, [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999]],
  [1e9, [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999, 0.9999999, 0.99999999]],
])('%i samples support %j: ten lie above', (samples, expected) => { expect(supportedPercentiles(samples)).toEqual(expected); });
