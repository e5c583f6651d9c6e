import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import { scriptInput } from '../../electron/core/ssh/script-input.ts';
import { actOnVm } from '../../electron/core/vms/act-on-vm.ts';
import { readVmHost } from '../../electron/core/vms/read-vm-host.ts';
import type { Vm, VmHost } from '../../shared/model/vm.ts';
import { parseVmHost } from '../../shared/parsers/vm/parse-vm-host.ts';
import { startSshdBoard, type SshdBoard } from '../support/change-kit.ts';
import { codedError } from '../support/session-kit.ts';

const has = (program: string): boolean => spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined;
const scripts = join(import.meta.dirname, '../../electron/board-scripts');
const textOf = (name: string) => ['run-common', 'vm-common', name].map((part) => readFileSync(join(scripts, `${part}.sh`), 'utf8')).join('\n');

const odd = { name: 'Zelle "7"; $(touch canary) é', uuid: '11111111-1111-4111-8111-111111111111' };
const plain = { name: 'rt', uuid: '22222222-2222-4222-8222-222222222222' };
const description = '\n@@active\n@@x end\n@@ end\n';
const noVirsh = has('virsh') ? '' : ' (skipped: there is no virsh)';
const realLibvirt = ['libvirt-sock', 'virtqemud-sock'].some((socket) => existsSync(join('/run/libvirt', socket)));
const noThreads = !has('qemu-system-x86_64') ? ' (skipped: there is no QEMU)' : process.getuid?.() !== 0 ? ' (skipped: real-time priorities need root)' : availableParallelism() < 2 ? ' (skipped: there is one CPU)' : '';

/** A host of libvirt's test driver: real virsh, real outputs, no virtual machine. */
function nodeFile(folder: string): string {
  const domain = ({ name, uuid }: typeof plain, more: string) => `<domain type='test'><name>${name.replaceAll('"', '&quot;')}</name><uuid>${uuid}</uuid>${more}<memory>65536</memory><vcpu>2</vcpu><os><type>hvm</type></os></domain>`;
  const file = join(folder, 'node.xml');
  writeFileSync(file, `<node>${domain(odd, `<description>${description}</description>`)}${domain(plain, '')}<network><name>default</name><bridge name='virbr0'/></network></node>`);
  return `test://${file}`;
}

const vmOf = (host: VmHost, name: string): Vm => {
  const vm = host.vms.find((one) => one.name === name);
  if (vm === undefined) throw new Error(`there is no VM ${name}`);
  return vm;
};

