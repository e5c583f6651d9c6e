import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from 'ssh2';
import { exportShell } from '../../../shared/planning/export/export-shell.ts';
import { everyKind, sha256 } from '../planning/export/plan-kit.ts';
import { logIn, runCommand, startBench, type Bench, type RunResult } from './practice-client.ts';

let bench: Bench;
let client: Client;
beforeAll(async () => {
  bench = await startBench('plain-pc');
  client = await logIn(bench.login);
  // It comes with libvirt's packages, which this machine has not.
  await runCommand(client, "sudo -S -p '' sh -c 'echo libvirt:x:113: >>/etc/group'", `${bench.login.password}\n`);
});
afterAll(async () => {
  client.end();
  await bench.close();
});

/** What this machine can do, for the user that it has. */
const others = { ...everyKind, steps: everyKind.steps.map((step) => (step.action.kind === 'group-member' ? { ...step, action: { ...step.action, user: 'rt' } } : step)).filter(({ action }) => !['kernel-arguments', 'firmware-attribute'].includes(action.kind) && !(action.kind === 'file' && action.path.startsWith('/etc/modprobe.d'))) };

/** Runs the exported script on the practice board, the way a newcomer would. */
const run = (...options: string[]): Promise<RunResult> => {
  const { text } = exportShell(others, sha256);
  return runCommand(client, "sudo -S -p '' sh -s", `${bench.login.password}\ncat >/root/plan.sh <<'END_OF_SCRIPT'\n${text}\nEND_OF_SCRIPT\nsh /root/plan.sh ${options.join(' ')}\n`);
};

test('an exported script does on the practice board what it does elsewhere', async () => {
  const rehearsal = await run('--any-machine', '--dry-run');
  expect(rehearsal.stderr).toBe('');
  expect(rehearsal.stdout).toContain('would write /etc/sysctl.d/90-rtvm-bench.conf');
  expect(rehearsal.stdout).toContain('would install linux-image-rt-amd64 rt-tests');
  const done = await run('--any-machine');
  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(done.stdout).toContain('changes made.');
  expect((await runCommand(client, 'id -nG rt')).stdout).toBe('rt sudo libvirt\n');
  expect((await run('--any-machine')).stdout).toContain('Everything is as it should be; nothing was changed.');
}, 60_000);
