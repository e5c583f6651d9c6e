import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../../electron/hosts/cli/run-cli.ts';
import { kernelPlanSchema } from '../../../shared/planning/kernel-plan.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { captureText } from '../snapshot/capture-text.ts';
import { debianFiles, pendingLine } from './boot-kit.ts';

async function planKernel(...options: string[]): Promise<{ status: number; data: string; notes: string }> {
  const file = join(await temporaryFolder(), 'board.capture');
  await writeFile(file, captureText({ files: debianFiles, exists: ['/run/systemd/system'], tools: ['/usr/sbin/update-grub', '/usr/bin/systemd-run'] }));
  let data = '';
  let notes = '';
  const status = await runCli(['plan', 'kernel', '--capture', file, ...options], {
    data: (text) => { data += `${text}\n`; }, note: (text) => { notes += `${text}\n`; }, interactive: false, ask: async () => '', readAll: async () => '',
  }, '0.0.0');
  // A refusal is told by the exit code of the process, which is that of the tests here.
  process.exitCode = undefined;
  return { status, data, notes };
}

test('a try for a person: commands, the diff of each file, what can go wrong', async () => {
  const { status, data } = await planKernel('--try', '--line', `${pendingLine} rcu_nocbs=1`);
  expect(status).toBe(0);
  expect(data).toContain('nothing is changed');
  expect(data).toContain('   +++ /boot/grub/custom.cfg\n');
  expect(data).toMatch(/\n {3}\+\tlinux\t\/boot\/vmlinuz-6.1.0-50-rt-amd64 .* rcu_nocbs=1 panic=10 rtvm_bench.try=\d{8}T\d{6}Z\n/);
  expect(data).toContain('   grub-reboot rtvm-bench-try\n');
  expect(data).toContain('Caution: Everything that runs on the board ends.');
});

test('as data, with the plan it comes from', async () => {
  const { data } = await planKernel('--write', '--guide', 'bare-metal', '--housekeeping', '0', '--json');
  const { proposal, ...kernelPlan } = JSON.parse(data);
  expect(kernelPlanSchema.parse(kernelPlan)).toEqual(kernelPlan);
  expect(proposal).toMatchObject({ purpose: { kind: 'change' }, restart: 'needed', refused: [], steps: [{ action: { path: '/etc/default/grub.d/zz-rtvm-bench.cfg' } }, { action: { kind: 'generate' } }] });
});

test('a refusal says why and what else, and is a failed check', async () => {
  expect(await planKernel('--write', '--line', 'root=/dev/sda1 ro')).toMatchObject({ status: 1, data: expect.stringMatching(/Refused: The line must begin with .*\n {2}Take these words/) });
});

test.each([[['--try', '--write'], 'not both'], [['--line', 'quiet'], 'Add --try or --write'], [['--guide', 'nothing'], 'Guides:']])('wrong usage: %j', async (options, next) => {
  expect(await planKernel(...options)).toMatchObject({ status: 2, notes: expect.stringContaining(next) });
});
