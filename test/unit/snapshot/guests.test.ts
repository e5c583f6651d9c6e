import { describe, expect, test } from 'vitest';
import { snapshotSchema, type Snapshot } from '../../../shared/model/snapshot.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { remarksOf } from '../../../shared/planning/remarks.ts';
import { captureOf, fixture, grepped } from './capture-text.ts';

const codes = (snapshot: Snapshot) => remarksOf(snapshot).map(({ code }) => code);

/** `name: value` lines of /sys/devices/system/cpu, as the fixtures keep them. */
const cpuFolder = (text: string) => Object.fromEntries(text.split('\n').flatMap((line) => {
  const match = /^([\w/]+): (.*)$/.exec(line);
  return match?.[1] === undefined ? [] : [[`/sys/devices/system/cpu/${match[1]}`, match[2] ?? '']];
}));

const uname = (text: string) => {
  const words = text.trim().split(' ');
  return { '/proc/sys/kernel/ostype': 'Linux', '/proc/sys/kernel/osrelease': words.find((word) => /^\d/.test(word)) ?? '', '/proc/sys/kernel/version': /#1 .*?(?= x86_64)/.exec(text)?.[0] ?? '' };
};

function boot(name: string): Snapshot {
  const folder = `vm-boots-cmdline-6.1rt/${name}`;
  return snapshotOf(captureOf({
    files: { '/proc/cmdline': fixture(`${folder}/cmdline.txt`), '/proc/1/status': fixture(`${folder}/pid1.txt`), ...cpuFolder(fixture(`${folder}/syscpu.txt`)) },
    commands: { dmesg: fixture(`${folder}/dmesg.txt`) },
  }), '20261120T141000Z');
}

describe('ten boots of a 6.1 real-time kernel with different command lines', () => {
  test('a range beyond the CPUs is dropped whole, and is called out', () => {
    const snapshot = boot('B_ranges');
    expect(snapshot.cpus.isolated).toEqual([]);
    expect(snapshot.kernel.builtInParametersUnknown).toContain('isolcpus=2-9');
    expect(codes(snapshot)).toContain('isolation-without-effect');
  });

  test('isolcpus=nohz alone isolates nothing', () => {
    expect(codes(boot('G_mismatch'))).toContain('isolation-without-effect');
  });

  test('misspelt parameters are named, each as it was written', () => {
    const unknown = boot('D_missp').kernel.builtInParametersUnknown;
    expect(unknown).toEqual(expect.arrayContaining(['noht', 'nohzfull=2-3', 'rcu_nocb=2', 'irq_affinity=0', 'mce=disable', 'kthread_cpus=0', 'Isolcpus=2']));
  });

  test('a value the kernel could not read is named as well', () => {
    const dmesg = "[    0.000000] Malformed early option 'idle'\n[    0.1] Unknown kernel command line parameters \"BOOT_IMAGE=/boot/vmlinuz a=\"b c\" splash\", will be passed to user space.";
    expect(snapshotOf(captureOf({ files: { '/proc/cmdline': 'x' }, commands: { dmesg } })).kernel.builtInParametersUnknown).toEqual(['idle', 'a="b c"', 'splash']);
  });

  test('of two isolcpus the first wins, the second is unknown', () => {
    const snapshot = boot('F_dup');
    expect(snapshot.cpus.isolated).toEqual([1]);
    expect(snapshot.cpus.nohzFull).toEqual([1]);
    expect(snapshot.kernel.builtInParametersUnknown).toEqual(expect.arrayContaining(['isolcpus=2-3', 'nohz_full=2-3']));
    expect(snapshot.initAffinity).toEqual([0, 2, 3]);
  });

  test('"(null)" in nohz_full is no CPU', () => {
    const snapshot = boot('H_isolonly');
    expect(fixture('vm-boots-cmdline-6.1rt/H_isolonly/syscpu.txt')).toContain('nohz_full: (null)');
    expect(snapshot.cpus.nohzFull).toEqual([]);
    expect(snapshot.cpus.isolated.length).toBeGreaterThan(0);
  });

  test('CPUs without the tick that are not isolated get services', () => {
    const snapshot = boot('C_nohzonly');
    expect(snapshot.initAffinity).toEqual([0, 1, 2, 3]);
    expect(codes({ ...snapshot, kernel: { ...snapshot.kernel, initSystem: 'systemd' } })).toContain('services-on-tickless-cpus');
  });

  test('CPU 0 among the isolated is called out', () => {
    expect(boot('E_strides').cpus.isolated).toEqual([0, 2]);
    expect(codes(boot('E_strides'))).toContain('cpu0-isolated');
    expect(codes(boot('J_all'))).not.toContain('cpu0-isolated');
  });

  test.each(['A_invalidflag', 'B_ranges', 'C_nohzonly', 'D_missp', 'E_strides', 'F_dup', 'G_mismatch', 'H_isolonly', 'I_quotes', 'J_all'])('%s is a valid snapshot', (name) => {
    expect(snapshotSchema.safeParse(boot(name)).success).toBe(true);
  });
});

describe('a 6.1 real-time guest with two isolated CPUs', () => {
  const folder = 'vm-deb12-rt61-isol';
  const irqs = Object.fromEntries(fixture(`${folder}/irq_affinity.txt`).split('\n').flatMap((line) => {
    const match = /^(\/proc\/irq\/\d+) (\S*) eff=(\S*)/.exec(line);
    return match?.[1] === undefined ? [] : [[`${match[1]}/smp_affinity_list`, match[2] ?? ''], [`${match[1]}/effective_affinity_list`, match[3] ?? '']];
  }));
  const snapshot = snapshotOf(captureOf({
    files: {
      ...grepped(fixture(`${folder}/cache_sysfs.txt`)), ...grepped(fixture(`${folder}/topology_sysfs.txt`)), ...grepped(fixture(`${folder}/hugepages.txt`)),
      ...grepped(fixture(`${folder}/clocksource.txt`)), ...grepped(fixture(`${folder}/sysctl.txt`)), ...irqs, ...cpuFolder(fixture(`${folder}/syscpu.txt`)), ...uname(fixture(`${folder}/uname.txt`)),
      '/proc/interrupts': fixture(`${folder}/proc_interrupts.txt`), '/proc/irq/default_smp_affinity': fixture(`${folder}/default_smp_affinity.txt`),
      '/sys/kernel/realtime': '1', '/proc/1/status': fixture(`${folder}/pid1_allowed.txt`), '/proc/cmdline': fixture(`${folder}/cmdline.txt`),
      ...grepped(fixture('vm-deb12-rt61-rtla-systemd/dmi_id.txt')), ...grepped(fixture('vm-deb12-rt61-rtla-systemd/kvm_params.txt')),
    },
    exists: ['/sys/class/dmi/id'],
    commands: { dmesg: fixture(`${folder}/dmesg.txt`) },
  }));

  test('is real-time, and the evidence is the version line', () => {
    expect(snapshot.kernel.realtime).toBe(true);
    expect(snapshot.kernel.realtimeEvidence).toBe('/proc/sys/kernel/version: #1 SMP PREEMPT_RT Debian 6.1.176-1 (2026-07-02)');
    expect(snapshot.kernel.preemption).toBe('PREEMPT_RT');
    expect(codes(snapshot)).not.toContain('kernel-not-realtime');
  });

  test('topology agrees with lscpu', () => {
    const rows = fixture(`${folder}/lscpu_p.txt`).split('\n').filter((line) => /^\d/.test(line)).map((line) => line.split(',').map(Number));
    expect(rows.length).toBe(4);
    expect(snapshot.cpus.list.map(({ cpu, core, socket }) => [cpu, core, socket])).toEqual(rows.map((row) => row.slice(0, 3)));
  });

  test('caches with their ways and CPUs (the fixture has those of CPU 0)', () => {
    expect(snapshot.caches.map(({ level, type, cpus }) => [level, type, cpus])).toEqual([[1, 'data', [0]], [1, 'instruction', [0]], [2, 'unified', [0]], [3, 'unified', [0, 1, 2, 3]]]);
    expect(snapshot.caches[2]).toEqual({ level: 2, type: 'unified', id: 0, sizeBytes: 524_288, ways: 16, cpus: [0] });
  });

  test('interrupts have their counts by CPU, their users and where they really go', () => {
    const byIrq = new Map(snapshot.interrupts.list.map((interrupt) => [interrupt.irq, interrupt]));
    expect(byIrq.get('25')).toEqual({ irq: '25', name: 'virtio2-req.0', total: 617, perCpu: [617, 0, 0, 0], affinity: [0], effective: [0] });
    expect(byIrq.get('LOC')).toMatchObject({ name: 'Local timer interrupts', perCpu: [6800, 6918, 273, 242], affinity: null });
    expect(byIrq.get('9')?.name).toBe('acpi');
    expect(snapshot.interrupts.defaultAffinity).toEqual([0, 1]);
    // Managed interrupts sit on CPUs 2 and 3, but have not fired there.
    expect(byIrq.get('27')?.effective).toEqual([2]);
    expect(codes(snapshot)).not.toContain('interrupts-on-isolated');
  });

  test('the rest of what this guest tells', () => {
    expect(snapshot.memory.hugepages).toEqual([{ sizeKb: 2048, total: 64, free: 64 }, { sizeKb: 1_048_576, total: 1, free: 1 }]);
    expect(snapshot.clock).toMatchObject({ source: 'hpet', available: ['hpet', 'acpi_pm'] });
    expect(snapshot.limits.rtRuntimeUs).toBe(950_000);
    expect(snapshot.sysctls['kernel.timer_migration']).toBe('1');
    expect(snapshot.kvm.parameters['kvm.lapic_timer_advance_ns']).toBe('-1');
    expect(snapshot.identity).toMatchObject({ vendor: 'QEMU', product: 'Standard PC (i440FX + PIIX, 1996)', serial: null, firmware: { vendor: 'SeaBIOS', date: '04/01/2014', kind: 'bios' }, secureBoot: false });
    expect(snapshot.initAffinity).toEqual([0, 1]);
    expect(codes(snapshot)).toContain('slow-clock');
  });
});

test('a 6.12 real-time kernel is known by its version, with or without /sys/kernel/realtime', () => {
  const folder = 'vm-deb13-rt612-isol';
  const files = { ...uname(fixture(`${folder}/uname.txt`)), ...cpuFolder(fixture(`${folder}/syscpu.txt`)), '/proc/1/status': fixture(`${folder}/pid1.txt`) };
  const snapshot = snapshotOf(captureOf({ files, commands: { dmesg: fixture(`${folder}/dmesg.txt`) } }));
  expect(snapshot.kernel).toMatchObject({ release: '6.12.107+deb13-rt-amd64', realtime: true });
  expect(snapshot.cpus.isolated).toEqual([2, 3]);
});

test.each([
  ['#1 SMP PREEMPT_DYNAMIC Debian 6.12', undefined, false],
  ['#1 SMP PREEMPT RT Mon', undefined, true],
  ['#1 SMP PREEMPT Mon', '1', true],
  ['#1 SMP PREEMPT_RTX Mon', undefined, false],
])('%s with /sys/kernel/realtime %s: real-time is %s', (version, realtime, expected) => {
  const files = { '/proc/sys/kernel/version': version, '/proc/sys/kernel/osrelease': '6.12.0-rt-amd64', ...(realtime === undefined ? {} : { '/sys/kernel/realtime': realtime }) };
  expect(snapshotOf(captureOf({ files })).kernel.realtime).toBe(expected);
});

test('without a version, the kernel configuration may tell; without that, nothing is claimed', () => {
  const config = captureOf({ files: { '/boot/config-6.1': 'CONFIG_PREEMPT_RT=y\n# CONFIG_NO_HZ_FULL is not set' } });
  expect(snapshotOf(config).kernel).toMatchObject({ realtime: true, config: { CONFIG_PREEMPT_RT: 'y', CONFIG_NO_HZ_FULL: 'n' } });
  expect(snapshotOf(captureOf({ files: { '/proc/cmdline': 'quiet' } })).kernel).toMatchObject({ realtime: null, realtimeEvidence: null, preemption: null });
});

describe('a q35 guest with hyper-threads and an IOMMU', () => {
  const folder = 'vm-deb12-q35-smt';
  // The fixture is lspci's text without domains; the probe asks for them.
  const lspci = fixture(`${folder}/lspci_vv.txt`).replace(/^(?=[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] )/gm, '0000:').split('\n').filter((line) => line !== '').join('\n');
  const groups = fixture(`${folder}/iommu_groups.txt`).split('\n').flatMap((line) => {
    const match = /^(\d+): (.*?)\s+type=/.exec(line);
    return match?.[2]?.split(/\s+/).map((device) => `/sys/kernel/iommu_groups/${match[1] ?? ''}/devices/${device}`) ?? [];
  });
  const snapshot = snapshotOf(captureOf({
    files: { '/sys/devices/system/cpu/smt/active': '1', '/sys/devices/system/cpu/smt/control': 'on', '/proc/cmdline': fixture(`${folder}/cmdline.txt`) },
    exists: [...groups, '/sys/class/iommu', '/sys/class/iommu/dmar0'],
    commands: { lspci, dmesg: fixture(`${folder}/dmesg.txt`) },
  }));

  test('PCI devices with their MSI capability, driver and IOMMU group', () => {
    const devices = new Map(snapshot.pci.map((device) => [device.address, device]));
    expect(devices.get('0000:00:02.0')).toMatchObject({ msi: 'msi-x', driver: 'virtio-pci', iommuGroup: 2 });
    expect(devices.get('0000:00:00.0')).toMatchObject({ msi: 'none', driver: null, iommuGroup: 0 });
    expect(devices.get('0000:00:1f.2')).toMatchObject({ msi: 'msi', driver: 'ahci', iommuGroup: 6 });
    expect(devices.get('0000:01:00.0')?.description).toContain('82574L');
  });

  test('the IOMMU is at work, in pass-through', () => {
    expect(snapshot.iommu).toEqual({ active: true, units: ['dmar0'], groups: 8, defaultType: 'Passthrough' });
  });

  test('hyper-threading is on', () => {
    expect(snapshot.cpus.smt).toEqual({ active: true, control: 'on' });
    expect(codes(snapshot)).toContain('hyper-threading-on');
  });
});
