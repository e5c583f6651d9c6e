import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareResults } from '../../../shared/statistics/comparison/compare-results.ts';
import { hochberg } from '../../../shared/statistics/comparison/differences.ts';
import { figureValues, quantileName, quantileOf, worstOf } from '../../../shared/statistics/comparison/figures.ts';
import type { ComparedSide } from '../../../shared/statistics/comparison/measured-result.ts';
import { latencies, lineOf, resultOf } from './comparison-kit.ts';

const cpus = (seed: number, options: { shiftUs?: number; tailUs?: number } = {}) => [4, 5].map((cpu) => lineOf(`CPU ${cpu}`, latencies(2000, seed * 10 + cpu, options)));
const side = (name: string, repeats: number, seed: number, options: { shiftUs?: number; tailUs?: number } = {}): ComparedSide =>
  ({ name, repeats: Array.from({ length: repeats }, (_, i) => resultOf(`${name} ${i + 1}`, cpus(seed + i, options))) });

function differenceOf(sides: readonly ComparedSide[], key: string, figure: string) {
  const found = compareResults(sides).rows.find((row) => row.key === key)?.figures.find((one) => one.figure === figure)?.differences[0];
  if (found === undefined) throw new Error(`no ${figure} of ${key}`);
  return found;
}

describe('compareResults', () => {
  it('pairs lines by key, and adds the worst of each result without pooling', () => {
    const { rows } = compareResults([side('a', 1, 1), side('b', 1, 2)]);
    expect(rows.map(({ key, isWorst }) => [key, isWorst])).toEqual([['CPU 4', false], ['CPU 5', false], ['worst', true]]);
    const [four, five, worst] = rows.map((row) => row.figures.find(({ figure }) => figure === 'p99')?.sides[0]?.median.ns ?? 0);
    expect(worst).toBe(Math.max(four ?? 0, five ?? 0));
    expect(rows[0]?.figures.map(({ figure }) => figure)).toEqual(['min', 'avg', 'p50', 'p90', 'p99', 'max']);
  });

  it('of one result each draws no conclusion, and says what to do', () => {
    const comparison = compareResults([side('before', 1, 1), side('after', 1, 2, { shiftUs: 8 })]);
    expect(comparison.statements).toEqual([expect.stringMatching(/^after against before, worst line of each result: Cannot be told for .*99 %.*: One result of each side: .* at least four times\.$/)]);
    expect(differenceOf([side('before', 1, 1), side('after', 1, 2, { shiftUs: 8 })], 'worst', 'p50')).toMatchObject({ meaning: 'unknown', p: null, interval: null });
  });

  it('of three repeats each cannot conclude either, of five it can', () => {
    expect(differenceOf([side('a', 3, 1), side('b', 3, 20, { shiftUs: 8 })], 'CPU 4', 'p50')).toMatchObject({ meaning: 'unknown', reason: expect.stringContaining('10 times in 100') });
    const found = differenceOf([side('a', 5, 1), side('b', 5, 20, { shiftUs: 8 })], 'CPU 4', 'p50');
    expect(found).toMatchObject({ meaning: 'different', ns: 8000, p: expect.closeTo(2 / 252, 9), adjustedP: expect.closeTo(4 / 252, 9) });
    expect(found.interval?.lowNs).toBeGreaterThanOrEqual(7000);
    expect(found.interval?.highNs).toBeLessThanOrEqual(9000);
  });

  it('ten times the samples make no repeat', () => {
    const many = (name: string, seed: number, shiftUs: number): ComparedSide => ({ name, repeats: [resultOf(name, [lineOf('CPU 4', latencies(100_000, seed, { shiftUs }))])] });
    expect(differenceOf([many('a', 1, 0), many('b', 2, 5)], 'CPU 4', 'p99.9').meaning).toBe('unknown');
  });

  it('cries wolf no more often than one time in twenty where nothing differs', () => {
    let tried = 0, wrong = 0;
    for (let seed = 0; seed < 60; seed++) {
      const rows = compareResults([side('a', 5, 1000 + seed * 20), side('b', 5, 9000 + seed * 20)]).rows;
      tried++;
      if (rows.find(({ isWorst }) => isWorst)?.figures.some(({ differences }) => differences[0]?.meaning === 'different')) wrong++;
    }
    expect(tried).toBe(60);
    // 3 of 60 expected at most; more than 8 in one of a hundred cases.
    expect(wrong).toBeLessThanOrEqual(8);
  });

  it('compares maxima only over equal numbers of samples', () => {
    const long: ComparedSide = { name: 'long', repeats: Array.from({ length: 5 }, (_, i) => resultOf(`long ${i}`, [lineOf('CPU 4', latencies(4000, i + 50)), lineOf('CPU 5', latencies(4000, i + 90))])) };
    expect(differenceOf([side('short', 5, 1), long], 'CPU 4', 'max')).toMatchObject({ meaning: 'unknown', reason: expect.stringContaining('2,000 to 4,000') });
    expect(differenceOf([side('short', 5, 1), side('equal', 5, 30)], 'CPU 4', 'max').p).not.toBeNull();
  });

  it('of one run each compares maxima through their blocks, and says that this is within these runs', () => {
    const run = (name: string, maxima: readonly number[]): ComparedSide => ({ name, repeats: [resultOf(name, [{ ...lineOf('CPU 4', latencies(2000, 7)), blockMaximaNs: maxima.map((us) => us * 1000) }])] });
    const { rows } = compareResults([run('a', [20, 22, 21, 23, 24]), run('b', [40, 41, 39, 45, 44])]);
    // The maxima of the whole results are equal here, so what decides is looked at where they differ.
    expect(rows[0]?.figures.find(({ figure }) => figure === 'max')?.differences[0]?.meaning).toBe('equal');
    const unequal = run('c', [40, 41, 39, 45, 44]);
    const shifted: ComparedSide = { ...unequal, repeats: unequal.repeats.map((repeat) => ({ ...repeat, lines: repeat.lines.map((line) => ({ ...line, distribution: { ...line.distribution, maxNs: 45_000 } })) })) };
    expect(differenceOf([run('a', [20, 22, 21, 23, 24]), shifted], 'CPU 4', 'max')).toMatchObject({ meaning: 'perhaps different', reason: expect.stringContaining('within one result'), p: expect.closeTo(2 / 252, 9) });
  });

  it('keeps kinds of CPU apart', () => {
    const hybrid = (name: string, seed: number): ComparedSide => ({ name, repeats: [resultOf(name, [
      lineOf('CPU 0', latencies(2000, seed), { kind: 'performance CPUs' }), lineOf('CPU 1', latencies(2000, seed + 1), { kind: 'performance CPUs' }),
      lineOf('CPU 2', latencies(2000, seed + 2, { shiftUs: 30 }), { kind: 'efficiency CPUs' }),
    ])] });
    const worst = compareResults([hybrid('a', 1), hybrid('b', 5)]).rows.filter(({ isWorst }) => isWorst);
    expect(worst.map(({ key }) => key)).toEqual(['worst: performance CPUs']);
    expect(worst[0]?.figures.find(({ figure }) => figure === 'p50')?.sides[0]?.median.ns).toBeLessThan(20_000);
  });

  it('where CPUs are not the same compares the worst only, and names the others', () => {
    const guest: ComparedSide = { name: 'guest', repeats: [resultOf('guest', [lineOf('CPU 0', latencies(2000, 3)), lineOf('CPU 1', latencies(2000, 4))], { virtualised: true })] };
    const host: ComparedSide = { name: 'host', repeats: [{ ...resultOf('host', cpus(1)), virtualised: false }] };
    const comparison = compareResults([host, guest]);
    expect(comparison.rows.map(({ key }) => key)).toEqual(['worst']);
    expect(comparison.notes).toEqual(['CPU 4, CPU 5, CPU 0, CPU 1: not on every side, so they are compared only as part of the worst.']);
    expect(comparison.statements[0]).toMatch(/^Virtualisation cost, guest against host/);
  });

  it('draws nothing from different measurements, nor from a run that is not comparable', () => {
    const oslat: ComparedSide = { name: 'o', repeats: [resultOf('o', cpus(1), { tool: 'oslat', measures: 'oslat' })] };
    expect(compareResults([side('a', 5, 1), oslat]).statements).toEqual([expect.stringContaining('cyclictest and oslat measure different things')]);
    const bad = side('b', 5, 20, { shiftUs: 9 });
    const invalid: ComparedSide = { ...bad, repeats: bad.repeats.map((repeat, i) => (i === 0 ? { ...repeat, invalid: ['CPU 4 was throttled.'] } : repeat)) };
    expect(differenceOf([side('a', 5, 1), invalid], 'worst', 'p50')).toMatchObject({ meaning: 'unknown', reason: 'b 1 is not comparable: CPU 4 was throttled.' });
  });

  it('what the overflow hides is never compared as if it were known', () => {
    const hidden = (name: string, seed: number): ComparedSide => ({ name, repeats: [resultOf(name, [lineOf('CPU 4', latencies(2000, seed), { boundUs: 15 })])] });
    const { rows } = compareResults([hidden('a', 1), hidden('b', 2)]);
    const tail = rows[0]?.figures.find(({ figure }) => figure === 'p99');
    expect(tail?.sides[0]?.median).toEqual({ ns: null, atLeastNs: 15_000, atMostNs: rows[0]?.figures.at(-1)?.sides[0]?.median.ns });
    expect(tail?.differences[0]).toMatchObject({ ns: null, meaning: 'unknown', reason: expect.stringContaining('hidden') });
  });

  it('is total, and antisymmetric', () => {
    const sides = fc.array(fc.array(fc.array(fc.double({ min: 0, max: 2000, noNaN: true }), { maxLength: 40 }), { maxLength: 3 }), { minLength: 2, maxLength: 3 });
    fc.assert(fc.property(sides, (values) => {
      const built = values.map((repeats, i) => ({ name: `s${i}`, repeats: repeats.map((list, j) => resultOf(`r${j}`, [lineOf('CPU 1', list, { boundUs: 500 })])) }));
      const forwards = compareResults(built.slice(0, 2)).rows;
      const backwards = compareResults(built.slice(0, 2).reverse()).rows;
      expect(compareResults(built).sides).toHaveLength(values.length);
      forwards.forEach((row, i) => row.figures.forEach((figure, j) => {
        const [one, other] = [figure.differences[0], backwards[i]?.figures[j]?.differences[0]];
        expect(other?.meaning).toBe(one?.meaning);
        if (one?.ns !== null && one?.ns !== undefined) expect(other?.ns).toBeCloseTo(-one.ns, 6);
      }));
    }), { numRuns: 200 });
  });
});

