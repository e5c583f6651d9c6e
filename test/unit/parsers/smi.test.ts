import { describe, expect, it } from 'vitest';
import { fixture, parsed, refusal } from './tool-fixture.ts';

const counts = (text: string) => parsed('smi', text).scalars.map(({ value }) => value);

describe('SMI counts', () => {
  it('of one reading are those since reset', () => {
    const output = parsed('smi', fixture('vm-deb12-rt61-isol/rdmsr_smi.txt'));
    expect(output.scalars.map(({ name, value, unit }) => [name, value, unit])).toEqual([0, 1, 2, 3].map((cpu) => [`SMIs since reset, CPU ${cpu} of those online`, [5, 0, 0, 0][cpu], 'count']));
    expect(output.warnings).toEqual([]);
  });

  it('of several readings are those between the first and the last', () => {
    expect(counts('5\n0\n\n5\n1\n\n9\n1\n')).toEqual([4, 1]);
    expect(parsed('smi', '5\n0\n\n9\n1\n').scalars[0]?.name).toBe('SMIs between the readings, CPU 0 of those online');
  });

  it('go on from zero after 32 bits', () => {
    expect(counts('4294967295\n\n2\n')).toEqual([3]);
    expect(refusal('smi', '4294967296\n').line).toBe(1);
  });

  it('of readings of different numbers of CPUs are not subtracted', () => {
    const output = parsed('smi', '5\n0\n\n9\n');
    expect(output.scalars).toHaveLength(1);
    expect(output).toMatchObject({ scalars: [{ value: 9 }], warnings: [expect.stringContaining('different numbers of CPUs')] });
  });

  it('are not taken from a number that is cut', () => {
    expect(counts('12\n34')).toEqual([12]);
    expect(parsed('smi', '12\n34').warnings).toContain('The last line is cut and was not used.');
  });

  it.each([
    ['msr/rdmsr_a.stderr.txt', 1, 'the MSR driver is not loaded'],
    ['msr/rdmsr_help.stderr.txt', 1, 'rdmsr prints no such line'],
    ['msr/rdmsr_nodev.stderr.txt', 1, 'the MSR driver is not loaded'],
    ['vm-deb12-rt61-rtla-systemd/rdmsr_nomodule.stderr.txt', 1, 'rdmsr crashed'],
  ])('%s has no result, and line %i says why', (file, line, meaning) => {
    expect(refusal('smi', fixture(file))).toEqual({ line, message: expect.stringContaining(meaning) });
  });
});
