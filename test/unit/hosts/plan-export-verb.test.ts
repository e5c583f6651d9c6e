import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../../electron/hosts/cli/run-cli.ts';
import { everyKind, planOf } from '../planning/export/plan-kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'rtvm-plan-'));
const plan = join(folder, 'plan.json');
beforeAll(() => { writeFileSync(plan, JSON.stringify(everyKind)); });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

async function cli(...argv: string[]): Promise<{ status: number; data: string; notes: string }> {
  let data = '';
  let notes = '';
  const status = await runCli(argv, {
    data: (text) => { data += `${text}\n`; }, note: (text) => { notes += `${text}\n`; }, interactive: false, ask: async () => '', readAll: async () => '',
  }, '0.0.0');
  return { status, data, notes };
}

it('writes a plan as a script or as a playbook', async () => {
  expect(await cli('plan', 'export', plan)).toMatchObject({ status: 0, notes: '', data: expect.stringMatching(/^#!\/bin\/sh\n[^]*\nfinish\n$/) });
  expect(await cli('plan', 'export', plan, '--format', 'ansible')).toMatchObject({ status: 0, data: expect.stringContaining('become: true') });
  expect(JSON.parse((await cli('plan', 'export', plan, '--json')).data)).toMatchObject({ leftOut: [], text: expect.stringContaining('set -euf') });
});

it('names on standard error what is left out', async () => {
  writeFileSync(join(folder, 'redfish.json'), JSON.stringify(planOf([{ kind: 'redfish', system: '1', attribute: 'C6', value: false }])));
  expect((await cli('plan', 'export', join(folder, 'redfish.json'))).notes).toMatch(/^Left out: step 1, .*management controller/);
});

it('says what is wrong with a file or a form', async () => {
  writeFileSync(join(folder, 'other.json'), '{"schema":2}');
  expect((await cli('plan', 'export', join(folder, 'other.json'))).notes).toContain('is not a plan of RTVM Bench');
  expect(await cli('plan', 'export', plan, '--format', 'puppet')).toMatchObject({ status: 2, notes: expect.stringContaining('Forms: shell, ansible.') });
});
