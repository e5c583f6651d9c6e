import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCpuList, parseCpuList, parseCpuMask } from '../../../shared/parsers/cpu-list.ts';

const cpus = (text: string, highest?: number) => {
  const result = parseCpuList(text, highest === undefined ? {} : { highest });
  return result.ok ? result.value : result.error.message;
};
const mask = (text: string) => {
  const result = parseCpuMask(text);
  return result.ok ? result.value : result.error.message;
};

describe('parseCpuList', () => {
  it.each([
    ['', []],
    ['\n', []],
    ['0\n', [0]],
    ['0-3,8', [0, 1, 2, 3, 8]],
    ['8,0-3,2', [0, 1, 2, 3, 8]],
    ['0-3:1/2', [0, 2]],
    ['0-9:2/4', [0, 1, 4, 5, 8, 9]],
    ['1-7:1/3', [1, 4, 7]],
    ['0 2\t4', [0, 2, 4]],
    ['8191', [8191]],
  ])('reads %j', (text, expected) => { expect(cpus(text)).toEqual(expected); });

  it('reads N and all where the last CPU is known', () => {
    expect(cpus('N', 3)).toEqual([3]);
    expect(cpus('2-N', 3)).toEqual([2, 3]);
    expect(cpus('all', 3)).toEqual([0, 1, 2, 3]);
    expect(cpus('all:1/2', 5)).toEqual([0, 2, 4]);
    expect(cpus('all')).toContain('last CPU');
    expect(cpus('N')).toContain('last CPU');
  });

  it.each(['!1', '^2', '0-3,^2', '+0', '0-10:2', '3-1', '0-', '-3', '0x3', '1.5', '0-7:3/2', '0-7:0/0', '8192', '99999999999999999999', 'a', '(null)', '0;reboot'])(
    'refuses %j with the reason',
    (text) => { expect(cpus(text)).toContain('is not a list of CPUs'); },
  );

  it('refuses a CPU above the last one', () => { expect(cpus('0-4', 3)).toContain('above 3'); });
});

describe('formatCpuList', () => {
  it.each([[[], ''], [[5], '5'], [[0, 1], '0-1'], [[3, 1, 2, 8, 10, 11, 1], '1-3,8,10-11']])('writes %j as %j', (list, text) => {
    expect(formatCpuList(list)).toBe(text);
  });

  it('is read back as the same set', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 8191 }), { maxLength: 200 }), (list) => {
      expect(cpus(formatCpuList(list))).toEqual([...list].sort((a, b) => a - b));
    }));
  });
});

describe('parseCpuMask', () => {
  it.each([
    ['0', []],
    ['1', [0]],
    ['f0', [4, 5, 6, 7]],
    ['0xff', [0, 1, 2, 3, 4, 5, 6, 7]],
    ['00000001,00000000', [32]],
    ['1,0,3\n', [0, 1, 64]],
  ])('reads %j', (text, expected) => { expect(mask(text)).toEqual(expected); });

  it.each(['', 'g', '1,,2', '1,123456789', '123456789,1', '-1', '1 2'])('refuses %j', (text) => {
    expect(mask(text)).toContain('is not a list of CPUs');
  });

  it('agrees with BigInt on any mask', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), (bits) => {
      const expected = Array.from({ length: 256 }, (_, cpu) => cpu).filter((cpu) => (bits >> BigInt(cpu)) & 1n);
      const grouped = bits.toString(16).padStart(64, '0').replace(/(.{8})(?!$)/g, '$1,');
      expect(mask(grouped)).toEqual(expected);
      expect(mask(bits.toString(16))).toEqual(expected);
    }));
  });
});

it('gives a value or a coded error for 10,000 texts of any kind', () => {
  const piece = fc.constantFrom('0', '1', '7', '-', ',', ':', '/', 'N', 'all', ' ', '\n', '!', '^', 'f', '0x', '99999999999999999999', '\0', 'é');
  fc.assert(fc.property(fc.oneof(fc.string(), fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(''))), (text) => {
    for (const result of [parseCpuList(text), parseCpuList(text, { highest: 15 }), parseCpuMask(text)]) {
      if (result.ok) expect(result.value.every((cpu) => Number.isInteger(cpu) && cpu >= 0 && cpu <= 8191)).toBe(true);
      else expect(result.error.code).toBe('bad-usage');
    }
  }), { numRuns: 10_000 });
});
