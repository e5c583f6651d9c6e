import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshotSchema, type Snapshot } from '../../../shared/model/snapshot.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { remarksOf } from '../../../shared/planning/remarks.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { eci, hybrid, rhel, xeon } from './pretend-boards.ts';
import { isThere, probe, probeHere, probePath, shellsHere } from './run-probe.ts';

const codes = (snapshot: Snapshot) => remarksOf(snapshot).map(({ code }) => code);
const nobody = 65_534;
const asRoot = process.getuid?.() === 0;

describe.each(shellsHere)('under %s', (shell) => {
  test('a dual-socket server with isolated CPUs', async () => {
    const { capture, text, stderr } = await probe(xeon(), { shell });
    const snapshot = snapshotOf(capture);
    expect(stderr).toBe('');
    expect(snapshotSchema.safeParse(snapshot).success).toBe(true);
    expect(snapshot.asRoot).toBe(true);
    expect(snapshot.takenAt).toBe('20261120T130820Z');
    expect(snapshot.identity).toMatchObject({ vendor: 'Supermicro', board: 'Supermicro X13DEM', serial: 'SN-0000-0001', microcode: '0x21000201', firmware: { version: '2.1', kind: 'uefi' }, secureBoot: true, lockdown: 'integrity' });
    expect(snapshot.virtualisation.kind).toBe('bare-metal');
    expect(snapshot.cpus.list).toHaveLength(64);
    expect(snapshot.cpus.list[37]).toEqual({ cpu: 37, online: true, socket: 1, node: 1, die: 0, core: 2, siblings: [5, 37], kind: null });
    expect(snapshot.cpus.isolated).toHaveLength(56);
    expect(snapshot.cpus.smt).toEqual({ active: true, control: 'on' });
    expect(snapshot.numaNodes.map(({ id, cpus, memoryBytes }) => [id, cpus.length, memoryBytes])).toEqual([[0, 32, 131_072 * 1024], [1, 32, 262_144 * 1024]]);
    expect(snapshot.caches.filter(({ level }) => level === 3)).toMatchObject([{ id: 0, sizeBytes: 61_440 * 1024, ways: 15 }, { id: 1 }]);
    expect(snapshot.caches.filter(({ level }) => level === 2)).toHaveLength(32);
    expect(snapshot.idle.states).toEqual([{ name: 'POLL', exitLatencyUs: 0, disabledOn: [] }, { name: 'C6', exitLatencyUs: 133, disabledOn: [4] }]);
    expect(snapshot.frequency).toEqual({ driver: 'intel_pstate', status: 'active', governors: ['powersave', 'performance'], turbo: true, turboEvidence: '/sys/devices/system/cpu/intel_pstate/no_turbo: 0', minKhz: 800_000, maxKhz: 4_100_000 });
    expect(snapshot.thermalThrottles).toBe(3 + 2 * 2);
    expect(snapshot.interrupts.list[0]).toMatchObject({ irq: '24', name: 'eth0-rx-0', total: 7, effective: [5] });
    expect(snapshot.interrupts.list[0]?.perCpu[5]).toBe(7);
    expect(snapshot.interrupts.defaultAffinity).toEqual([0, 1, 2, 3]);
    expect(snapshot.pci).toEqual([{ address: '0000:01:00.0', description: 'Ethernet controller [0200]: Intel Corporation Ethernet Controller E810-C [8086:1593]', driver: 'ice', msi: 'msi-x', iommuGroup: 7, numaNode: 1 }]);
    expect(snapshot.iommu).toEqual({ active: true, units: ['dmar0', 'dmar1'], groups: 1, defaultType: 'Passthrough' });
    expect(snapshot.resctrl).toMatchObject({ supported: true, mounted: true, flags: ['rdt_a', 'cat_l3', 'cdp_l3', 'cqm', 'mba'], schemata: ['MB:0=100;1=100', 'L3:0=7fff;1=7fff'] });
    expect(snapshot.resctrl.resources[0]).toEqual({ name: 'L3', cbmMask: '7fff', minBits: 1, shareableBits: '6000', closids: 15 });
    expect(snapshot.kvm).toMatchObject({ available: true, module: 'kvm_intel', parameters: { 'kvm.halt_poll_ns': '200000', 'kvm_intel.ple_gap': '128' } });
    expect(snapshot.firmwareAttributes).toEqual([{ driver: 'hp-bioscfg', name: 'Hyperthreading', value: 'Enable', possible: ['Disable', 'Enable'] }]);
    expect(snapshot.services).toEqual([{ name: 'apt-daily.timer', active: false, enabled: 'enabled' }, { name: 'irqbalance', active: true, enabled: null }]);
    expect(snapshot.bmc.present).toBe(true);
    expect(snapshot.limits).toMatchObject({ rtPriority: 0, lockedMemoryBytes: 8_388_608 });
    expect(snapshot.kernel.config).toEqual({ CONFIG_HZ: '250', CONFIG_PREEMPT_RT: 'y', CONFIG_RT_GROUP_SCHED: 'n' });
    expect(snapshot.tools.find(({ name }) => name === 'cyclictest')?.version).toBe('2.4-1');
    expect(snapshot.kernel.pending.newerThanGenerated).toEqual(['/etc/default/grub']);
    expect(codes(snapshot)).toEqual(expect.arrayContaining(['irqbalance-running', 'interrupts-on-isolated', 'boot-file-outdated', 'turbo-on', 'throttled', 'hyper-threading-on', 'locked-down', 'swap-on']));
    expect(codes(snapshot)).not.toContain('sibling-not-isolated');
    expect(codes(snapshot)).not.toContain('next-boot-differs');
    // Secrets and what nobody asked for stay on the board.
    for (const left of ['secret', 'pbkdf2', 'username=operator', 'never printed', 'never asked for', 'BTRFS']) expect(text).not.toContain(left);
    expect(capture.value('/etc/apt/sources.list')).toBe('deb http://deb.debian.org/debian bookworm main');
    expect(capture.evidence('/sys/bus/pci/devices/0000:01:00.0/link/l1_aspm')).toBe('/sys/bus/pci/devices/0000:01:00.0/link/l1_aspm: 1');
    // A drop-in that GRUB does not read is there for the settings check to find.
    expect(capture.value('/etc/default/grub.d/99-rt.conf')).toBe('GRUB_CMDLINE_LINUX="never=read"');
  });

  test('a hybrid client without lspci or root rights to the kernel messages', async () => {
    const { capture } = await probe(hybrid(), { shell });
    const snapshot = snapshotOf(capture);
    expect(snapshot.cpus.list.filter(({ kind }) => kind === 'performance').map(({ cpu }) => cpu)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(snapshot.cpus.list[15]).toMatchObject({ online: false, kind: 'efficiency', siblings: [15] });
    expect(snapshot.cpus.offline).toEqual([15]);
    expect(snapshot.cpus.nohzFull).toEqual([]);
    expect(snapshot.caches.filter(({ level, cpus }) => level === 2 && cpus.includes(9)).map(({ cpus }) => cpus)).toEqual([[8, 9, 10, 11]]);
    expect(snapshot.pci).toEqual([
      { address: '0000:00:00.0', description: 'Host bridge [0600]: Intel [8086:a706]', driver: null, msi: null, iommuGroup: null, numaNode: null },
      { address: '0000:00:1f.6', description: 'Ethernet controller [0200]: Intel [8086:550a]', driver: 'e1000e', msi: 'msi', iommuGroup: null, numaNode: null },
    ]);
    expect(snapshot.unread).toEqual(expect.arrayContaining([{ what: 'lspci', reason: 'not installed' }, { what: 'kernel messages of the boot', reason: 'not permitted, even to root' }]));
    expect(snapshot.kernel).toMatchObject({ realtime: false, preemption: 'PREEMPT_DYNAMIC' });
    expect(snapshot.bmc).toEqual({ present: false, evidence: '/sys/firmware/dmi/entries has no record 38' });
    expect(codes(snapshot)).toEqual(expect.arrayContaining(['kernel-not-realtime', 'sibling-not-isolated', 'cpus-offline']));
  });

  test('RHEL: pending line from loader entries, versions from rpm', async () => {
    const snapshot = snapshotOf((await probe(rhel(), { shell })).capture);
    expect(snapshot.distribution).toEqual({ id: 'rhel', versionId: '9.4', name: 'Red Hat Enterprise Linux 9.4 (Plow)', idLike: ['fedora'] });
    expect(snapshot.kernel.pending).toMatchObject({ loader: 'bls', commandLine: 'root=/dev/mapper/rhel-root ro isolcpus=2-3 nohz_full=2-3' });
    expect(snapshot.tunedProfile).toBe('realtime-virtual-host');
    expect(snapshot.tools).toEqual([{ name: 'cyclictest', path: expect.stringMatching(/\/cyclictest$/), version: '2.6-5.el9' }, { name: 'tuned-adm', path: expect.stringMatching(/\/tuned-adm$/), version: '2.22.1-1.el9' }]);
    expect(remarksOf(snapshot).find(({ code }) => code === 'next-boot-differs')?.message).toBe('The next boot will use another command line: it adds isolcpus=2-3 nohz_full=2-3.');
    expect(snapshot.kernel.pending.evidence).toContain('options root=/dev/mapper/rhel-root ro isolcpus=2-3 nohz_full=2-3');
  });

  test("ECI: its boot entry, script, package source and pin", async () => {
    const { capture } = await probe(eci(), { shell });
    const snapshot = snapshotOf(capture);
    expect(snapshot.kernel.pending.commandLine).toBe('root=UUID=3 ro nmi_watchdog=0 irqaffinity=0 isolcpus=1,3 rcu_nocbs=1,3 nohz_full=1,3');
    expect(snapshot.kernel.pending.sources).toContainEqual({ file: '/etc/grub.d/09_eci', value: 'isolcpus="1,3"' });
    expect(capture.evidence('/etc/apt/sources.list.d/eci.list')).toContain('https://eci.intel.com/repos/bookworm');
    expect(capture.lines('/etc/apt/preferences.d/isar')).toContain('Pin-Priority: 1000');
    expect(codes(snapshot)).not.toContain('next-boot-differs');
  });

  test.skipIf(!asRoot)('without root (tests must run as root to become another user): each missing thing says so', async () => {
    const modes = { '/sys/class/dmi/id/product_serial': 0o400, '/sys/class/dmi/id/product_uuid': 0o400, '/boot/grub': 0o700, '/proc/irq/24/effective_affinity_list': 0o400 };
    const board = xeon();
    const { capture, stderr } = await probe({ ...board, modes, files: { ...board.files, '/proc/self/status': `Uid:\t${nobody}\t${nobody}\t${nobody}\t${nobody}\n` } }, { shell, user: nobody });
    const snapshot = snapshotOf(capture);
    expect(stderr).toBe('');
    expect(snapshot.asRoot).toBe(false);
    expect(snapshot.identity).toMatchObject({ product: 'SYS-221H-TN24R', serial: null, uuid: null });
    expect(snapshot.unread).toEqual(expect.arrayContaining([
      { what: '/sys/class/dmi/id/product_serial', reason: 'needs root' }, { what: '/sys/class/dmi/id/product_uuid', reason: 'needs root' },
      { what: '/boot/grub', reason: 'needs root' }, { what: '/proc/irq/*/effective_affinity_list', reason: 'needs root' },
    ]));
    expect(snapshot.kernel.pending.commandLine).toBeNull();
  });

  test('odd file names, huge files, binary bytes and missing line ends do not upset the framing', async () => {
    const { capture } = await probe({ files: {
      '/proc/cmdline': 'no line end', '/etc/sysctl.d/a\n@@ end\n.conf': 'x=1\n', '/etc/sysctl.d/with:colon.conf': 'x=1\n', '/etc/sysctl.d/with space.conf': 'kernel.a = 1',
      '/etc/sysctl.d/huge.conf': 'a\n'.repeat(200_000), '/etc/default/grub': Buffer.from([0x41, 0x3d, 0x00, 0xff, 0xfe, 0x0a, 0x0a, 0x40, 0x40, 0x20, 0x65, 0x6e, 0x64, 0x0a]),
    }, commands: { dmesg: '@@ end\nLinux version 6.1 %s %n \\\\ *\n   indented DMAR: x\n' } }, { shell });
    expect(capture.complete).toBe(true);
    expect(capture.value('/proc/cmdline')).toBe('no line end');
    expect(capture.value('/etc/sysctl.d/with space.conf')).toBe('kernel.a = 1');
    expect(capture.lines('/etc/default/grub')).toHaveLength(3);
    expect(capture.lines('/etc/default/grub')?.[2]).toBe('@@ end');
    expect(capture.lines('/etc/sysctl.d/huge.conf')).toHaveLength(5000);
    expect(snapshotOf(capture).unread).toContainEqual({ what: '/etc/sysctl.d/huge.conf', reason: 'only its first 5000 lines were read' });
    expect(capture.command('dmesg')?.lines).toEqual(['Linux version 6.1 %s %n \\\\ *', '   indented DMAR: x']);
  });

  test('this machine, with what it has', async () => {
    const snapshot = snapshotOf((await probeHere({ shell })).capture);
    expect(snapshotSchema.safeParse(snapshot).success).toBe(true);
    expect(snapshot.kernel.release).not.toBeNull();
    expect(snapshot.cpus.online.length).toBeGreaterThan(0);
    expect(snapshot.memory.totalBytes).toBeGreaterThan(0);
    expect(snapshot.cost.processes).toBeLessThanOrEqual(40);
  });
});

test.skipIf(!isThere('/bin/busybox'))('with nothing but busybox (skipped where it is not installed)', async () => {
  const bin = await temporaryFolder();
  await new Promise<void>((resolve, reject) => { execFile('/bin/busybox', ['--install', '-s', bin], (error) => { if (error) reject(error); else resolve(); }); });
  const { capture, stderr } = await probeHere({ shell: 'busybox', path: bin });
  expect(stderr).toBe('');
  expect(capture.complete).toBe(true);
  expect(snapshotOf(capture).cpus.online.length).toBeGreaterThan(0);
});

test.skipIf(!isThere('/usr/bin/strace'))('it says how many processes it started, and changes nothing (skipped without strace)', async () => {
  const folder = await temporaryFolder();
  const log = join(folder, 'trace');
  const calls = 'clone,clone3,fork,vfork,open,openat,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2,chmod,fchmodat,mount,init_module,finit_module,truncate';
  const text = await new Promise<string>((resolve, reject) => {
    execFile('/usr/bin/strace', ['-f', '-qq', '-e', `trace=${calls}`, '-o', log, '/bin/sh', probePath], { maxBuffer: 100_000_000, env: { PATH: process.env['PATH'], RTVM_ROOT: '/' } }, (error, stdout) => { if (error) reject(error); else resolve(stdout); });
  });
  const lines = (await readFile(log, 'utf8')).split('\n');
  // By the processes' own numbers, as parents were told them and as they stand before each line: on a busy machine strace may tell
  // of one call on two lines, or of its beginning only.
  const numbers = new Set(lines.flatMap((line) => [/\b(?:v?fork|clone3?)\b.*= (\d+)$/.exec(line)?.[1] ?? [], /^(\d+) /.exec(line)?.[1] ?? []].flat()));
  const started = numbers.size - 1;
  const said = Number(/^\|processes (\d+)$/m.exec(text)?.[1]);
  expect(started).toBeGreaterThan(5);
  expect(started).toBeLessThanOrEqual(40);
  expect(said).toBe(started);
  const changing = lines.filter((line) => /O_(?:WRONLY|RDWR|CREAT|TRUNC)|\b(?:creat|mkdir|unlink|rename|chmod|fchmodat|mount|f?init_module|truncate)(?:at2?)?\(/.test(line) && !/"\/dev\/(?:null|tty)"/.test(line));
  expect(changing).toEqual([]);
});

test('a machine that is not Linux is told by its uname', async () => {
  const { capture } = await probe({ files: { '/etc/motd': 'x' }, commands: { uname: 'FreeBSD bsd 14.0-RELEASE\n', dmesg: '' } });
  expect(capture.command('uname')?.lines).toEqual(['FreeBSD bsd 14.0-RELEASE']);
});
