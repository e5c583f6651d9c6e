import { readFileSync } from 'node:fs';
import type { StoredCpuMap } from '../../../shared/model/cpu-map.ts';
import type { MadeVm, Vm, VmHost, VmThread } from '../../../shared/model/vm.ts';
import { mapOfBoard } from '../../../shared/planning/vm/map-of-board.ts';
import { emulatorCpusOf, pinsOf, vcpuCountOf, vcpuSchedulesOf } from '../../../shared/planning/vm/domain-facts.ts';
import { readDomain } from '../../../shared/planning/vm/read-domain.ts';
import { tuneDomain } from '../../../shared/planning/vm/tune-domain.ts';
import { vmFiles } from '../../../shared/planning/vm/create/new-vm-names.ts';
import { range } from './snapshots.ts';

const asInstalled = readFileSync(new URL('../../fixtures/libvirt/eci/as-installed.xml', import.meta.url), 'utf8');
const images = '/var/lib/libvirt/images';
export const everyCpu = range(0, 63);

/** The domain that virt-install leaves, by another name and with so many vCPUs. */
export const installedDomain = (name: string, vcpus: number): string => asInstalled
  .replace('<name>debian12</name>', `<name>${name}</name>`).replace(/<uuid>[^<]*/, `<uuid>${uuidOf(name)}`).replace(/(<vcpu[^>]*>)\d+/, `$1${String(vcpus)}`).replace('debian12-rt.qcow2', `${name}.qcow2`);

const uuidOf = (name: string) => `425811b3-af98-49c4-9cc6-${[...name].map((letter) => letter.charCodeAt(0).toString(16)).join('').padEnd(12, '0').slice(0, 12)}`;

export const madeVm = (name: string, phase: MadeVm['phase']): MadeVm => ({ name, owner: 'ana@laptop', startedAt: '2026-11-21T09:40:00Z', phase, files: Object.values(vmFiles(images, name)) });

/** A map of the dual Xeon on which `rt` and `stress` have CPUs. */
export const vmCpuMap: StoredCpuMap = {
  schema: 1, savedAt: '20261120T141000Z', snapshotId: '20261120T140000Z',
  request: { housekeeping: [0, 1, 2, 3], vms: [{ name: 'rt', count: 4, node: 0 }, { name: 'stress', count: 4, node: 1 }], emulator: { count: 2, node: 0 }, ioThreads: null, measuring: null, stressor: null },
  assignments: [
    ...[0, 1, 2, 3].map((cpu) => ({ cpu, claimant: { kind: 'housekeeping' as const } })),
    ...[4, 6, 8, 10].map((cpu, vcpu) => ({ cpu, claimant: { kind: 'vcpu' as const, vm: 'rt', vcpu } })),
    ...[5, 7, 9, 11].map((cpu, vcpu) => ({ cpu, claimant: { kind: 'vcpu' as const, vm: 'stress', vcpu } })),
    ...[60, 62].map((cpu) => ({ cpu, claimant: { kind: 'emulator' as const } })),
  ],
};

const capabilitiesXml = `<capabilities><host>
  <topology><cells num='2'>${[0, 1].map((node) => `<cell id='${String(node)}'><cpus num='32'>${everyCpu.filter((cpu) => cpu % 2 === node).map((cpu) => `<cpu id='${String(cpu)}' socket_id='${String(node)}' core_id='${String(cpu)}' siblings='${String(cpu)}'/>`).join('')}</cpus></cell>`).join('')}</cells></topology>
  <cache>${[0, 1].map((id) => `<bank id='${String(id)}' level='3' type='both' size='60' unit='MiB' cpus='${everyCpu.filter((cpu) => cpu % 2 === id).join(',')}'><control granularity='4' unit='MiB' type='both' maxAllocs='15'/></bank>`).join('')}</cache>
</host></capabilities>`;

/** What tuning by a map makes of a definition. */
export function tunedXml(name: string, xml: string, cpuMap: StoredCpuMap | null): string {
  const map = mapOfBoard(cpuMap, name, { capabilitiesXml, definitionXml: xml });
  const tuned = map === null ? null : tuneDomain(xml, map);
  if (!tuned?.ok) throw tuned?.error ?? new Error(`${name} is on no map`);
  return tuned.value.xml;
}

