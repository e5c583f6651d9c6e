import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../electron/hosts/cli/run-cli.ts';

const home = mkdtempSync(join(tmpdir(), 'rtvm-ab-verb-'));
const knob = ['--setting', 'runtime.stat-interval'];
const short = ['--duration', '1s', '--repeats', '1', '--cpus', '16,17', '--json'];

/** `typed`: what a person answers, one after the other; without, nobody is there. */
async function cli(argv: readonly string[], typed?: readonly string[]) {
  let data = '';
  let notes = '';
  const asked: string[] = [];
  const status = await runCli(argv, {
    data: (text) => { data += text; }, note: (text) => { notes += `${text}\n`; }, interactive: typed !== undefined, readAll: async () => '',
    ask: async (prompt) => { asked.push(prompt); return typed?.[asked.length - 1] ?? ''; },
  }, '0.0.0');
  // What was decided is told by the exit code of the process, which is that of the tests here.
  process.exitCode = undefined;
  return { status, notes, asked, told: (): unknown => JSON.parse(data) };
}

describe('ab, on the practice board', () => {
  beforeAll(async () => {
    vi.stubEnv('RTVM_BENCH_HOME', home);
    expect((await cli(['inspect', 'practice'])).status).toBe(0);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  test.each([
    [['--duration', '1s'], 'bad-usage', 2], [[...knob, '--plan', '20261121T101500Z'], 'bad-usage', 2], [[...knob, '--repeats', '0'], 'bad-usage', 2],
    [[...knob, '--keep-if', 'max < 5us', '--revert'], 'bad-usage', 2], [[...knob, '--keep-if', 'better'], 'bad-usage', 2], [[...knob, '--benchmark', 'none'], 'bad-usage', 2],
    [['--plan', '20261121T101500Z'], 'plan-unknown', 2], [['--resume', 'none'], 'ab-unknown', 2], [['--setting', 'runtime.none'], 'plan-refused', 1],
  ])('%j is refused: %s', async (options, code, exitCode) => {
    const { status, told } = await cli(['ab', 'practice', ...options, '--json']);
    expect([status, told()]).toEqual([exitCode, { error: expect.objectContaining({ code }) }]);
  });

  test('begins nothing for a person who means another board', async () => {
    const { status, told, notes } = await cli(['ab', 'practice', ...knob, ...short], ['press 4']);
    expect([status, told()]).toEqual([1, { error: expect.objectContaining({ code: 'plan-for-other-board', state: 'Nothing was measured or changed.' }) }]);
    expect(notes).toContain('vm.stat_interval');
    expect((await cli(['ab-tests', '--json'])).told()).toEqual({ tests: [] });
  });

  test('puts back what does not fulfil the condition', async () => {
    const { status, told, asked } = await cli(['ab', 'practice', ...knob, ...short, '--keep-if', 'max < 1us']);
    expect([status, asked]).toEqual([1, []]);
    expect(told()).toMatchObject({ decision: 'put back', change: 'undone', conditions: [{ condition: 'max < 1us', outcome: 'does not hold' }], sides: [{ name: 'before' }, { name: 'after' }] });
  });

  test('asks a person, who keeps it', async () => {
    const { status, told, asked, notes } = await cli(['ab', 'practice', ...knob, ...short], ['practice', 'keep']);
    expect(status).toBe(0);
    expect(asked).toHaveLength(2);
    expect(notes).toContain('What differed');
    expect(told()).toMatchObject({ decision: 'kept', change: 'done', conditions: [] });
    expect((await cli(['ab-tests', '--json'])).told()).toMatchObject({ tests: [{ change: 'undone' }, { change: 'done', test: { repeats: 1 } }] });
  });
});
