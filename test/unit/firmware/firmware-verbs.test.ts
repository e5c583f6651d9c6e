import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { runCli } from '../../../electron/hosts/cli/run-cli.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { attributeFiles, captureText } from './firmware-kit.ts';

async function cli(...argv: string[]): Promise<{ status: number; data: string; notes: string }> {
  let data = '';
  let notes = '';
  const status = await runCli(argv, {
    data: (text) => { data += `${text}\n`; }, note: (text) => { notes += `${text}\n`; }, interactive: false, ask: async () => '', readAll: async () => '',
  }, '0.0.0');
  return { status, data, notes };
}

beforeEach(() => { process.exitCode = 0; });

async function captureFile(files: Record<string, string> = {}): Promise<string> {
  const file = join(await temporaryFolder(), 'board.capture');
  await writeFile(file, captureText(files));
  return file;
}

test('the sheet of a capture, as text, as a page and as JSON', async () => {
  const capture = await captureFile();
  expect(await cli('firmware', 'sheet', '--capture', capture)).toMatchObject({ status: 0, data: expect.stringContaining('[ ] USB Periodic SMI: Disabled') });
  expect((await cli('firmware', 'sheet', '--capture', capture, '--html')).data).toMatch(/^<!doctype html>/);
  expect(JSON.parse((await cli('firmware', 'sheet', '--capture', capture, '--json')).data)).toMatchObject({ machine: 'Dell Inc.', items: expect.arrayContaining([expect.objectContaining({ id: 'firmware.legacy-usb', option: 'Disabled' })]) });
});

test('how to begin, and what could be changed from Linux', async () => {
  const capture = await captureFile(attributeFiles('dell-wmi-sysman', { TurboMode: ['Enabled', 'Disabled;Enabled;'] }));
  expect((await cli('firmware', 'begin', '--capture', capture)).data).toMatch(/press F2 [^]*Raptor Lake is listed[^]*Linux can never tell/);
  expect(JSON.parse((await cli('firmware', 'propose', '--capture', capture, '--json')).data)).toMatchObject({ steps: [{ action: { kind: 'firmware-attribute', attribute: 'TurboMode', value: 'Disabled' } }] });
});

test('the gate’s verdict decides the exit code', async () => {
  const gate = await cli('firmware', 'gate', '--hwlatdetect', 'test/fixtures/hwlatdetect/hwlat_nomsr.txt', '--json');
  expect([JSON.parse(gate.data), process.exitCode]).toMatchObject([{ verdict: 'firmware-limited' }, 1]);
  expect((await cli('firmware', 'gate')).status).toBe(2);
});

test('what is attested is kept in the project and judged with it', async () => {
  const project = join(await temporaryFolder(), 'line4.rtvm');
  vi.stubEnv('RTVM_BENCH_HOME', await temporaryFolder());
  const capture = await captureFile({ '/sys/devices/system/cpu/intel_pstate/no_turbo': '0' });
  await cli('inspect', 'practice', '--capture', capture, '--project', project);
  const photo = join(await temporaryFolder(), 'screen.png');
  await writeFile(photo, new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]));
  expect(await cli('firmware', 'attest', 'practice', 'firmware.turbo', '--state', 'as-asked', '--by', 'Ada', '--photo', photo, '--project', project)).toMatchObject({ status: 0, data: 'Noted. 1 attested so far.\n' });
  expect((await cli('check', 'practice', '--guide', 'firmware', '--project', project)).data).toContain('Contradiction: Ada attested on');
  expect(JSON.parse(await readFile(join(project, 'boards/practice/checklist.json'), 'utf8'))).toMatchObject({ schema: 1, entries: [{ settingId: 'firmware.turbo', photo: { mediaType: 'image/png' } }] });
  expect(await cli('firmware', 'attest', 'practice', 'firmware.turbo', '--state', 'perhaps', '--by', 'Ada', '--project', project)).toMatchObject({ status: 2, notes: expect.stringContaining('States: as-asked') });
  expect(await cli('firmware', 'attest', 'practice', 'firmware.no-such', '--state', 'as-asked', '--by', 'Ada', '--project', project)).toMatchObject({ status: 2, notes: expect.stringContaining('There is no firmware setting') });
  vi.unstubAllEnvs();
});