describe.skipIf(!has('virsh'))(`virtual machines of a board over a real sshd${noVirsh}`, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-vms-'));
  const uri = nodeFile(scratch);
  let board: SshdBoard;
  let session: BoardSession;
  beforeAll(async () => {
    board = await startSshdBoard();
    session = board.session();
  });
  afterAll(async () => {
    await board.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it.skipIf(realLibvirt)(`are none where libvirt does not answer, and it says why${realLibvirt ? ' (skipped: here it does)' : ''}`, async () => {
    const host = await readVmHost({ session });
    expect(host).toMatchObject({ libvirt: null, vms: [], problem: { code: 'libvirt-unreachable' } });
    const refused = await codedError(actOnVm({ session, boardName: 'Bench', vm: plain, act: 'start' }));
    expect(refused).toMatchObject({ code: 'libvirt-unreachable', extras: { board: 'Bench', details: { cause: host.problem?.details?.['cause'] } } });
  });

  it('are read with names of any spelling and descriptions of any content', async () => {
    mkdirSync(join(board.base, 'vms', 'half'), { recursive: true });
    writeFileSync(join(board.base, 'vms', 'half', 'made'), 'name half\nowner ada@laptop\nstarted 2026-11-21T10:00:00Z\nphase begun\nfile /var/lib/libvirt/images/half disk.qcow2\nphase disk\n');
    const host = await readVmHost({ session, uri });
    expect(host.problem).toBeNull();
    expect(host.libvirt).toMatchObject({ uri, hypervisor: expect.stringMatching(/^TEST /) });
    expect(host.networks).toEqual([{ name: 'default', active: true, autostart: false, persistent: true }]);
    expect(host.vms.map(({ name, uuid, state, persistent }) => ({ name, uuid, state, persistent }))).toEqual([plain, odd].map((vm) => ({ ...vm, state: 'running', persistent: true })));
    expect(vmOf(host, odd.name).inactiveXml).toContain(description);
    expect(vmOf(host, plain.name).activeXml).toMatch(/^<domain[\s\S]*<\/domain>\n$/);
    expect(host.capabilitiesXml).toContain('<topology>');
    expect(host.halfMade).toEqual([{ name: 'half', owner: 'ada@laptop', startedAt: '2026-11-21T10:00:00Z', phase: 'disk', files: ['/var/lib/libvirt/images/half disk.qcow2'] }]);
    expect(readdirSync(scratch)).toEqual(['node.xml']);
  });

  it('are started and stopped, with what libvirt says no to', async () => {
    const act = (name: 'start' | 'force-off' | 'reboot' | 'autostart-on' | 'autostart-off' | 'shutdown', vm = plain) => actOnVm({ session, boardName: 'Bench', vm, act: name, uri, waitSeconds: 0 });
    await act('force-off');
    await act('autostart-on', odd);
    await act('autostart-off', odd);
    expect(await codedError(act('start'))).toMatchObject({ code: 'libvirt-refused', extras: { board: 'Bench', details: { cause: 'already' } } });
    expect(await codedError(act('start', { name: 'gone', uuid: '33333333-3333-4333-8333-333333333333' }))).toMatchObject({ code: 'libvirt-refused', extras: { details: { cause: 'gone' } } });
    // The test driver forgets what it is told with each virsh: its VM is as deaf to ACPI as a guest can be.
    expect(await codedError(act('shutdown'))).toMatchObject({ code: 'vm-not-answering', message: expect.stringContaining('ACPI') });
  });

  it('are not touched by being read', async () => {
    const before = execFileSync('virsh', ['-c', uri, 'list --all; net-list --all'], { encoding: 'utf8' });
    await readVmHost({ session, uri });
    expect(execFileSync('virsh', ['-c', uri, 'list --all; net-list --all'], { encoding: 'utf8' })).toBe(before);
    expect(textOf('vm-read')).not.toMatch(/virsh -c/);
  });
});

describe.skipIf(!has('virsh') || noThreads !== '')(`threads of a real QEMU${noThreads}`, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-threads-'));
  const uri = nodeFile(scratch);
  const own = availableParallelism() - 1;
  const started: ChildProcess[] = [];
  let qemu: number;
  beforeAll(async () => {
    const machine = spawn('qemu-system-x86_64', ['-uuid', plain.uuid, '-name', 'rt,debug-threads=on', '-accel', 'kvm', '-accel', 'tcg,thread=multi', '-S', '-display', 'none', '-nodefaults', '-smp', '2', '-m', '64', '-object', 'iothread,id=iothread1', '-overcommit', 'mem-lock=on', '-qmp', 'stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
    started.push(machine);
    // It greets while it is being made, and answers when all its threads are there.
    machine.stdin.write('{"execute":"qmp_capabilities"}\n');
    for await (const chunk of machine.stdout) if (String(chunk).includes('"return"')) break;
    qemu = machine.pid ?? 0;
    const [vcpu] = readdirSync(`/proc/${String(qemu)}/task`).filter((thread) => readFileSync(`/proc/${String(qemu)}/task/${thread}/comm`, 'utf8').startsWith('CPU 0/'));
    execFileSync('taskset', ['-cp', String(own), vcpu ?? ''], { stdio: 'ignore' });
    execFileSync('chrt', ['-f', '-p', '1', vcpu ?? ''], { stdio: 'ignore' });
    for (const cpu of [own, 0]) {
      const sleeper = spawn('taskset', ['-c', String(cpu), 'sh', '-c', 'echo; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'ignore'] });
      started.push(sleeper);
      await once(sleeper.stdout, 'data');
    }
  });
  afterAll(async () => {
    await Promise.all(started.map(async (child) => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }));
    rmSync(scratch, { recursive: true, force: true });
  });

  it.skipIf(!has('dash'))(`are seen in dash${has('dash') ? '' : ' (skipped: there is no dash)'}`, () => { isSeen(['dash'], textOf('vm-read')); });

  it.skipIf(!has('busybox'))(`are seen where there is busybox only${has('busybox') ? '' : ' (skipped: there is no busybox)'}`, () => {
    const path = join(scratch, 'bin');
    mkdirSync(path);
    execFileSync('busybox', ['--install', '-s', path]);
    symlinkSync(execFileSync('sh', ['-c', 'command -v virsh'], { encoding: 'utf8' }).trim(), join(path, 'virsh'));
    isSeen(['busybox', 'sh'], `PATH=${path}\n${textOf('vm-read')}`);
  });

  const isSeen = ([program = '', ...options]: string[], text: string): void => {
    const script = { name: 'vm-read', text };
    const result = spawnSync(program, [...options, '-s'], { input: scriptInput(script, [uri]), env: { ...process.env, RTVM_BENCH_DIR: scratch }, maxBuffer: 10_000_000 });
    expect({ stderr: result.stderr.toString(), status: result.status }).toEqual({ stderr: '', status: 0 });
    const read = parseVmHost(result.stdout.toString('utf8'), { takenAt: '20261121T101500Z', uri });
    if (!read.ok) throw read.error;
    const vm = vmOf(read.value, plain.name);
    expect(vm.processId).toBe(qemu);
    expect(vm.threads.filter(({ role }) => role === 'vcpu')).toMatchObject([{ vcpu: 0, cpus: [own], policy: 'fifo', priority: 1 }, { vcpu: 1, policy: 'other', priority: 0 }]);
    expect(vm.threads.filter(({ role }) => role === 'iothread')).toMatchObject([{ name: 'IO iothread1', policy: 'other' }]);
    expect(vm.threads.filter(({ role }) => role === 'emulator').length).toBeGreaterThan(0);
    expect(vm.lockedBytes).toBeGreaterThanOrEqual(64 * 2 ** 20);
    expect(vmOf(read.value, odd.name).threads).toEqual([]);
    const seen = (child: ChildProcess | undefined) => read.value.intruders.find(({ threadId }) => threadId === child?.pid);
    expect(seen(started[1])).toMatchObject({ cpus: [own], lastCpu: own });
    expect(seen(started[2])).toBeUndefined();
  };
});

describe('the scripts about virtual machines', () => {
  const noShellcheck = has('shellcheck') ? '' : ' (skipped: there is no shellcheck)';
  it.skipIf(!has('shellcheck')).each(['vm-read', 'vm-act'])(`shellcheck has nothing to say about %s${noShellcheck}`, (name) => {
    // SC1007, SC2034, SC2086 are about run-common.sh, which several scripts share.
    const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-e', 'SC1007,SC2034,SC2086', '-'], { input: textOf(name), encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});
