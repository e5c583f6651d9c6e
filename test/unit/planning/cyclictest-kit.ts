import type { CyclictestOptions } from '../../../shared/model/run.ts';
import { snapshotSchema, type Snapshot } from '../../../shared/model/snapshot.ts';

type CpuOverrides = Partial<Pick<Snapshot['cpus'], 'online' | 'isolated'>>;
export interface BoardChanges extends Partial<Omit<Snapshot, 'cpus'>> { readonly cpus?: CpuOverrides; readonly threadsPerCore?: number }

/** A tuned bare-metal board with four CPUs, 2-3 isolated, one thread per core: nothing speaks against measuring it. */
export function board({ cpus = {}, threadsPerCore = 1, ...changes }: BoardChanges = {}): Snapshot {
  const online = cpus.online ?? [0, 1, 2, 3];
  const list = online.map((cpu) => {
    const core = Math.floor(cpu / threadsPerCore);
    const siblings = online.filter((other) => Math.floor(other / threadsPerCore) === core);
    return { cpu, online: true, socket: 0, node: 0, die: 0, core, siblings, kind: null };
  });
  return snapshotSchema.parse({
    schema: 1, takenAt: '20261120T141000Z', probeVersion: '1', asRoot: true, hostname: 'bench', bootId: null,
    identity: { vendor: null, product: null, board: null, serial: null, uuid: null, firmware: { vendor: null, version: null, date: null, kind: null }, microcode: null, secureBoot: null, lockdown: null },
    distribution: { id: 'debian', versionId: '12', name: 'Debian GNU/Linux 12', idLike: [] },
    virtualisation: { kind: 'bare-metal', name: null, evidence: null },
    kernel: {
      release: '6.1.0-rt', version: null, realtime: true, realtimeEvidence: null, preemption: null, commandLine: null, builtInParametersUnknown: [],
      pending: { loader: 'grub', commandLine: null, evidence: null, sources: [] }, config: {}, initSystem: 'systemd',
    },
    cpus: {
      model: null, vendor: null, online, offline: [], present: online, isolated: cpus.isolated ?? [2, 3], nohzFull: [], list, flags: [],
      smt: { active: threadsPerCore > 1, control: null }, vulnerabilities: {},
    },
    numaNodes: [], caches: [], idle: { driver: null, governor: null, states: [] },
    frequency: { driver: null, status: null, governors: [], turbo: null, turboEvidence: null, minKhz: null, maxKhz: null },
    memory: { totalBytes: null, availableBytes: null, swapBytes: null, hugepages: [], transparentHugepages: null, ksm: null },
    interrupts: { defaultAffinity: null, list: [] }, pci: [], iommu: { active: null, units: [], groups: 0, defaultType: null },
    resctrl: { supported: false, mounted: false, flags: [], resources: [], schemata: [] },
    clock: { source: 'tsc', available: ['tsc'], boardTime: null, uptimeSeconds: null }, kvm: { available: null, module: null, parameters: {} },
    sysctls: {}, firmwareAttributes: [], services: [], tunedProfile: null,
    tools: [{ name: 'cyclictest', path: '/usr/bin/cyclictest', version: '2.4-1' }],
    limits: { rtPriority: 0, lockedMemoryBytes: 8_388_608, rtRuntimeUs: 950_000 }, bmc: { present: null, evidence: null },
    cost: { processes: null, cpuSeconds: null, wallSeconds: null }, unread: [],
    ...changes,
  });
}

/** A twelve-minute run that nothing is to be said about on `board()`. */
export const options: CyclictestOptions = {
  cpus: [2, 3], mainCpus: [0, 1], priority: 95, intervalUs: 250, durationSeconds: 720, histogramUs: 400,
  lockMemory: true, holdDmaLatency: true, segmentSeconds: 600, deadlineUs: null, deadlineFraction: 1,
};
