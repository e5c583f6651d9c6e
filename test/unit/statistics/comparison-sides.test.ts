import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareResults } from '../../../shared/statistics/comparison/compare-results.ts';
import { comparisonSchema } from '../../../shared/statistics/comparison/comparison.ts';
import { checkGate, parseGates } from '../../../shared/statistics/comparison/gates.ts';
import { lineForCurve } from '../../../shared/statistics/comparison/line-for-curve.ts';
import { nameSides } from '../../../shared/statistics/comparison/name-sides.ts';
import { suggestSides } from '../../../shared/statistics/comparison/suggest-sides.ts';
import { virtualisationCost } from '../../../shared/statistics/comparison/virtualisation-cost.ts';
import { lineOf, resultOf } from './comparison-kit.ts';

const thousand = (us: number, maxUs: number) => [...new Array<number>(1999).fill(us), maxUs];
const side = (name: string, us: number, virtualised: boolean | null) => ({ name, repeats: [1, 2, 3, 4].map((n) => resultOf(`${name} ${String(n)}`, [lineOf('CPU 4', thousand(us + n, 40 + us))], { virtualised })) });

describe('virtualisationCost', () => {
  it('is the difference per quantile of a VM from bare metal, with what it means', () => {
    const [cost, ...others] = virtualisationCost(compareResults([side('bare', 5, false), side('vm', 20, true)]));
    expect(others).toEqual([]);
    expect([cost?.bare, cost?.vm]).toEqual(['bare', 'vm']);
    expect(cost?.quantiles.find(({ figure }) => figure === 'p50')?.difference).toMatchObject({ ns: 15_000, meaning: 'different' });
  });

  it.each([[false, false], [true, true], [null, true], [true, false], [false, null]])('is none between %s and %s', (a, b) => {
    expect(virtualisationCost(compareResults([side('a', 5, a), side('b', 20, b)]))).toEqual([]);
  });
});

describe('suggestSides', () => {
  const run = (id: string, command: string | null, createdAt: string, boardName = 'press') => ({ id, boardName, benchmark: 'cyclictest', command, createdAt });

  it('puts repeats together, the earliest first', () => {
    expect(suggestSides([run('c', 'x -D 9', '3'), run('b', 'x', '2'), run('a', 'x', '1')])).toEqual([['a', 'b'], ['c']]);
  });
  it('keeps each apart where all are repeats, and what tells no command', () => {
    expect(suggestSides([run('a', 'x', '1'), run('b', 'x', '2')])).toEqual([['a'], ['b']]);
    expect(suggestSides([run('a', null, '1'), run('b', null, '2'), run('c', 'x', '3')])).toEqual([['a'], ['b'], ['c']]);
  });
  it('loses and doubles none', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 9 }), fc.integer({ min: 1, max: 3 }), (ids, commands) => {
      const sides = suggestSides(ids.map((id, at) => run(id, String(at % commands), String(at))));
      expect(sides.flat().sort()).toEqual([...ids].sort());
      expect(sides.every((one) => one.length > 0)).toBe(true);
    }));
  });
});

describe('nameSides', () => {
  it('takes the given name, else boards that tell sides apart, else labels', () => {
    expect(nameSides([{ given: 'old', labels: ['a'], boards: ['x'] }, { given: null, labels: ['b', 'c'], boards: ['y', 'y'] }])).toEqual(['old', 'y (2 repeats)']);
    expect(nameSides([{ given: null, labels: ['a'], boards: ['x'] }, { given: null, labels: ['b'], boards: ['x'] }])).toEqual(['a', 'b']);
  });
  it('gives no name twice', () => {
    const nameable = fc.record({ given: fc.option(fc.constantFrom('a', 'b', 'a (2)')), labels: fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 3 }), boards: fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 3 }) });
    fc.assert(fc.property(fc.array(nameable, { maxLength: 6 }), (sides) => {
      const names = nameSides(sides);
      expect(new Set(names).size).toBe(sides.length);
    }));
  });
});

describe('lineForCurve', () => {
  it('is the line of that key, or the one with the longest latency; never one without counts', () => {
    const result = resultOf('r', [lineOf('CPU 1', [1, 2, 3]), lineOf('CPU 2', [1, 2, 90]), lineOf('CPU 3', [])]);
    expect([lineForCurve(result, null)?.key, lineForCurve(result, 'CPU 1')?.key, lineForCurve(result, 'CPU 3'), lineForCurve(result, 'CPU 9')]).toEqual(['CPU 2', 'CPU 1', null, null]);
  });
});

describe('a comparison that travels', () => {
  it('is the same after it was sent', () => {
    const comparison = compareResults([side('a', 5, false), side('b', 20, true)]);
    expect(comparisonSchema.parse(JSON.parse(JSON.stringify(comparison)))).toEqual(comparison);
  });
});

describe('conditions as they are documented', () => {
  const comparison = compareResults([side('a', 5, false), side('b', 20, true)]);
  const outcome = (text: string) => {
    const gates = parseGates(text);
    return gates.ok ? gates.value.map((gate) => checkGate(gate, comparison).outcome) : [];
  };
  it.each([['p50>+10%', ['failed']], ['max>100us', ['passed']], ['p99.99>+10%', ['undecided']], ['p50>+10% or max>100us', ['failed', 'passed']], ['p50>+300%,max>1ms', ['passed', 'passed']]])('%s', (text, expected) => { expect(outcome(text)).toEqual(expected); });
});
