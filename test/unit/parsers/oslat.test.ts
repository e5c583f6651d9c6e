import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fixture, parsed, refusal, rowOf, scalarsOf, type Row } from './tool-fixture.ts';

/** Figures computed from the recordings by other means. Up to 2.4 a label L means L − 1 µs and more, in 2.6 with buckets of W more than L − W − 1. */
const recorded: ReadonlyArray<readonly [file: string, rows: readonly Row[]]> = [
  ['oslat/bias.txt', [
    ['CPU 0', 0, 48716620, 0, null, 3412000, 24, 25, 5559000],
    ['CPU 1', 1, 48821031, 0, null, 886000, 49, 26, 5823000],
  ]],
  ['oslat/cpu0_fifo_warn.txt', [
    ['CPU 0', 0, 94339566, 0, 1, 47705000, 42, 27, 10984000],
  ]],
  ['oslat/good.txt', [
    ['CPU 1', 1, 49690623, 0, 2, 53468000, 42, 29, 13514000],
  ]],
  ['oslat/memmove.txt', [
    ['CPU 1', 1, 1789048, 0, 13, 7076000, 95, 26, 8771000],
  ]],
  ['oslat/run_default.txt', [
    ['CPU 0', 0, 97182367, 0, 1, 7378000, 112, 31, 12130000],
    ['CPU 1', 1, 99637908, 0, null, 3297000, 147, 30, 14833000],
  ]],
  ['oslat/run_json.txt', [
    ['CPU 0', 0, 59230322, 0, 14, 47192000, 846, 15, 1328000],
    ['CPU 1', 1, 64313731, 0, null, 48202000, 911, 15, 2113000],
  ]],
  ['oslat/run_json.json', [
    ['CPU 0', 0, 59230322, 0, 14.062, 47192000, 846, 15, 1328000],
    ['CPU 1', 1, 64313731, 0, null, 48202000, 911, 15, 2113000],
  ]],
  ['vm-deb12-rt61-isol/oslat.json', [
    ['CPU 2', 2, 36221307, 0, 33.336, 115935000, 790, 31, 16234000],
    ['CPU 3', 3, 19580008, 0, null, 671563000, 498, 31, 9508000],
  ]],
  ['vm-deb12-rt61-isol/oslat.txt', [
    ['CPU 2', 2, 36221307, 0, 33, 115935000, 790, 31, 16234000],
    ['CPU 3', 3, 19580008, 0, null, 671563000, 498, 31, 9508000],
  ]],
  ['vm-deb12-rt61-isol/oslat_j2.txt', [
    ['CPU 2', 2, 102213204, 0, 0, 1360000, 34, 29, 18263000],
  ]],
  ['vm-deb12-rt61-misc/oslat_rt950.txt', [
    ['CPU 1', 1, 115618671, 0, 5, 50763000, 3292, 31, 23565000],
  ]],
  ['vm-deb12-rt61-misc/oslat_rtoff.txt', [
    ['CPU 1', 1, 121659987, 0, 3, 3244000, 3377, 27, 24523000],
  ]],
  ['vm-deb13-rt612-isol/oslat.json', [
    ['CPU 2', 2, 22727203, 0, 45.85, 12514000, 426, 30, 9131000],
    ['CPU 3', 3, 11362884, 0, null, 15504000, 384, 28, 6432000],
  ]],
  ['vm-deb13-rt612-isol/oslat.txt', [
    ['CPU 2', 2, 22727203, 0, 46, 12514000, 426, 30, 9131000],
    ['CPU 3', 3, 11362884, 0, null, 15504000, 384, 28, 6432000],
  ]],
  ['vm-deb13-rt612-isol/oslat_W.json', [
    ['CPU 2', 2, 20846774, 40, null, 8378790, 535, 55, 10926279],
  ]],
  ['vm-deb13-rt612-isol/oslat_W.txt', [
    ['CPU 2', 2, 20846774, 40, null, 8378790, 535, 55, 10926279],
  ]],
  ['vm-deb13-rt612-isol/oslat_f50_rtoff.txt', [
    ['CPU 2', 2, 56354145, 0, 20, 8761000, 700, 29, 14014000],
  ]],
  ['vm-deb13-rt612-isol/oslat_norm.txt', [
    ['CPU 2', 2, 54348875, 0, 23, 7991000, 742, 29, 14525000],
  ]],
];

const unreadable: ReadonlyArray<readonly [file: string, line: number, meaning: string]> = [
  ['oslat/bad_cpu.stderr.txt', 1, 'a CPU was named that the machine does not have'],
  ['oslat/bad_cpu.txt', 1, 'before any result'],
  ['oslat/bad_dur.txt', 2, 'a value was not accepted'],
  ['oslat/help.txt', 2, 'the options were refused'],
  ['oslat/nonroot.stderr.txt', 4, 'a limit of the user forbids'],
  ['oslat/nonroot.txt', 10, 'before any result'],
  ['oslat/rhel_doc_ddD.stderr.txt', 1, 'an option was not accepted'],
  ['oslat/rhel_doc_ddD.txt', 2, 'the options were refused'],
  ['oslat/trace_thresh.txt', 11, 'before any result'],
  ['oslat/version.txt', 1, 'before any result'],
  ['vm-deb13-rt612-isol/oslat_help.txt', 2, 'the options were refused'],
];

describe('recorded outputs of oslat', () => {
  it.each(recorded)('%s', (file, rows) => { expect(parsed('oslat', fixture(file)).distributions.map(rowOf)).toEqual(rows); });

  it.each(unreadable)('%s has no result, and line %i says why', (file, line, meaning) => {
    const { line: named, message } = refusal('oslat', fixture(file));
    expect(message).toContain(meaning);
    expect(named).toBe(line);
  });
});