/** Threads of a VM that runs with this definition, each where that says. */
export function threadsOf(xml: string, firstId: number): VmThread[] {
  const domain = readDomain(xml);
  if (!domain.ok) throw domain.error;
  const { root } = domain.value;
  const schedules = vcpuSchedulesOf(root);
  const group = /<cachetune/.test(xml) ? 'qemu-1-rt-vcpus_1-3' : '';
  const emulator = emulatorCpusOf(root) ?? everyCpu;
  const thread = (threadId: number, name: string, role: VmThread['role'], cpus: number[]): VmThread => ({ threadId, name, role, vcpu: null, cpus, lastCpu: cpus[0] ?? null, policy: 'other', priority: 0, cacheGroup: '' });
  return [
    thread(firstId, 'qemu-system-x86', 'emulator', emulator), thread(firstId + 1, 'IO mon_iothread', 'emulator', emulator),
    ...range(0, (vcpuCountOf(root) ?? 1) - 1).map((vcpu): VmThread => {
      const cpus = [...pinsOf(root, 'vcpupin', 'vcpu').find(({ number }) => number === vcpu)?.cpus ?? everyCpu];
      const schedule = schedules.get(vcpu);
      return { ...thread(firstId + 10 + vcpu, `CPU ${String(vcpu)}/KVM`, 'vcpu', cpus), vcpu, policy: schedule?.policy === 'fifo' ? 'fifo' : 'other', priority: schedule?.priority ?? 0, cacheGroup: vcpu > 0 ? group : '' };
    }),
    thread(firstId + 30, `vhost-${String(firstId)}`, 'vhost', emulator),
  ];
}

export const vmOf = (name: string, inactiveXml: string, changes: Partial<Vm> = {}): Vm => ({
  name, uuid: uuidOf(name), state: 'shut-off', autostart: false, persistent: true, inactiveXml, activeXml: null, processId: null, lockedBytes: null, threads: [], addresses: [], made: madeVm(name, 'ready'), ...changes,
});

/** The same VM, started with the definition it has. */
export const started = (vm: Vm, pid: number, address: string): Vm => ({
  ...vm, state: 'running', activeXml: vm.inactiveXml, processId: pid, lockedBytes: /<locked\s*\/>/.test(vm.inactiveXml ?? '') ? 8.5 * 2 ** 30 : 0, threads: threadsOf(vm.inactiveXml ?? '', pid), addresses: [address],
});

/** A real-time VM of which one thread went astray, a stressor that was never tuned, a VM of somebody else, and one half-made. */
export function fakeVmHost(takenAt: string): VmHost {
  const rt = started(vmOf('rt', tunedXml('rt', installedDomain('rt', 4), vmCpuMap)), 4100, '192.168.122.41');
  return {
    takenAt, libvirt: { version: '9.0.0', hypervisor: 'QEMU 7.2.9', uri: 'qemu:///system' }, problem: null, capabilitiesXml,
    networks: [{ name: 'default', active: true, autostart: true, persistent: true }], cacheGroups: [{ name: '', schemata: ['L3:0=7fff;1=7fff', 'MB:0=100;1=100'], cpus: everyCpu, mode: 'shareable' }],
    imageDirectory: { path: images, freeBytes: 210 * 2 ** 30 }, images: [{ path: `${images}/debian-12-generic-amd64.qcow2`, sizeBytes: 428_212_224 }],
    vms: [
      { ...rt, threads: rt.threads.map((thread) => (thread.vcpu === 3 ? { ...thread, cpus: [10, 12], lastCpu: 12, policy: 'other', priority: 0 } : thread)) },
      started(vmOf('stress', installedDomain('stress', 4)), 5200, '192.168.122.42'),
      vmOf('hmi <panel>', installedDomain('hmi &lt;panel&gt;', 2), { made: null, autostart: true }),
    ],
    halfMade: [madeVm('rt2', 'disk')],
    intruders: [{ threadId: 812, name: 'irq/127-nvme0q3', cpus: [8], lastCpu: 8 }],
  };
}
