import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareResults } from '../../../shared/statistics/comparison/compare-results.ts';
import { checkGate, checkHolds, parseGates } from '../../../shared/statistics/comparison/gates.ts';
import { lineOf, resultOf } from './comparison-kit.ts';

const thousand = (us: number, maxUs: number) => [...new Array<number>(1999).fill(us), maxUs];
const comparison = compareResults([
  { name: 'old', repeats: [resultOf('old', [lineOf('CPU 4', thousand(20, 40)), lineOf('CPU 5', thousand(20, 40))], { scalars: [{ name: 'time', value: 10, unit: 's' }] })] },
  { name: 'new', repeats: [resultOf('new', [lineOf('CPU 4', thousand(20, 41)), lineOf('CPU 5', thousand(25, 90))], { scalars: [{ name: 'time', value: 12, unit: 's' }] })] },
]);
const outcomesOf = (text: string) => {
  const gates = parseGates(text);
  if (!gates.ok) throw gates.error;
  return gates.value.map((gate) => checkGate(gate, comparison).outcome);
};

describe('--fail-if', () => {
  it.each([
    ['p50 > 20%', ['failed']], ['p50 > 25%', ['passed']], ['p50 >= 25 %', ['failed']],
    ['p99 > +4us', ['failed']], ['p99 > +5us', ['passed']], ['max > 89us', ['failed']], ['max >= 0.09 ms', ['failed']], ['max > 90µs', ['passed']],
    ['p50 < -10%', ['passed']], ['p99.99 > 1%', ['undecided']], ['max > 100us or p50 > 20%', ['passed', 'failed']],
    ['"time" > 10%', ['failed']], ["'time' > 12", ['passed']], ["'nothing' > 1%", ['undecided']],
  ])('%s', (text, expected) => { expect(outcomesOf(text)).toEqual(expected); });

  it('names where and from what to what', () => {
    const gates = parseGates('p50 > 20%');
    if (!gates.ok) throw gates.error;
    expect(gates.value.map((gate) => checkGate(gate, comparison).reasons)).toEqual([['new, CPU 5: p50 went from 20 µs to 25 µs']]);
  });

  it.each(['', 'p99', 'p100 > 5%', 'max 5', 'max > 5', "'time' > 5us", 'max > 20% and p50 > 1%', 'rm -rf / > 1%'])('refuses “%s” with how to write it', (text) => {
    expect(parseGates(text)).toMatchObject({ ok: false, error: { code: 'bad-usage', extras: { next: expect.stringContaining('p99.9 > +5us') } } });
  });

  it('is undecided, and no pass, where a value is hidden or nothing may be concluded', () => {
    const hidden = compareResults([
      { name: 'a', repeats: [resultOf('a', [lineOf('CPU 1', [...new Array<number>(1900).fill(5), ...new Array<number>(100).fill(70)], { boundUs: 30 })])] },
      { name: 'b', repeats: [resultOf('b', [lineOf('CPU 1', [...new Array<number>(1900).fill(5), ...new Array<number>(100).fill(70)], { boundUs: 30 })])] },
    ]);
    const outcome = (text: string) => { const gates = parseGates(text); return gates.ok ? gates.value.map((gate) => checkGate(gate, hidden).outcome)[0] : null; };
    expect([outcome('p99 > 5%'), outcome('p99 > 100us'), outcome('p99 > 20us'), outcome('p99 > 50us')]).toEqual(['undecided', 'passed', 'failed', 'undecided']);
    const different = compareResults([comparison, comparison].map((_, i) => ({ name: `s${i}`, repeats: [resultOf('r', [lineOf('CPU 1', thousand(20 + 9 * i, 40))], { measures: i === 0 ? 'oslat' : 'cyclictest' })] })));
    const gates = parseGates('p50 > 1%');
    expect(gates.ok && gates.value.map((gate) => checkGate(gate, different).outcome)).toEqual(['undecided']);
  });

  it('keeps for what holds on every CPU only', () => {
    const outcome = (text: string) => { const gates = parseGates(text); return gates.ok ? gates.value.map((gate) => checkHolds(gate, comparison))[0] : null; };
    expect(outcome('p50 < +6us')).toEqual({ condition: 'p50 < +6us', outcome: 'holds', reasons: [] });
    expect(outcome('p50 < 25us')).toEqual({ condition: 'p50 < 25us', outcome: 'does not hold', reasons: ['new, CPU 5: p50 is 25 µs'] });
    expect(outcome('max > 50us')?.outcome).toBe('does not hold');
    expect(outcome('max > 40us')?.outcome).toBe('holds');
    expect(outcome('p99.99 < 1%')?.outcome).toBe('undecided');
    expect(outcome("'time' <= 12")?.outcome).toBe('holds');
  });

  it('is total', () => { fc.assert(fc.property(fc.string(), (text) => { expect(typeof parseGates(text).ok).toBe('boolean'); })); });
});
