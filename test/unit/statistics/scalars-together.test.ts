import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalarsTogether } from '../../../shared/statistics/scalars-together.ts';

const duration = (cpu: number, value = 5.001) => ({ name: `duration on CPU ${String(cpu)}`, value, unit: 's' });

describe('figures of many CPUs', () => {
  it('are told once where they are the same, and by themselves where they differ', () => {
    const counter = { name: 'counter of CPU 4', value: 2597, unit: 'MHz' };
    const time = { name: 'time', value: 3, unit: 's' };
    expect(scalarsTogether([duration(4), counter, duration(5), duration(6, 4.9), duration(7), time, time])).toEqual([
      { name: 'duration on CPU 4-5,7', value: 5.001, unit: 's' }, counter, { name: 'duration on CPU 6', value: 4.9, unit: 's' }, time, time,
    ]);
  });

  it('lose no CPU and no figure', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.nat(300)), fc.array(fc.string()), (cpus, names) => {
      const others = names.map((name) => ({ name: `${name}!`, value: 1, unit: '' }));
      const told = scalarsTogether([...cpus.map((cpu) => duration(cpu, cpu % 3)), ...others]);
      expect(told.filter(({ name }) => name.endsWith('!'))).toEqual(others);
      expect(told.length - others.length).toBe(new Set(cpus.map((cpu) => cpu % 3)).size);
    }));
  });
});
