import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { formatCpuMask } from '../../../shared/parsers/cpu-mask.ts';
import { parseCpuMask } from '../../../shared/parsers/cpu-list.ts';
import { proposeChanges } from '../../../shared/planning/propose-changes.ts';
import { keeperScript, keeperService, keeperTimer, type Keeper } from '../../../shared/settings/support/keeper.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { boardText } from './board-text.ts';

const keepers: readonly Keeper['name'][] = ['irq-affinity', 'kthread-affinity', 'irq-threads'];
const shells = [['/bin/dash'], ['/bin/busybox', 'sh']].filter(([program = '']) => existsSync(program));
const asRoot = process.getuid?.() === 0;

/** Files below a folder of their own, which stands for the root of a board. */
async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, { mode: 0o755 });
  }
  return root;
}

/** Runs a keeper's script over a tree; as a user who may write nothing that is read-only, where the tests run as root. */
async function keep(root: string, name: Keeper['name'], argument: string, shell = ['/bin/sh']): Promise<{ code: number; said: string }> {
  const script = join(root, 'script');
  await writeFile(script, keeperScript({ name, everySeconds: 60 }), { mode: 0o755 });
  if (asRoot) execFileSync('/bin/chown', ['-R', '65534:65534', root]);
  const [program = '', ...first] = shell;
  return new Promise((resolve) => {
    execFile(program, [...first, script, argument], { env: { PATH: `${root}/bin:/usr/bin:/bin`, RTVM_ROOT: root }, ...(asRoot ? { uid: 65_534, gid: 65_534 } : {}) }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr });
    });
  });
}

describe.each(shells)('scripts under %s %s', (...shell) => {
  const words = shell.filter((word) => typeof word === 'string');

  test.each(keepers)('%s is a script that the shell can read', (name) => {
    const [program = '', ...first] = words;
    expect(() => execFileSync(program, [...first, '-n'], { input: keeperScript({ name, everySeconds: 60 }) })).not.toThrow();
  });

  test('irq-affinity moves what may reach other CPUs, and nothing else', async () => {
    const root = await tree({
      'proc/irq/24/eth0/x': '', 'proc/irq/24/smp_affinity_list': '0-3\n', 'proc/irq/25/nvme0q2/x': '', 'proc/irq/25/smp_affinity_list': '2\n',
      'proc/irq/26/vfio-msix[0](0000:03:00.0)/x': '', 'proc/irq/26/smp_affinity_list': '3\n', 'proc/irq/27/snd/x': '', 'proc/irq/27/smp_affinity_list': '0\n', 'proc/irq/30/smp_affinity_list': '0-3\n',
    });
    await chmod(join(root, 'proc/irq/25/smp_affinity_list'), 0o444);
    const list = async (irq: number) => (await readFile(join(root, `proc/irq/${String(irq)}/smp_affinity_list`), 'utf8')).trim();
    const notes = () => readFile(join(root, 'run/rtvm-bench/irq-affinity'), 'utf8');
    expect(await keep(root, 'irq-affinity', '0-1,8-11', words)).toEqual({ code: 0, said: 'interrupt 24 (eth0) was on CPU 0-3, now on 0-1,8-11\n' });
    expect([await list(24), await list(25), await list(26), await list(27), await list(30)]).toEqual(['0-1,8-11', '2', '3', '0', '0-3']);
    expect(await notes()).toBe('set 24 1 0-3 eth0\nfixed 25 nvme0q2\npassed-through 26\n');
    // Nothing moved: nothing is said, and what was done stays noted.
    expect(await keep(root, 'irq-affinity', '0-1,8-11', words)).toEqual({ code: 0, said: '' });
    expect(await notes()).toContain('set 24 1 0-3 eth0\n');
    // The driver sets it back: it is put right again, and counted.
    await writeFile(join(root, 'proc/irq/24/smp_affinity_list'), '3\n');
    expect((await keep(root, 'irq-affinity', '0-1,8-11', words)).said).toBe('interrupt 24 (eth0) was on CPU 3, now on 0-1,8-11\n');
    expect(await notes()).toContain('set 24 2 3 eth0\n');
  });

  test('kthread-affinity moves threads of the kernel that may be moved', async () => {
    const stat = (name: string, flags: number, parent = 2) => `9 (${name}) S ${String(parent)} 0 0 0 -1 ${String(flags)} 0 0\n`;
    const root = await tree({
      'proc/15/stat': stat('rcu preempt', 2_129_984), 'proc/15/status': 'Name:\tx\nCpus_allowed_list:\t0-3\n', 'proc/16/stat': stat('migration/2', 69_238_848), 'proc/16/status': 'Cpus_allowed_list:\t2\n',
      'proc/17/stat': stat('vhost-12', 2_129_984), 'proc/17/status': 'Cpus_allowed_list:\t0-3\n', 'proc/18/stat': stat('bash', 4_194_304, 1), 'proc/18/status': 'Cpus_allowed_list:\t0-3\n',
      'bin/taskset': '#!/bin/sh\necho "$@" >>"$RTVM_ROOT/done"\n',
    });
    expect(await keep(root, 'kthread-affinity', '0-1', words)).toEqual({ code: 0, said: 'kernel thread 15 (rcu preempt) was on CPU 0-3, now on 0-1\n' });
    expect(await readFile(join(root, 'done'), 'utf8')).toBe('-pc 0-1 15\n');
  });

  test('irq-threads gives threads of interrupts their priority back', async () => {
    const stat = (name: string, priority: number, policy: number) => `9 (${name}) S 2 0 0 0 -1 0 ${new Array(30).fill('0').join(' ')} ${String(priority)} ${String(policy)} 0 0\n`;
    const root = await tree({
      'proc/70/stat': stat('irq/24-eth0', 0, 0), 'proc/71/stat': stat('irq/27-snd', 50, 1), 'proc/72/stat': stat('irq/26-vfio-msi', 0, 0), 'proc/73/stat': stat('rcu_preempt', 1, 1),
      'bin/chrt': '#!/bin/sh\necho "$@" >>"$RTVM_ROOT/done"\n',
    });
    expect(await keep(root, 'irq-threads', '50', words)).toEqual({ code: 0, said: 'interrupt thread 70 (irq/24-eth0) had policy 0 priority 0, now FIFO 50\n' });
    expect(await readFile(join(root, 'done'), 'utf8')).toBe('-f -p 50 70\n');
  });

  test.each(keepers)('%s takes nothing but numbers', async (name) => {
    const root = await tree({ 'proc/irq/24/eth0/x': '', 'proc/irq/24/smp_affinity_list': '0-3\n' });
    for (const argument of ['', '$(touch pwned)', '0;touch pwned', '*', '-f x', '0 1']) expect((await keep(root, name, argument, words)).code).toBe(2);
    expect(existsSync(join(root, 'pwned'))).toBe(false);
  });
});

