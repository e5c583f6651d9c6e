import { describe, expect, it } from 'vitest';
import { fixture, parsed, refusal, rowOf, scalarsOf, type Row } from './tool-fixture.ts';

/** Figures computed from the recordings by other means; of a live display the last whole block. */
const recorded: ReadonlyArray<readonly [file: string, rows: readonly Row[]]> = [
  ['pmqtest/run.txt', [
    ['#1 -> #0', 0, 199, 2000, 3000, 34000, 0, 0, 0],
    ['#3 -> #2', 1, 131, 2000, 3000, 9000, 0, 0, 0],
  ]],
  ['pmqtest/run_json.json', [
    ['#1 -> #0', 0, 1930, 2000, 2590, 9000, 0, 0, 0],
    ['#3 -> #2', 1, 1281, 2000, 3400, 62000, 0, 0, 0],
  ]],
  ['pmqtest/run_json.txt', [
    ['#1 -> #0', 0, 1930, 2000, 3000, 9000, 0, 0, 0],
    ['#3 -> #2', 1, 1281, 2000, 3000, 62000, 0, 0, 0],
  ]],
  ['pmqtest/run_q.txt', [
    ['#1 -> #0', 0, 1927, 2000, 3000, 49000, 0, 0, 0],
    ['#3 -> #2', 1, 1295, 2000, 3000, 42000, 0, 0, 0],
  ]],
  ['ptsematest/live.txt', [
    ['#1 -> #0', 0, 919, 2000, 2000, 46000, 0, 0, 0],
    ['#3 -> #2', 1, 617, 2000, 2000, 5000, 0, 0, 0],
  ]],
  ['ptsematest/run_json.json', [
    ['#1 -> #0', 0, 1928, 2000, 2370, 59000, 0, 0, 0],
    ['#3 -> #2', 1, 1289, 2000, 2690, 37000, 0, 0, 0],
  ]],
  ['ptsematest/run_json.txt', [
    ['#1 -> #0', 0, 1927, 2000, 2000, 59000, 0, 0, 0],
    ['#3 -> #2', 1, 1288, 2000, 3000, 37000, 0, 0, 0],
  ]],
  ['ptsematest/run_q.txt', [
    ['#1 -> #0', 0, 1919, 2000, 2000, 42000, 0, 0, 0],
    ['#3 -> #2', 1, 1267, 2000, 3000, 54000, 0, 0, 0],
  ]],
  ['svsematest/run_json.json', [
    ['#1 -> #0', 0, 981, 2000, 2460, 41000, 0, 0, 0],
    ['#3 -> #2', 1, 653, 2000, 2320, 7000, 0, 0, 0],
  ]],
  ['svsematest/run_json.txt', [
    ['#1 -> #0', 0, 981, 2000, 2000, 41000, 0, 0, 0],
    ['#3 -> #2', 1, 653, 2000, 2000, 7000, 0, 0, 0],
  ]],
  ['sigwaittest/run_json.json', [
    ['#1 -> #0', 0, 983, 3000, 3620, 14000, 0, 0, 0],
    ['#3 -> #2', 1, 652, 3000, 3720, 36000, 0, 0, 0],
  ]],
  ['sigwaittest/run_json.txt', [
    ['#1 -> #0', 0, 983, 3000, 4000, 14000, 0, 0, 0],
    ['#3 -> #2', 1, 652, 3000, 4000, 36000, 0, 0, 0],
  ]],
];

const toolOf = (file: string) => file.split('/')[0] ?? '';

describe('recorded outputs of pmqtest, ptsematest, svsematest and sigwaittest', () => {
  it.each(recorded)('%s', (file, rows) => {
    const output = parsed(toolOf(file), fixture(file));
    expect(output.distributions.map(rowOf)).toEqual(rows);
    expect(output).toMatchObject({ tool: toolOf(file), version: file.endsWith('.json') ? '2.40' : null, warnings: [] });
  });

  it('help is no result', () => {
    expect(refusal('pmqtest', fixture('pmqtest/help.txt'))).toEqual({ line: 1, message: expect.stringContaining('the options were refused') });
  });

  it('timeouts are counted by pmqtest alone', () => {
    expect(scalarsOf(parsed('pmqtest', fixture('pmqtest/run.txt')))).toEqual({ 'timeouts of #1 -> #0 [count]': 0, 'timeouts of #3 -> #2 [count]': 0 });
    expect(parsed('ptsematest', fixture('ptsematest/run_q.txt')).scalars).toEqual([]);
  });

  it('a pair without samples has no latencies', () => {
    const live = fixture('ptsematest/live.txt');
    expect(parsed('ptsematest', live.slice(0, live.indexOf('\u001b'))).distributions.map(rowOf)).toEqual([
      ['#1 -> #0', 0, 6, 2000, 3000, 6000, 0, 0, 0],
      ['#3 -> #2', 1, 0, null, null, null, 0, 0, 0],
    ]);
  });

  it('a display that was killed gives the last whole block', () => {
    const live = fixture('ptsematest/live.txt');
    const cut = live.slice(0, live.indexOf('Cycles 585'));
    expect(parsed('ptsematest', cut).distributions.map(({ samples }) => samples)).toEqual([826, 554]);
  });

  it('a quiet run without its last newline is not trusted to the last digit', () => {
    const quiet = fixture('pmqtest/run_q.txt');
    expect(refusal('pmqtest', quiet.slice(0, -1)).message).toContain('the output is cut there');
  });

  it('JSON of another shape names the line that does not fit', () => {
    expect(refusal('pmqtest', fixture('signaltest/run_json.json'))).toEqual({ line: 18, message: expect.stringContaining('not a report of pmqtest') });
  });
});
