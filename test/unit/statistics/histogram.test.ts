import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ThreadResult } from '../../../shared/model/run.ts';
import { readCyclictest } from '../../../shared/parsers/cyclictest/read-cyclictest.ts';
import { emptyHistogram, histogramOf, mergeHistograms, mergePairs, pairsOf, totalCount } from '../../../shared/statistics/histogram.ts';
import { mergeByCpu, mergeThreads } from '../../../shared/statistics/merge-threads.ts';

const pairs = (edge: fc.Arbitrary<number>) => fc.uniqueArray(fc.tuple(edge, fc.integer({ min: 1, max: 1e9 })), { selector: ([lower]) => lower, maxLength: 40 })
  .map((list) => list.sort((a, b) => a[0] - b[0]));

/** Adding up the slow and plain way. */
function addedUp(lists: ReadonlyArray<ReadonlyArray<readonly [number, number]>>): Array<[number, number]> {
  const sums = new Map<number, number>();
  for (const [edge, count] of lists.flat()) sums.set(edge, (sums.get(edge) ?? 0) + count);
  return [...sums].sort((a, b) => a[0] - b[0]);
}

describe('mergeHistograms', () => {
  it.each([
    ['whole µs', fc.nat({ max: 1000 })],
    ['large µs', fc.nat({ max: 5_000_000 })],
    ['ns as fractions of µs', fc.nat({ max: 20_000 }).map((ns) => ns / 1000)],
    ['negative edges', fc.integer({ min: -50, max: 50 })],
  ])('adds up exactly: %s', (_, edge) => {
    fc.assert(fc.property(fc.array(pairs(edge), { maxLength: 6 }), (lists) => { expect(mergePairs(lists)).toEqual(addedUp(lists)); }), { numRuns: 300 });
  });

  it('does not depend on the order', () => {
    fc.assert(fc.property(pairs(fc.nat({ max: 60 })), pairs(fc.nat({ max: 60 })), pairs(fc.nat({ max: 60 })), (a, b, c) => {
      expect(mergePairs([a, mergePairs([b, c])])).toEqual(mergePairs([c, a, b]));
    }), { numRuns: 300 });
  });

  it('takes pairs in any order, and drops zero counts', () => {
    expect(mergePairs([[[5, 1], [2, 0], [2, 3], [5, 1]]])).toEqual([[2, 3], [5, 2]]);
    expect(mergeHistograms([])).toBe(emptyHistogram);
  });

  it('reads and adds up 64 threads of 30,000 buckets without losing one', () => {
    const rows = 30_000, threads = 64;
    const count = (row: number, thread: number) => ((row * 7 + thread * 13) % 50 === 0 ? row + thread + 1 : 0);
    const lines = ['# Histogram'];
    let all = 0;
    for (let row = 0; row < rows; row++) {
      const cells: string[] = [];
      for (let thread = 0; thread < threads; thread++) {
        all += count(row, thread);
        cells.push(String(count(row, thread)).padStart(6, '0'));
      }
      lines.push(`${String(row).padStart(6, '0')} ${cells.join('\t')}`);
    }
    for (const name of ['Min Latencies', 'Avg Latencies', 'Max Latencies', 'Histogram Overflows']) lines.push(`# ${name}:${' 00001'.repeat(threads)}`);
    const reading = readCyclictest(`${lines.join('\n')}\n`);
    if (!reading.ok) throw reading.error;
    const merged = mergeHistograms(reading.value.threads.map(({ histogram }) => histogram ?? emptyHistogram));
    expect(totalCount(merged)).toBe(all);
    expect(pairsOf(merged)[1]).toEqual([1, Array.from({ length: threads }, (_, thread) => count(1, thread)).reduce((a, b) => a + b)]);
    expect(histogramOf(pairsOf(merged))).toEqual(merged);
  });
});

const thread: ThreadResult = { index: 0, cpu: 2, samples: 10, minUs: 3, avgUs: 4, maxUs: 9, overflows: 1, histogram: [[3, 5], [4, 4]] };

describe('mergeThreads', () => {
  it('adds samples, overflows and buckets, and weights the average', () => {
    const other: ThreadResult = { ...thread, index: 1, cpu: 3, samples: 30, minUs: 2, avgUs: 8, maxUs: 20, overflows: 0, histogram: [[2, 1], [4, 29]] };
    expect(mergeThreads([thread, other], { index: 0 })).toEqual({ index: 0, samples: 40, minUs: 2, avgUs: 7, maxUs: 20, overflows: 1, histogram: [[2, 1], [3, 5], [4, 33]] });
  });

  it('leaves out threads without samples, whatever they say', () => {
    const idle = { index: 1, samples: 0, minUs: null, avgUs: null, maxUs: null, overflows: 0 };
    expect(mergeThreads([thread, idle], { index: 0, cpu: 2 })).toEqual(thread);
    expect(mergeThreads([idle], { index: 4 })).toEqual({ ...idle, index: 4 });
  });

  it('does not make up what a part does not know', () => {
    const partial: ThreadResult = { index: 0, cpu: 2, samples: 10, minUs: null, avgUs: null, maxUs: 30, overflows: 1 };
    const merged = mergeThreads([thread, partial], { index: 0 });
    expect(merged).toEqual({ index: 0, samples: 20, minUs: 3, avgUs: null, maxUs: 30, overflows: 2 });
  });
});

it('mergeByCpu keeps CPUs apart, in order', () => {
  const segments = [[{ ...thread, index: 0, cpu: 9 }, { ...thread, index: 1, cpu: 4 }], [{ ...thread, index: 0, cpu: 9 }, { ...thread, index: 1, cpu: 4 }]];
  expect(mergeByCpu(segments).map(({ index, cpu, samples }) => [index, cpu, samples])).toEqual([[1, 4, 20], [0, 9, 20]]);
  const unpinned: ThreadResult = { index: 0, samples: 10, minUs: 3, avgUs: 4, maxUs: 9, overflows: 0 };
  expect(mergeByCpu([[unpinned, { ...unpinned, index: 1 }], [unpinned]]).map(({ index, samples }) => [index, samples])).toEqual([[0, 20], [1, 10]]);
});
