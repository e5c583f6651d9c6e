import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../../electron/hosts/cli/run-cli.ts';
import { captureText } from '../snapshot/capture-text.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const range = (from: number, to: number, step = 1) => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
const eci = ['--housekeeping', '0-3', '--vm', 'rt:8@0', '--emulator', '4@0', '--stressor', '8@1'];

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv('RTVM_BENCH_HOME', folder);
});

async function cli(...argv: string[]): Promise<{ status: number; data: string; notes: string }> {
  let data = '';
  let notes = '';
  const status = await runCli(argv, {
    data: (text) => { data += `${text}\n`; }, note: (text) => { notes += `${text}\n`; }, interactive: false, ask: async () => '', readAll: async () => '',
  }, '0.0.0');
  // A failed check is told by the exit code of the process, which is that of the tests here.
  process.exitCode = undefined;
  return { status, data, notes };
}

/** The table of the Xeon of Intel's guide: 64 cores, even CPUs on node 0. */
async function xeonTable(): Promise<string> {
  const file = join(folder, 'lscpu.txt');
  await writeFile(file, range(0, 63).map((cpu) => `${cpu},${cpu},${cpu % 2},${cpu % 2}`).join('\n'));
  return file;
}

describe('plan cpus', () => {
  test('from a table of lscpu: Intel’s example, as data', async () => {
    const { status, data } = await cli('plan', 'cpus', '--topology', await xeonTable(), ...eci, '--json');
    expect(status).toBe(0);
    const map: unknown = JSON.parse(data);
    expect(map).toMatchObject({ housekeeping: [0, 1, 2, 3], isolated: range(4, 63), emulator: [56, 58, 60, 62], stressor: range(5, 19, 2), vms: [{ name: 'rt', vcpus: range(4, 18, 2).map((cpu, vcpu) => ({ vcpu, cpu })) }] });
  });

  test('in words, with the reasons and the other ways', async () => {
    const { data } = await cli('plan', 'cpus', '--topology', await xeonTable(), ...eci, '--reasons', '--alternatives');
    expect(data).toMatch(/^rt +0→4 1→6/m);
    expect(data).toContain('VM rt: CPU 4,6,8,10,12,14,16,18\n  All of node 0, as asked for. (same-node)');
    expect(data).toContain('cpuset.cpus.partition');
  });

  test('fails when somebody gets too few, and names the rule', async () => {
    expect(await cli('plan', 'cpus', '--topology', await xeonTable(), '--housekeeping', '0-3', '--vm', 'rt:40@0')).toMatchObject({ status: 1, data: expect.stringContaining('(enough-cpus)') });
  });

  test('wants to know the machine, and whose CPUs are the host’s where no reading tells', async () => {
    expect(await cli('plan', 'cpus', '--vm', 'rt:2')).toMatchObject({ status: 2, notes: expect.stringContaining('--board NAME') });
    expect(await cli('plan', 'cpus', '--topology', await xeonTable())).toMatchObject({ status: 2, notes: expect.stringContaining('--housekeeping LIST') });
    expect(await cli('plan', 'cpus', '--topology', await xeonTable(), ...eci, '--save')).toMatchObject({ status: 2, notes: expect.stringContaining('--board NAME') });
  });

  test('keeps the map of a board, and the guides go by it', async () => {
    const project = ['--project', join(folder, 'p.rtvm')];
    const cpu = '/sys/devices/system/cpu';
    const capture = join(folder, 'board.capture');
    await mkdir(folder, { recursive: true });
    await writeFile(capture, captureText({ files: { [`${cpu}/online`]: '0-7', [`${cpu}/present`]: '0-7', '/proc/cmdline': 'ro quiet', '/sys/devices/system/node/node0/cpulist': '0-7' } }));
    expect(await cli('board', 'add', 'atom', '--address', '192.0.2.1', '--user', 'root', ...project)).toMatchObject({ status: 0 });
    expect(await cli('inspect', 'atom', '--capture', capture, ...project)).toMatchObject({ status: 0 });
    expect(await cli('plan', 'cpus', '--board', 'atom', '--saved', ...project)).toMatchObject({ status: 2, notes: expect.stringContaining('No CPU map is kept') });
    expect(await cli('plan', 'cpus', '--board', 'atom', '--vm', 'rt:2', '--housekeeping', '1', '--save', ...project)).toMatchObject({ notes: expect.stringContaining('CPU 0 is not kept for the host') });
    expect(await cli('plan', 'cpus', '--board', 'atom', '--vm', 'rt:2', '--housekeeping', '0-2', '--save', ...project)).toMatchObject({ status: 0 });
    expect(JSON.parse((await cli('plan', 'cpus', '--board', 'atom', '--saved', '--json', ...project)).data)).toMatchObject({ housekeeping: [0, 1, 2], vms: [{ name: 'rt', vcpus: [{ vcpu: 0, cpu: 3 }, { vcpu: 1, cpu: 4 }] }], findings: [] });
    const { data } = await cli('check', 'atom', '--guide', 'kvm-host', '--json', ...project);
    expect(JSON.parse(data)).toMatchObject({ housekeeping: [0, 1, 2], isolated: [3, 4, 5, 6, 7], cpusFrom: 'cpu-map' });
  });
});
