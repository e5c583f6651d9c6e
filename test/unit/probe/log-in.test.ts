import type { Client } from 'ssh2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeScript } from '../../../electron/core/probe/probe.ts';
import { newCallWords, passwordSudoCommand, plainCommand } from '../../../electron/core/ssh/remote-commands.ts';
import { scriptInput } from '../../../electron/core/ssh/script-input.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { logIn, runCommand, startBench, type Bench } from '../practice-board/practice-client.ts';
import { isThere, probeHere } from './run-probe.ts';

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

async function loginSeen(command: string, input: string) {
  const capture = parseCapture((await runCommand(client, command, input)).stdout);
  if (!capture.ok) throw capture.error;
  const { asRoot, login } = snapshotOf(capture.value);
  return { asRoot, login };
}

test('with sudo or without, it is the log-in that is told, with the groups it was given', async () => {
  const script = scriptInput(probeScript, []).toString();
  const plain = await loginSeen(plainCommand, script);
  const withSudo = await loginSeen(passwordSudoCommand(newCallWords()), `${bench.login.password}\n${script}`);
  expect([plain.asRoot, withSudo.asRoot]).toEqual([false, true]);
  expect(plain.login).toMatchObject({ user: bench.login.user, uid: 1000 });
  // The pretend sshd keeps no process of the user’s: sudo tells who it was, and nothing tells the groups.
  expect(withSudo.login).toMatchObject({ user: bench.login.user, uid: 1000 });
});

test.skipIf(process.getuid?.() !== 0 || !isThere('/bin/dash'))('on a real system (tests must run as root to become another user)', async () => {
  const { capture } = await probeHere({ user: 65_534 });
  expect(snapshotOf(capture).login).toEqual({ user: 'nobody', uid: 65_534, groups: null });
});
