import { describe, expect, it } from 'vitest';
import { fixture, parsed, refusal, rowOf, type Row } from './tool-fixture.ts';

/** Figures computed from the recordings by other means; of a live display the last block. */
const recorded: ReadonlyArray<readonly [file: string, rows: readonly Row[]]> = [
  ['cyclicdeadline/cdl.json', [
    ['thread 0', null, 400, 8000, 728170, 5291000, 0, 0, 0],
    ['thread 1', null, 365, 28000, 169090, 4323000, 0, 0, 0],
  ]],
  ['cyclicdeadline/cdl_3ms.txt', [
    ['thread 0', null, 399, 4000, 1041000, 8841000, 0, 0, 0],
  ]],
  ['cyclicdeadline/cdl_default.txt', [
    ['thread 0', null, 1968, 1000, 14031000, 34717000, 0, 0, 0],
  ]],
  ['cyclicdeadline/cdl_hrtick.txt', [
    ['thread 0', null, 1962, 7000, 22735000, 39854000, 0, 0, 0],
  ]],
  ['cyclicdeadline/cdl_json.txt', [
    ['thread 0', null, 400, 8000, 728000, 5291000, 0, 0, 0],
    ['thread 1', null, 365, 28000, 169000, 4323000, 0, 0, 0],
  ]],
  ['cyclicdeadline/cdl_live.txt', [
    ['thread 0', null, 379, 3000, 458000, 8323000, 0, 0, 0],
    ['thread 1', null, 344, 3000, 513000, 11116000, 0, 0, 0],
  ]],
  ['vm-deb13-rt612-misc/cdl.txt', [
    ['thread 0', null, 401, 4000, 61000, 2505000, 0, 0, 0],
  ]],
  ['vm-deb13-rt612-misc/cdl_def.txt', [
    ['thread 0', null, 1992, 3000, 2555000, 9355000, 0, 0, 0],
  ]],
];

const needsHrtick = 'needs the scheduler feature HRTICK';
const usage = 'the options were refused';
const unreadable: ReadonlyArray<readonly [file: string, line: number, meaning: string]> = [
  ['cyclicdeadline/help.txt', 1, usage],
  ['cyclicdeadline/nonroot.stderr.txt', 2, needsHrtick],
  ['cyclicdeadline/nonroot.txt', 1, 'before any result'],
  ['cyclicdeadline/run_default.stderr.txt', 1, needsHrtick],
  ['cyclicdeadline/run_default.txt', 1, 'before any result'],
  ['cyclicdeadline/run_hist.txt', 1, usage],
  ['cyclicdeadline/run_json.stderr.txt', 1, needsHrtick],
  ['cyclicdeadline/run_json.txt', 1, 'before any result'],
  ['cyclicdeadline/run_q_D.stderr.txt', 1, needsHrtick],
  ['cyclicdeadline/run_q_D.txt', 1, 'before any result'],
  ['cyclicdeadline/run_t2.stderr.txt', 1, needsHrtick],
  ['cyclicdeadline/run_t2.txt', 1, 'before any result'],
];

describe('recorded outputs of cyclicdeadline', () => {
  it.each(recorded)('%s', (file, rows) => {
    const output = parsed('cyclicdeadline', fixture(file));
    expect(output.distributions.map(rowOf)).toEqual(rows);
    expect(output.warnings).toEqual([]);
  });

  it.each(unreadable)('%s has no result, and line %i says why', (file, line, meaning) => {
    expect(refusal('cyclicdeadline', fixture(file))).toEqual({ line, message: expect.stringContaining(meaning) });
  });
});

describe('other outputs of cyclicdeadline', () => {
  const histogram = 'Using all CPUS\n# Histogram\n000003 000005\t000001\n000004 000002\t000000\n# Min Latencies: 00003 00003\n# Avg Latencies: 00003 00004\n# Max Latencies: 00004 00031\n# Histogram Overflows: 00000 00001\n# Histogram Overflow at cycle number:\n# Thread 0: \n# Thread 1: 00007\n\n';

  it('a histogram of 2.5 and later', () => {
    expect(parsed('cyclicdeadline', histogram).distributions.map(rowOf)).toEqual([
      ['thread 0', null, 7, 3000, 3000, 4000, 0, 2, 5 * 3000 + 2 * 4000],
      ['thread 1', null, 2, 3000, 4000, 31_000, 1, 1, 3000],
    ]);
  });

  it('of two histograms the last one', () => {
    const other = histogram.replace('000003 000005', '000003 000009');
    expect(parsed('cyclicdeadline', histogram + other).distributions.map(({ samples }) => samples)).toEqual([11, 2]);
    expect(parsed('cyclicdeadline', other + histogram).distributions.map(({ samples }) => samples)).toEqual([7, 2]);
  });

  it('a histogram that is cut is no result', () => {
    expect(refusal('cyclicdeadline', histogram.slice(0, histogram.indexOf('# Max')))).toMatchObject({ line: 6 });
  });

  it('the thread that broke the limit of -b', () => {
    const text = `${fixture('vm-deb13-rt612-misc/cdl.txt')}# Break thread: 489\n# Break value: 2505\n`;
    expect(parsed('cyclicdeadline', text)).toMatchObject({ breaktrace: { threadId: 489, valueUs: 2505 }, warnings: [] });
    expect(parsed('cyclicdeadline', fixture('vm-deb13-rt612-misc/cdl.txt'))).toMatchObject({ breaktrace: null });
  });

  it('a display that was killed within a block gives the block before', () => {
    const live = fixture('cyclicdeadline/cdl_live.txt');
    const cut = live.slice(0, live.lastIndexOf('T: 1 ('));
    expect(parsed('cyclicdeadline', cut).distributions.map(({ samples }) => samples)).toEqual([376, 342]);
  });
});
