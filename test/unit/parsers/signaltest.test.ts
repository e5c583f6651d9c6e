import { describe, expect, it } from 'vitest';
import { fixture, parsed, refusal, rowOf, type Row } from './tool-fixture.ts';

/** Figures computed from the recordings by other means; of a live display the last block. */
const recorded: ReadonlyArray<readonly [file: string, rows: readonly Row[]]> = [
  ['signaltest/live.txt', [
    ['thread 0', null, 1441, 22000, 56000, 1306000, 0, 0, 0],
    ['thread 1', null, 1441, 21000, 690000, 10188000, 0, 0, 0],
  ]],
  ['signaltest/run_json.json', [
    ['thread 0', 0, 2000, 16000, 46590, 125000, 0, 0, 0],
    ['thread 1', 0, 2000, 17000, 673380, 10189000, 0, 0, 0],
  ]],
  ['signaltest/run_json.txt', [
    ['thread 0', null, 2000, 16000, 46000, 125000, 0, 0, 0],
    ['thread 1', null, 2000, 17000, 673000, 10189000, 0, 0, 0],
  ]],
  ['signaltest/run_q.txt', [
    ['thread 0', null, 2000, 24000, 53000, 284000, 0, 0, 0],
    ['thread 1', null, 2000, 20000, 680000, 10268000, 0, 0, 0],
  ]],
];

describe('recorded outputs of signaltest', () => {
  it.each(recorded)('%s', (file, rows) => {
    const output = parsed('signaltest', fixture(file));
    expect(output.distributions.map(rowOf)).toEqual(rows);
    expect(output.warnings).toEqual([]);
  });

  it('help is no result', () => {
    expect(refusal('signaltest', fixture('signaltest/help.txt'))).toEqual({ line: 1, message: expect.stringContaining('the options were refused') });
  });

  it('a thread that has not run has no latencies', () => {
    const live = fixture('signaltest/live.txt');
    expect(parsed('signaltest', live.slice(0, live.indexOf('\u001b'))).distributions.map(rowOf)).toEqual([['thread 0', null, 0, null, null, null, 0, 0, 0]]);
  });

  it('each value of -v is in the distribution', () => {
    const lines = [[0, 0, 21], [0, 1, 30], [0, 2, 21], [1, 0, 40]].map(([thread, cycle, value]) => `${String(thread).padStart(8)}:${String(cycle).padStart(8)}:${String(value).padStart(8)}\n`).join('');
    expect(parsed('signaltest', lines).distributions.map(rowOf)).toEqual([
      ['thread 0', null, 3, 21_000, 24_000, 30_000, 0, 2, 72_000],
      ['thread 1', null, 1, 40_000, 40_000, 40_000, 0, 1, 40_000],
    ]);
  });

  it('a number that is cut is not taken', () => {
    const quiet = fixture('signaltest/run_q.txt');
    const output = parsed('signaltest', quiet.slice(0, -3));
    expect(output.distributions).toHaveLength(1);
    expect(output.warnings).toContain('The last line is cut and was not used.');
  });
});