describe('what oslat’s figures stand for', () => {
  it('the same in the table and in the JSON of one run', () => {
    for (const [text, json] of [['oslat/run_json.txt', 'oslat/run_json.json'], ['vm-deb13-rt612-isol/oslat.txt', 'vm-deb13-rt612-isol/oslat.json'], ['vm-deb13-rt612-isol/oslat_W.txt', 'vm-deb13-rt612-isol/oslat_W.json']] as const) {
      const buckets = (file: string) => parsed('oslat', fixture(file)).distributions.map((one) => [one.buckets, one.overflows, one.maxNs]);
      expect(buckets(text)).toEqual(buckets(json));
    }
  });

  it('no bucket begins above a gap that is in it: the first one begins at the minimum or below', () => {
    for (const [file] of recorded) {
      for (const { buckets, minNs } of parsed('oslat', fixture(file)).distributions) expect(buckets[0]?.[0]).toBeLessThanOrEqual(minNs ?? -1);
    }
  });

  it('the average of a second thread has the first one’s overflows in it, which is why it is left out', () => {
    const report = z.object({ thread: z.record(z.string(), z.object({ avg: z.number(), histogram: z.record(z.string(), z.number()) })) });
    const threads = Object.values(report.parse(JSON.parse(fixture('oslat/run_json.json'))).thread).map(({ avg, histogram }) => ({
      avg,
      count: Object.values(histogram).reduce((total, count) => total + count, 0),
      sum: Object.entries(histogram).reduce((total, [label, count]) => total + Number(label) * count, 0),
    }));
    const [first = { avg: 0, count: 0, sum: 0 }, second = first] = threads;
    expect((second.sum + first.avg * first.count - first.sum) / second.count).toBeCloseTo(second.avg, 6);
    expect(parsed('oslat', fixture('oslat/run_json.json')).warnings.join()).toContain('left out: CPU 1');
  });

  it('a gap that all buckets hold is no overflow', () => {
    const text = 'oslat V 2.40\n        Core:\t 3\n    001 (us):\t 90\n    002 (us):\t 9\n    003 (us):\t 1 (including overflows)\n     Minimum:\t 1 (us)\n     Average:\t 1.110 (us)\n     Maximum:\t 3 (us)\n';
    expect(parsed('oslat', text).distributions.map(rowOf)).toEqual([['CPU 3', 3, 100, 0, 110, 2000, 0, 3, 11_000]]);
  });

  it('a bias is taken off again', () => {
    const text = 'oslat V 2.40\nGlobal bias set to 3 (us)\n Core:\t 0\n 004 (us):\t 90\n 005 (us):\t 9\n 006 (us):\t 1 (including overflows)\n Minimum:\t 2 (us)\n Average:\t 4.110 (us)\n Maximum:\t 9 (us)\n';
    expect(parsed('oslat', text).distributions.map(rowOf)).toEqual([['CPU 0', 0, 100, 1000, null, 8000, 1, 2, 90 * 1000 + 9 * 4000]]);
  });

  it('a run that -T ended has no table, but its gap', () => {
    const output = parsed('oslat', fixture('oslat/trace_thresh.txt') + fixture('oslat/trace_thresh.stderr.txt'));
    expect(output).toMatchObject({ version: '2.40', distributions: [], stoppedBy: { cpu: 1, gapUs: 67, thresholdUs: 50 } });
    expect(parsed('oslat', fixture('oslat/good.txt'))).toMatchObject({ stoppedBy: null });
  });

  it('duration and counter per CPU', () => {
    expect(scalarsOf(parsed('oslat', fixture('oslat/good.txt')))).toEqual({ 'duration on CPU 1 [s]': 1.998, 'counter of CPU 1 [MHz]': 2597 });
  });
});

describe('a damaged output of oslat', () => {
  const good = fixture('oslat/good.txt');

  it('cut within the table has no result, and the line where the table began says so', () => {
    expect(refusal('oslat', good.slice(0, good.indexOf('Maximum')))).toMatchObject({ line: 2, message: expect.stringContaining('cut before its maxima') });
    expect(refusal('oslat', good.slice(0, good.indexOf('53469') + 3)).line).toBe(2);
  });

  it('cut in its JSON names the line where it began', () => {
    const json = fixture('oslat/run_json.json');
    expect(refusal('oslat', `noise\n${json.slice(0, 900)}`)).toMatchObject({ line: 2, message: expect.stringContaining('not valid JSON') });
    expect(refusal('oslat', json.replace('"max": 48203', '"max": "48203"')).line).toBe(49);
  });

  it('with a row of another number of CPUs says that counts are missing', () => {
    const output = parsed('oslat', good.replace('    003 (us):\t 55\n', '    003 (us):\t 55 3\n'));
    expect(output.distributions[0]?.samples).toBe(49690623 - 55);
    expect(output.warnings.join()).toContain('1 row of the table could not be read');
  });

  it('with carriage returns, colours and a foreign line reads the same', () => {
    const coloured = good.split('\n').map((line) => `\u001b[1;32m${line}\u001b[0m\r`).join('\n');
    expect(parsed('oslat', coloured).distributions).toEqual(parsed('oslat', good).distributions);
    expect(parsed('oslat', `kernel: hello\n${good}`).warnings).toEqual(['One line was not understood, first line 1: “kernel: hello”.']);
  });
});