describe('scalars', () => {
  const rate = (name: string, values: readonly number[]): ComparedSide => ({ name, repeats: values.map((value, i) => resultOf(`${name}${i}`, [], { tool: 'iperf3', measures: 'iperf3', scalars: [{ name: 'throughput', value, unit: 'bit/s' }] })) });
  it('are compared between repeats too', () => {
    expect(compareResults([rate('a', [100]), rate('b', [110])]).scalars).toMatchObject([{ name: 'throughput', differences: [{ value: 10, percent: 10, meaning: 'unknown' }] }]);
    expect(compareResults([rate('a', [100, 101, 102, 103, 104]), rate('b', [110, 111, 112, 113, 114])]).scalars[0]?.differences[0]).toMatchObject({ meaning: 'perhaps different', p: expect.closeTo(2 / 252, 9) });
  });
});

describe('figures', () => {
  it('have the names people write', () => {
    expect([0.5, 0.999, 0.99999999].map(quantileName)).toEqual(['p50', 'p99.9', 'p99.999999']);
    expect([0.5, 0.999, 0.99999999].map((p) => quantileOf(quantileName(p)))).toEqual([0.5, 0.999, 0.99999999]);
    expect([quantileOf('p0'), quantileOf('p100'), quantileOf('max')]).toEqual([null, null, null]);
  });

  it('quantiles are the nearest rank of the values', () => {
    const list = latencies(5000, 3);
    const sorted = list.map(Math.floor).sort((a, b) => a - b);
    for (const p of [0.5, 0.9, 0.99]) expect(figureValues(lineOf('CPU 1', list)).get(quantileName(p))?.ns).toBe((sorted[Math.ceil(p * 5000) - 1] ?? 0) * 1000);
  });

  it('the worst of lines is hidden when a hidden one may be larger', () => {
    const known = { ns: 30, atLeastNs: 30, atMostNs: 31 };
    expect(worstOf([known, { ns: null, atLeastNs: 20, atMostNs: 90 }])).toEqual({ ns: null, atLeastNs: 30, atMostNs: 90 });
    expect(worstOf([known, { ns: null, atLeastNs: 10, atMostNs: 25 }])).toEqual({ ns: 30, atLeastNs: 30, atMostNs: 31 });
    expect(worstOf([known, { ns: null, atLeastNs: null, atMostNs: null }]).ns).toBeNull();
  });
});

it('Hochberg’s adjustment: all are significant when the largest is, the smallest needs a share', () => {
  expect(hochberg([0.04, 0.03, null, 0.02])).toEqual([0.04, 0.04, null, 0.04]);
  expect(hochberg([0.01, 0.9, 0.8])).toEqual([0.03, 0.9, 0.9]);
});