test.skipIf(!existsSync('/usr/bin/systemd-analyze'))('systemd takes the units as they are (skipped without systemd-analyze)', async () => {
  const root = await temporaryFolder();
  for (const name of keepers) {
    const keeper: Keeper = { name, everySeconds: 60 };
    const [service, timer] = [join(root, `rtvm-bench-${name}.service`), join(root, `rtvm-bench-${name}.timer`)];
    // The script is not installed on this machine: any program stands for it.
    await writeFile(service, keeperService(keeper, 'interrupts stay', '0-1', '0-1').map((line) => line.replace(/^ExecStart=\S+/, 'ExecStart=/bin/true')).join('\n'));
    await writeFile(timer, keeperTimer(keeper, 'interrupts stay').join('\n'));
    const said = await new Promise<string>((resolve) => { execFile('/usr/bin/systemd-analyze', ['verify', service, timer], (_error, stdout, stderr) => { resolve(stdout + stderr); }); });
    expect(said.split('\n').filter((line) => line.includes('rtvm-bench'))).toEqual([]);
  }
}, 30_000);

test.skipIf(!existsSync('/usr/bin/systemd-tmpfiles') || !asRoot)('systemd-tmpfiles writes the values our lines name (skipped without it, and without root)', async () => {
  const capture = parseCapture(boardText());
  if (!capture.ok) throw capture.error;
  const { steps } = proposeChanges({ capture: capture.value, snapshot: snapshotOf(capture.value), guide: 'kvm-host', housekeeping: [0, 1] }, 'attention');
  const files = Object.fromEntries(steps.flatMap(({ action }) => (action.kind === 'file' && action.path.startsWith('/etc/tmpfiles.d/') && action.content ? [[action.path, action.content.data]] : [])));
  const values = steps.flatMap(({ action }) => (action.kind === 'value' && !action.path.startsWith('/proc/sys/') && !/\/(?:queues|module)\//.test(action.path) ? [action] : []));
  expect(values.length).toBeGreaterThan(5);
  const root = await tree({ ...files, ...Object.fromEntries(values.map(({ path }) => [path, ''])) });
  execFileSync('/usr/bin/systemd-tmpfiles', ['--create', `--root=${root}`], { stdio: 'pipe' });
  for (const { path, value } of values) expect([path, (await readFile(join(root, path), 'utf8')).trim()]).toEqual([path, value]);
});

test('a mask is written as it is read, as wide as it was', () => {
  expect([formatCpuMask([0, 1], 1), formatCpuMask([0, 1], 8), formatCpuMask([32, 33]), formatCpuMask([], 2), formatCpuMask([0, 63], 16)]).toEqual(['3', '00000003', '3,00000000', '00', '80000000,00000001']);
  fc.assert(fc.property(fc.uniqueArray(fc.nat(8191)), fc.nat(300), (cpus, digits) => {
    const mask = parseCpuMask(formatCpuMask(cpus, digits));
    expect(mask).toEqual({ ok: true, value: [...cpus].sort((a, b) => a - b) });
  }));
});
