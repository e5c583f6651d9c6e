import type { Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readWorkloadScript, startWorkloadScript, stopWorkloadScript } from '../../../electron/core/workloads/workload-scripts.ts';
import { cleanScript } from '../../../electron/core/runs/run-scripts.ts';
import type { BoardScript } from '../../../electron/core/ssh/board-session.ts';
import { newCallWords, passwordSudoCommand } from '../../../electron/core/ssh/remote-commands.ts';
import { scriptInput } from '../../../electron/core/ssh/script-input.ts';
import { parseWorkload } from '../../../shared/planning/workloads/workload-answer.ts';
import { logIn, runCommand, startBench, type Bench } from './practice-client.ts';

let bench: Bench;
let client: Client;
beforeAll(async () => {
  bench = await startBench();
  client = await logIn(bench.login);
});
afterAll(async () => {
  client.end();
  await bench.close();
});

const asRoot = async (script: BoardScript, ...args: string[]): Promise<string> =>
  (await runCommand(client, passwordSudoCommand(newCallWords()), `${bench.login.password}\n${scriptInput(script, args).toString()}`)).stdout;

describe('loads on the practice board', () => {
  test('a busy loop is started, seen and stopped', async () => {
    expect(await asRoot(readWorkloadScript)).toBe('none\n');
    expect(await asRoot(startWorkloadScript, 'busy-loop', '600', 'ana@laptop', '0')).toBe('started\n');
    const read = parseWorkload(await asRoot(readWorkloadScript));
    expect(read).toMatchObject({ ok: true, value: { kind: 'busy-loop', running: true, owner: 'ana@laptop' } });
    expect(await asRoot(stopWorkloadScript)).toBe('stopped busy-loop\n');
    expect(await asRoot(readWorkloadScript)).toBe('none\n');
    expect(await asRoot(cleanScript)).toMatch(/^removed \d+ /m);
  }, 60_000);
});
