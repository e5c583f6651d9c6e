import { describe, expect, it } from 'vitest';
import { fixture, parsed, refusal, scalarsOf } from './tool-fixture.ts';

const missing = 'turbostat: cpu0: perf instruction counter: No such file or directory';

/** Counters added up over the intervals, other figures averaged; one interval is its own rows. */
const recorded = [
  ['turbostat/turbostat_cmd.stderr.txt', 1, [missing], { 'duration [s]': 1.040816, 'TSC_MHz [MHz]': 2597, 'IRQ [count]': 341, 'TSC_MHz on CPU 0 [MHz]': 2596, 'IRQ on CPU 0 [count]': 273, 'TSC_MHz on CPU 1 [MHz]': 2596, 'IRQ on CPU 1 [count]': 68 }],
  ['turbostat/turbostat_header.txt', 1, [], { 'TSC_MHz [MHz]': 2596, 'IRQ [count]': 403, 'TSC_MHz on CPU 0 [MHz]': 2596, 'IRQ on CPU 0 [count]': 258, 'TSC_MHz on CPU 1 [MHz]': 2596, 'IRQ on CPU 1 [count]': 145 }],
  ['turbostat/turbostat_quiet.txt', 2, [], { 'TSC_MHz [MHz]': 2595.5, 'IRQ [count]': 932 + 2574, 'TSC_MHz on CPU 0 [MHz]': 2596, 'IRQ on CPU 0 [count]': 446 + 565, 'TSC_MHz on CPU 1 [MHz]': 2596, 'IRQ on CPU 1 [count]': 486 + 2009 }],
  ['turbostat/turbostat_show.txt', 1, [], { 'IRQ [count]': 423, 'IRQ on CPU 0 [count]': 267, 'IRQ on CPU 1 [count]': 156 }],
  ['turbostat/turbostat_summary.txt', 2, [], { 'TSC_MHz [MHz]': 2595, 'IRQ [count]': 348 + 258 }],
] as const;

const unreadable = [
  ['turbostat/help.stderr.txt', 1, 'the options were refused'],
  ['turbostat/host_list.stderr.txt', 1, 'a counter could not be opened'],
  ['turbostat/host_turbostat.stderr.txt', 1, 'a counter could not be opened'],
  ['turbostat/turbostat_header.stderr.txt', 14, 'before any result'],
  ['turbostat/turbostat_quiet.stderr.txt', 1, 'before any result'],
  ['turbostat/turbostat_summary.stderr.txt', 1, 'before any result'],
  ['turbostat/version.stderr.txt', 1, 'before any result'],
  ['vm-deb13-rt612-misc/turbostat.stderr.txt', 3, 'turbostat may not run on all CPUs'],
  ['vm-deb13-rt612-misc/turbostat_S.stderr.txt', 3, 'turbostat may not run on all CPUs'],
  ['vm-deb13-rt612-misc/turbostat_list.stderr.txt', 2, 'before any result'],
  ['vm-deb13-rt612-misc/turbostat_list.txt', 1, 'turbostat prints no such line'],
] as const;

describe('recorded outputs of turbostat', () => {
  it.each(recorded)('%s', (file, intervals, warnings, scalars) => {
    const output = parsed('turbostat', fixture(file));
    expect(scalarsOf(output)).toEqual(scalars);
    expect(output).toMatchObject({ intervals: { length: intervals }, distributions: [], warnings });
  });

  it.each(unreadable)('%s has no result, and line %i says why', (file, line, meaning) => {
    expect(refusal('turbostat', fixture(file))).toEqual({ line, message: expect.stringContaining(meaning) });
  });

  it('the configuration before the table is no warning, and tells the version', () => {
    const output = parsed('turbostat', fixture('turbostat/turbostat_header.stderr.txt') + fixture('turbostat/turbostat_header.txt'));
    expect(output).toMatchObject({ version: '2022.10.04', columns: ['TSC_MHz', 'IRQ'], warnings: ['turbostat: cpu1: perf instruction counter: No such file or directory'] });
  });
});

describe('other tables of turbostat', () => {
  const table = 'Package\tCore\tCPU\tBusy%\tBzy_MHz\tIRQ\tSMI\tCPU%c6\tCoreTmp\tPkgWatt\n-\t-\t-\t12.50\t3400\t900\t2\t80.00\t50\t9.75\n0\t0\t0\t25.00\t3500\t600\t1\t70.00\t50\t9.75\n0\t0\t1\t0.00\t800\t300\t1\n';

  it('columns of the package stand in its first row only', () => {
    expect(scalarsOf(parsed('turbostat', table))).toMatchObject({
      'Busy% [%]': 12.5, 'Bzy_MHz [MHz]': 3400, 'SMI [count]': 2, 'CPU%c6 [%]': 80, 'CoreTmp [°C]': 50, 'PkgWatt [W]': 9.75, 'SMI on CPU 1 [count]': 1,
    });
    expect(scalarsOf(parsed('turbostat', table))).not.toHaveProperty('PkgWatt on CPU 1 [W]');
  });

  it('without a repeated header the row over all CPUs begins an interval', () => {
    const rows = table.slice(table.indexOf('\n') + 1);
    expect(parsed('turbostat', table + rows + rows)).toMatchObject({ intervals: [{ length: 3 }, { length: 3 }, { length: 3 }] });
    expect(scalarsOf(parsed('turbostat', table + rows + rows))).toMatchObject({ 'SMI [count]': 6, 'Busy% [%]': 12.5 });
  });

  it('a row that is cut is not used', () => {
    const output = parsed('turbostat', table.slice(0, -2));
    expect(scalarsOf(output)).not.toHaveProperty('IRQ on CPU 1 [count]');
    expect(output.warnings).toContain('The last line is cut and was not used.');
  });

  it('a column that is not there is not invented', () => {
    expect(parsed('turbostat', fixture('turbostat/turbostat_show.txt'))).toMatchObject({ columns: ['IRQ'] });
  });
});
