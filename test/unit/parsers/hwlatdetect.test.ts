import { describe, expect, it } from 'vitest';
import { parseHwlatdetect } from '../../../shared/parsers/hwlatdetect/hwlatdetect-format.ts';
import { fixture, parsed, refusal, rowOf, scalarsOf, type Row } from './tool-fixture.ts';

/** Figures computed from the recordings by other means: the larger of inner and outer of each sample. */
const recorded: ReadonlyArray<readonly [file: string, rows: readonly Row[]]> = [
  ['hwlatdetect/hwlat_cpulist.txt', [
    ['gaps above the threshold', null, 4, 2440000, 4004500, 7213000, 0, 4, 16018000],
  ]],
  ['hwlatdetect/hwlat_hardlimit.txt', [
    ['gaps above the threshold', null, 4, 2456000, 3466750, 4082000, 0, 4, 13867000],
  ]],
  ['hwlatdetect/hwlat_nomsr.txt', [
    ['gaps above the threshold', null, 2, 399000, 1964000, 3529000, 0, 2, 3928000],
  ]],
  ['hwlatdetect/hwlat_report.out', [
    ['gaps above the threshold', null, 4, 2440000, 4004500, 7213000, 0, 4, 16018000],
  ]],
  ['hwlatdetect/hwlat_thr1.txt', [
    ['gaps above the threshold', null, 5, 75000, 1083800, 3760000, 0, 5, 5419000],
  ]],
  ['hwlatdetect/hwlat_thr50ms.txt', [
    ['gaps above the threshold', null, 0, null, null, null, 0, 0, 0],
  ]],
  ['hwlatdetect/hwlat_watch.txt', [
    ['gaps above the threshold', null, 4, 3615000, 4731500, 7240000, 0, 4, 18926000],
  ]],
  ['vm-deb13-rt612-misc/hwlat.txt', [
    ['gaps above the threshold on CPU 0', 0, 1, 42000, 42000, 42000, 0, 1, 42000],
    ['gaps above the threshold on CPU 1', 1, 2, 39000, 64500, 90000, 0, 2, 129000],
  ]],
];

describe('recorded outputs of hwlatdetect', () => {
  it.each(recorded)('%s', (file, rows) => { expect(parsed('hwlatdetect', fixture(file)).distributions.map(rowOf)).toEqual(rows); });

  it.each([
    ['hwlatdetect/hwlat_help.txt', 1, 'the options were refused'],
    ['hwlatdetect/hwlat_nonroot.stderr.txt', 9, 'hwlatdetect needs root'],
  ])('%s has no result, and line %i says why', (file, line, meaning) => {
    expect(refusal('hwlatdetect', fixture(file))).toEqual({ line, message: expect.stringContaining(meaning) });
  });

  it('the settings and the longest gap', () => {
    const output = parsed('hwlatdetect', fixture('hwlatdetect/hwlat_cpulist.txt'));
    expect(output).toMatchObject({ cpuList: '2-3', thresholdUs: 5, belowThreshold: false });
    expect(scalarsOf(output)).toEqual({ 'longest gap [us]': 7213, 'duration [s]': 4, 'threshold [us]': 5, 'window [us]': 1_000_000, 'width [us]': 900_000, 'samples above the threshold [count]': 4 });
  });

  it('a run without any gap knows no longest gap', () => {
    const output = parsed('hwlatdetect', fixture('hwlatdetect/hwlat_thr50ms.txt'));
    expect(output).toMatchObject({ belowThreshold: true, thresholdUs: 900_000 });
    expect(scalarsOf(output)).not.toHaveProperty('longest gap [us]');
  });
});

describe('SMIs during a run', () => {
  const none = fixture('hwlatdetect/hwlat_nomsr.txt');

  it('0 of them is no count: it is printed without the MSR driver too', () => {
    expect(parsed('hwlatdetect', none)).toMatchObject({ smis: null, warnings: [expect.stringContaining('MSR driver')] });
  });

  it('0 of them is a count where the MSR driver is known to be there', () => {
    const result = parseHwlatdetect(none, { msrReadable: true });
    expect(result.ok && result.value).toMatchObject({ smis: 0, warnings: [] });
  });

  it('more than 0 was counted, per CPU too', () => {
    const output = parsed('hwlatdetect', none.replace('SMIs during run: 0', '3 SMIs occured on cpu 1\nSMIs during run: 3'));
    expect(output).toMatchObject({ smis: 3, warnings: [] });
    expect(scalarsOf(output)).toMatchObject({ 'SMIs [count]': 3, 'SMIs on CPU 1 [count]': 3 });
  });
});

describe('other outputs of hwlatdetect', () => {
  it('2.10 counts the gaps of a window', () => {
    const output = parsed('hwlatdetect', 'Starting test\ntest finished\nMax Latency: 21us\nSamples recorded: 1\nSamples exceeding threshold: 4\nts: 1795186243.878455930, inner:20, outer:21, cpu:3, count:4\n');
    expect(output).toMatchObject({ samples: [{ at: '1795186243.878455930', innerUs: 20, outerUs: 21, cpu: 3, count: 4 }], warnings: [] });
    expect(scalarsOf(output)).toMatchObject({ 'samples above the threshold [count]': 4 });
  });

  it('a run that was killed gives what it printed, and says that it is not all', () => {
    const watched = fixture('hwlatdetect/hwlat_watch.txt');
    const output = parsed('hwlatdetect', watched.slice(0, watched.indexOf('test finished')));
    expect(output.distributions.map(rowOf)).toEqual([['gaps above the threshold', null, 4, 3_615_000, 4_731_500, 7_240_000, 0, 4, 18_926_000]]);
    expect(output.warnings).toEqual(['The output ends before the test does: gaps after it are not in it.']);
  });

  it('a sample that is cut is not used', () => {
    const report = fixture('hwlatdetect/hwlat_report.out');
    const output = parsed('hwlatdetect', report.slice(0, -2));
    expect(output.distributions[0]?.samples).toBe(3);
    expect(output.warnings).toContain('The last line is cut and was not used.');
  });

  it('a summary that does not fit its samples is doubted', () => {
    const output = parsed('hwlatdetect', fixture('hwlatdetect/hwlat_thr1.txt').replace('Max Latency: 3760us', 'Max Latency: 60us').replace('Samples recorded: 5', 'Samples recorded: 6'));
    expect(output.warnings.join()).toContain('given as 60 µs, but the longest recorded one is 3760 µs');
    expect(output.warnings.join()).toContain('6 samples were recorded, and 5 are in the output');
  });

  it('a kernel without the tracer is named as the reason', () => {
    expect(refusal('hwlatdetect', 'Traceback (most recent call last):\n  File "/usr/sbin/hwlatdetect", line 442, in <module>\n    detect = Tracer()\n__main__.DetectorNotAvailable: (\'hwlat\', \'hwlat tracer not available\')\n')).toEqual({ line: 4, message: expect.stringContaining('no hwlat tracer') });
  });
});
