import type { Cache, Cpu, Remark, Snapshot } from '../../../shared/model/snapshot.ts';

export interface MachineShape {
  readonly model: string;
  readonly product: string;
  readonly vendor: string;
  readonly sockets: number;
  readonly coresPerSocket: number;
  readonly smt: 1 | 2;
  /** Cores behind one L3. */
  readonly coresPerL3: number;
  readonly l3Bytes: number;
  readonly l3Ways: number | null;
  /** CPU numbers alternate between sockets, as dual Xeons do. */
  readonly interleaved: boolean;
  readonly isolated: readonly number[];
  readonly tickless: readonly number[];
  readonly offline: readonly number[];
  readonly memoryPerNode: number;
  readonly asRoot: boolean;
  readonly realtime: boolean;
  /** The last this many cores are efficiency cores, four to an L2. 0: not hybrid. */
  readonly efficiencyCores: number;
}

export const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);

/** A believable snapshot of a machine of this shape. */
export function makeSnapshot(shape: MachineShape, takenAt: string): Snapshot {
  const list = makeCpus(shape);
  const cpus = list.map((cpu) => cpu.cpu);
  const online = cpus.filter((cpu) => !shape.offline.includes(cpu));
  const kernel = shape.realtime ? '6.1.0-50-rt-amd64' : '6.1.0-50-amd64';
  const housekeeping = online.filter((cpu) => !shape.isolated.includes(cpu));
  const isolation = shape.isolated.length > 0 ? ` isolcpus=managed_irq,domain,${listText(shape.isolated)} nohz_full=${listText(shape.tickless)} rcu_nocbs=${listText(shape.isolated)}` : '';
  const running = `BOOT_IMAGE=/boot/vmlinuz-${kernel} root=UUID=8f1c ro quiet${isolation} intel_pstate=disabled mce=off`;
  const pending = running.replace('intel_pstate=disabled', 'intel_pstate=disable') + ' irqaffinity=0-3';
  return {
    schema: 1, takenAt, probeVersion: '1', asRoot: shape.asRoot, hostname: 'press-host', bootId: '0c1c6ad4-4e6f-4a5e-a9b1-5a6f64c2c001',
    identity: {
      vendor: shape.vendor, product: shape.product, board: `${shape.product} mainboard`, serial: shape.asRoot ? 'A1B2C3D4' : null, uuid: null,
      firmware: { vendor: 'American Megatrends', version: 'EBG.3B12', date: '2026-02-11', kind: 'uefi' },
      microcode: '0x2b000603', secureBoot: false, lockdown: 'none',
    },
    distribution: { id: 'debian', versionId: '12', name: 'Debian GNU/Linux 12 (bookworm)', idLike: [] },
    virtualisation: { kind: 'bare-metal', name: null, evidence: 'no hypervisor flag in /proc/cpuinfo' },
    kernel: {
      release: kernel, version: shape.realtime ? '#1 SMP PREEMPT_RT Debian 6.1.176-1' : '#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1',
      realtime: shape.realtime, realtimeEvidence: shape.realtime ? 'uname -v: #1 SMP PREEMPT_RT Debian 6.1.176-1' : 'uname -v says PREEMPT_DYNAMIC',
      preemption: shape.realtime ? 'rt' : 'voluntary', commandLine: running, builtInParametersUnknown: [],
      pending: { loader: 'grub', commandLine: pending, evidence: '/boot/grub/grub.cfg:138', sources: [{ file: '/etc/default/grub', value: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"' }] },
      config: { CONFIG_NO_HZ_FULL: 'y', CONFIG_HZ: '250' }, initSystem: 'systemd 252',
    },
    cpus: {
      model: shape.model, vendor: shape.vendor === 'AMD' ? 'AuthenticAMD' : 'GenuineIntel', online, offline: [...shape.offline], present: cpus,
      isolated: [...shape.isolated], nohzFull: [...shape.tickless], list, flags: ['constant_tsc', 'nonstop_tsc', 'tsc_deadline_timer', 'vmx'],
      smt: { active: shape.smt === 2, control: shape.smt === 2 ? 'on' : 'forceoff' }, vulnerabilities: { meltdown: 'Not affected' },
    },
    numaNodes: range(0, shape.sockets - 1).map((id) => ({ id, cpus: list.filter((cpu) => cpu.node === id).map((cpu) => cpu.cpu), memoryBytes: shape.memoryPerNode })),
    caches: makeCaches(shape, list),
    idle: { driver: 'intel_idle', governor: 'menu', states: [{ name: 'POLL', exitLatencyUs: 0, disabledOn: [] }, { name: 'C1', exitLatencyUs: 1, disabledOn: [] }, { name: 'C1E', exitLatencyUs: 2, disabledOn: [] }, { name: 'C6', exitLatencyUs: 190, disabledOn: [...shape.isolated] }] },
    frequency: { driver: 'intel_pstate', status: 'active', governors: ['performance'], turbo: true, turboEvidence: '/sys/devices/system/cpu/intel_pstate/no_turbo: 0', minKhz: 800_000, maxKhz: 4_100_000 },
    memory: { totalBytes: shape.memoryPerNode * shape.sockets, availableBytes: shape.memoryPerNode * shape.sockets * 0.9, swapBytes: 0, hugepages: [{ sizeKb: 2048, total: 0, free: 0 }, { sizeKb: 1_048_576, total: 32, free: 16 }], transparentHugepages: 'never', ksm: '0' },
    interrupts: {
      defaultAffinity: online,
      list: [
        { irq: '24', name: 'eth0-TxRx-0', total: 18_204, perCpu: [], affinity: housekeeping, effective: housekeeping.slice(0, 1) },
        { irq: '25', name: 'eth0-TxRx-3', total: 90_412, perCpu: [], affinity: online, effective: online.slice(-1) },
        { irq: '9', name: 'acpi', total: 12, perCpu: [], affinity: online, effective: online.slice(0, 1) },
      ],
    },
    pci: [{ address: '0000:17:00.0', description: 'Ethernet controller: Intel I226-LM', driver: 'igc', msi: 'msi-x', iommuGroup: 14, numaNode: 0 }],
    iommu: { active: true, units: ['dmar0', 'dmar1'], groups: 62, defaultType: 'DMA' },
    resctrl: { supported: shape.l3Ways !== null, mounted: false, flags: shape.l3Ways === null ? [] : ['cat_l3', 'mba'], resources: shape.l3Ways === null ? [] : [{ name: 'L3', cbmMask: '7fff', minBits: 1, shareableBits: '6000', closids: 15 }], schemata: [] },
    clock: { source: 'tsc', available: ['tsc', 'hpet', 'acpi_pm'], boardTime: '2026-11-18T17:02:11+01:00', uptimeSeconds: 93_412 },
    kvm: { available: true, module: 'kvm_intel', parameters: { halt_poll_ns: '200000', nested: 'Y' } },
    sysctls: { 'kernel.sched_rt_runtime_us': '950000', 'kernel.nmi_watchdog': '1', 'vm.stat_interval': '1' },
    firmwareAttributes: [],
    services: [{ name: 'irqbalance', active: true, enabled: 'enabled' }, { name: 'ssh', active: true, enabled: 'enabled' }],
    tunedProfile: null,
    tools: [{ name: 'cyclictest', path: '/usr/bin/cyclictest', version: '2.4' }, { name: 'stress-ng', path: '/usr/bin/stress-ng', version: '0.15.06' }, { name: 'hwlatdetect', path: '/usr/bin/hwlatdetect', version: '2.4' }, { name: 'rtla', path: null, version: null }, { name: 'turbostat', path: null, version: null }],
    limits: { rtPriority: 99, lockedMemoryBytes: null, rtRuntimeUs: 950_000 },
    bmc: { present: shape.sockets > 1, evidence: shape.sockets > 1 ? '/dev/ipmi0' : null },
    cost: { processes: 31, cpuSeconds: 0.06, wallSeconds: 0.21 },
    unread: shape.asRoot
      ? [{ what: 'SMI count (MSR 0x34)', reason: 'needs the msr module, which reading never loads' }]
      : [{ what: 'serial number', reason: 'needs root' }, { what: 'IRQ affinity of 14 interrupts', reason: 'needs root' }, { what: 'SMI count (MSR 0x34)', reason: 'needs the msr module, which reading never loads' }],
  };
}

function makeCpus(shape: MachineShape): Cpu[] {
  const cores = shape.sockets * shape.coresPerSocket;
  const performance = cores - shape.efficiencyCores;
  const cpus: Cpu[] = [];
  for (let core = 0; core < cores; core += 1) {
    const socket = shape.interleaved ? core % shape.sockets : Math.floor(core / shape.coresPerSocket);
    const small = core >= performance;
    const threads = shape.efficiencyCores > 0
      ? (small || shape.smt === 1 ? [performance * shape.smt + (core - performance)] : [core * 2, core * 2 + 1])
      : range(0, shape.smt - 1).map((thread) => core + thread * cores);
    for (const cpu of threads) {
      const online = !shape.offline.includes(cpu);
      cpus.push({
        cpu, online, socket, node: socket, die: 0, core: shape.interleaved ? Math.floor(core / shape.sockets) : core % shape.coresPerSocket,
        siblings: online ? threads.filter((thread) => !shape.offline.includes(thread)) : [],
        kind: shape.efficiencyCores === 0 ? null : small ? 'efficiency' : 'performance',
      });
    }
  }
  return cpus.sort((a, b) => a.cpu - b.cpu);
}

function makeCaches(shape: MachineShape, list: readonly Cpu[]): Cache[] {
  const caches: Cache[] = [];
  const performance = shape.sockets * shape.coresPerSocket - shape.efficiencyCores;
  const group = (level: number, sizeBytes: number, ways: number | null, keyOf: (cpu: Cpu) => string) => {
    const groups = new Map<string, number[]>();
    for (const cpu of list) groups.set(keyOf(cpu), [...(groups.get(keyOf(cpu)) ?? []), cpu.cpu]);
    let id = 0;
    for (const cpus of groups.values()) caches.push({ level, type: 'unified', id: id++, sizeBytes, ways, cpus });
  };
  group(2, 2 * 2 ** 20, 16, (cpu) => cpu.kind === 'efficiency' ? `e${String(Math.floor(((cpu.core ?? 0) - performance) / 4))}` : `${String(cpu.socket)}.${String(cpu.core)}`);
  group(3, shape.l3Bytes, shape.l3Ways, (cpu) => `${String(cpu.socket)}.${String(Math.floor((cpu.core ?? 0) / shape.coresPerL3))}`);
  return caches;
}

function listText(cpus: readonly number[]): string {
  return cpus.length === 0 ? '' : `${String(cpus[0])}-${String(cpus[cpus.length - 1])}`;
}

export const remarks: Remark[] = [
  { code: 'cmdline-misspelt', severity: 'error', layer: 'host kernel', message: 'intel_pstate=disabled is ignored by the kernel; the word is “disable”.', evidence: '/proc/cmdline: … intel_pstate=disabled mce=off' },
  { code: 'irqbalance-active', severity: 'error', layer: 'host runtime', message: 'irqbalance moves interrupts onto isolated CPUs.', evidence: 'irqbalance.service: active, enabled' },
  { code: 'mce-off', severity: 'warning', layer: 'host kernel', message: 'Machine checks are no longer reported (mce=off).', evidence: '/proc/cmdline: … mce=off' },
  { code: 'pending-differs', severity: 'note', layer: 'host kernel', message: 'The next boot uses another command line than the running one.', evidence: '/boot/grub/grub.cfg:138' },
];
