import { describe, expect, it } from 'vitest';
import { fixture, parsed, refusal } from './tool-fixture.ts';

describe('recorded outputs of hackbench', () => {
  it.each([
    ['hackbench/pipe.txt', { mode: 'process', groups: 1, tasks: 20, messages: 100, bytes: 512, seconds: 0.012 }],
    ['hackbench/process.txt', { mode: 'process', groups: 1, tasks: 40, messages: 200, bytes: 100, seconds: 0.287 }],
    ['hackbench/threads.txt', { mode: 'threaded', groups: 2, tasks: 80, messages: 100, bytes: 100, seconds: 0.613 }],
  ])('%s', (file, run) => {
    expect(parsed('hackbench', fixture(file))).toMatchObject({ runs: [run], distributions: [], scalars: [{ name: 'time', value: run.seconds, unit: 's' }], warnings: [] });
  });

  it.each([
    ['hackbench/bad_groups.stderr.txt', 1, 'an option was not accepted'],
    ['hackbench/bad_groups.txt', 1, 'the options were refused'],
    ['hackbench/bad_option.stderr.txt', 1, 'an option was not accepted'],
    ['hackbench/bad_option.txt', 1, 'the options were refused'],
    ['hackbench/sigint.stderr.txt', 1, 'stopped before its end'],
    ['hackbench/sigint.txt', 3, 'stopped before its end'],
  ])('%s has no result, and line %i says why', (file, line, meaning) => {
    expect(refusal('hackbench', fixture(file))).toEqual({ line, message: expect.stringContaining(meaning) });
  });
});

describe('several runs of hackbench', () => {
  const three = ['process', 'pipe', 'threads'].map((name) => fixture(`hackbench/${name}.txt`)).join('');

  it('each have their time', () => {
    expect(parsed('hackbench', three).scalars).toEqual([
      { name: 'time of run 1', value: 0.287, unit: 's' }, { name: 'time of run 2', value: 0.012, unit: 's' }, { name: 'time of run 3', value: 0.613, unit: 's' },
    ]);
  });

  it('count up to the one that was stopped', () => {
    const output = parsed('hackbench', fixture('hackbench/process.txt') + fixture('hackbench/pipe.txt') + fixture('hackbench/sigint.txt'));
    expect(output.scalars).toHaveLength(2);
    expect(output.warnings).toEqual(['signaling 200 worker threads to terminate']);
  });

  it('a time counts without its newline when it has all its decimals, and not otherwise', () => {
    const text = fixture('hackbench/process.txt');
    expect(parsed('hackbench', text.slice(0, -1)).scalars).toHaveLength(1);
    expect(refusal('hackbench', text.slice(0, -2))).toEqual({ line: 3, message: expect.stringContaining('the output is cut there') });
  });
});
