import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import type { PretendLinux } from '../linux/pretend-linux.ts';
import { rootCredentials } from '../linux/pretend-linux.ts';
import { libvirtSize } from '../../../shared/planning/vm/domain-facts.ts';
import { qemuUser } from './qemu-process.ts';
import { formatNode, node, type XmlNode } from './xml-node.ts';

const featureNames: Readonly<Record<string, string>> = { tsc_deadline_timer: 'tsc-deadline', pclmulqdq: 'pclmuldq', sse4_1: 'sse4.1', sse4_2: 'sse4.2', sha_ni: 'sha-ni', nonstop_tsc: 'invtsc', arch_capabilities: 'arch-capabilities' };

/** CPU features as libvirt names them. */
export const hostFeatures = (linux: PretendLinux): string[] => linux.spec.cpu.flags.split(' ').filter((flag) => linux.hasFeature(flag)).map((flag) => featureNames[flag] ?? flag.replaceAll(/^avx512_/g, 'avx512-'));

/** `virsh capabilities`: what of the host tuning and cache planning ask for, in libvirt's form. */
export function capabilities(linux: PretendLinux): string {
  const { spec } = linux;
  const iommu = linux.files.exists('/sys/kernel/iommu_groups/0', rootCredentials);
  const kvm = linux.loadedModules.has('kvm_intel');
  const cores = new Set(spec.cpus.map(({ socket, core, kind }) => `${socket} ${core} ${kind ?? ''}`)).size;
  const sockets = new Set(spec.cpus.map(({ socket }) => socket)).size;
  const { uid } = qemuUser(linux);
  const host = node('host', {}, [
    node('uuid', {}, [], spec.dmi['product_uuid'] ?? ''),
    node('cpu', {}, [
      node('arch', {}, [], 'x86_64'), node('model', {}, [], spec.cpu.flags.includes('amx_tile') ? 'SapphireRapids' : spec.cpu.flags.includes('avx512f') ? 'Icelake-Server' : 'Skylake-Client-IBRS'), node('vendor', {}, [], 'Intel'),
      node('microcode', { version: Number(spec.cpu.microcode) }), node('signature', { family: spec.cpu.family, model: spec.cpu.modelNumber, stepping: spec.cpu.stepping }),
      node('counter', { name: 'tsc', frequency: spec.cpu.baseMhz * 1_000_000, scaling: 'yes' }),
      node('topology', { sockets: 1, dies: 1, cores: cores / sockets, threads: Math.max(1, Math.round(spec.cpus.length / cores)) }),
      ...hostFeatures(linux).map((name) => node('feature', { name })), ...[4, 2048, 1_048_576].map((size) => node('pages', { unit: 'KiB', size })),
    ]),
    node('power_management', {}, [node('suspend_mem')]), node('iommu', { support: iommu ? 'yes' : 'no' }),
    node('migration_features', {}, [node('live'), node('uri_transports', {}, ['tcp', 'rdma'].map((name) => node('uri_transport', {}, [], name)))]),
    node('topology', {}, [node('cells', { num: spec.nodes.length }, spec.nodes.map((one) => cell(linux, one)))]),
    ...caches(linux), node('secmodel', {}, [node('model', {}, [], 'dac'), node('doi', {}, [], '0'), node('baselabel', { type: 'kvm' }, [], `+${uid}:+${uid}`), node('baselabel', { type: 'qemu' }, [], `+${uid}:+${uid}`)]),
  ]);
  const domain = (type: string): XmlNode => node('domain', { type });
  const guest = node('guest', {}, [
    node('os_type', {}, [], 'hvm'),
    node('arch', { name: 'x86_64' }, [
      node('wordsize', {}, [], '64'), node('emulator', {}, [], '/usr/bin/qemu-system-x86_64'), node('machine', { maxCpus: 255 }, [], 'pc-i440fx-7.2'), node('machine', { canonical: 'pc-i440fx-7.2', maxCpus: 255 }, [], 'pc'),
      node('machine', { maxCpus: 288 }, [], 'pc-q35-7.2'), node('machine', { canonical: 'pc-q35-7.2', maxCpus: 288 }, [], 'q35'), domain('qemu'), ...(kvm ? [domain('kvm')] : []),
    ]),
    node('features', {}, [node('acpi', { default: 'on', toggle: 'yes' }), node('apic', { default: 'on', toggle: 'no' }), node('cpuselection'), node('deviceboot'), node('disksnapshot', { default: 'on', toggle: 'no' })]),
  ]);
  return `<capabilities>\n\n${formatNode(host, '  ')}\n${formatNode(guest, '  ')}\n</capabilities>\n`;
}

function cell(linux: PretendLinux, { id, memoryKib, distances }: PretendLinux['spec']['nodes'][number]): XmlNode {
  const cpus = linux.spec.cpus.filter((cpu) => cpu.node === id && linux.online.includes(cpu.cpu));
  const siblings = (cpu: (typeof cpus)[number]): number[] => cpus.filter((other) => other.socket === cpu.socket && other.core === cpu.core && other.kind === cpu.kind).map((other) => other.cpu);
  const huge = linux.hugePages(2048, id);
  const giant = linux.hugePages(1_048_576, id);
  return node('cell', { id }, [
    node('memory', { unit: 'KiB' }, [], String(memoryKib)), node('pages', { unit: 'KiB', size: 4 }, [], String(Math.floor(memoryKib / 4) - huge * 512 - giant * 262_144)),
    node('pages', { unit: 'KiB', size: 2048 }, [], String(huge)), node('pages', { unit: 'KiB', size: 1_048_576 }, [], String(giant)),
    node('distances', {}, linux.spec.nodes.map((other, index) => node('sibling', { id: other.id, value: distances.split(' ')[index] ?? '10' }))),
    node('cpus', { num: cpus.length }, cpus.map((cpu) => node('cpu', { id: cpu.cpu, socket_id: cpu.socket, die_id: 0, core_id: cpu.core, siblings: formatCpuList(siblings(cpu)) }))),
  ]);
}

/** Banks of the last level; with `control` while resctrl is mounted. */
function caches(linux: PretendLinux): XmlNode[] {
  const last = linux.spec.caches.find(({ level }) => level === 3);
  if (last === undefined) return [];
  const sockets = [...new Set(linux.spec.cpus.map(({ socket }) => socket))];
  const cpusOf = (socket: number): string => formatCpuList(linux.spec.cpus.filter((cpu) => cpu.socket === socket && linux.online.includes(cpu.cpu)).map(({ cpu }) => cpu));
  const controlled = linux.spec.resctrl !== undefined && linux.resctrl.mounted;
  const controls = (): XmlNode[] => {
    const { resctrl } = linux;
    const { size, unit } = libvirtSize(resctrl.wayBytes);
    const least = resctrl.spec.minimumBits > 1 ? { min: libvirtSize(resctrl.wayBytes * resctrl.spec.minimumBits).size } : {};
    return (resctrl.separate ? ['code', 'data'] : ['both']).map((type) => node('control', { granularity: size, ...least, unit, type, maxAllocs: resctrl.closids }));
  };
  const bank = (socket: number): XmlNode => {
    const { size, unit } = libvirtSize(last.sizeKib * 1024);
    return node('bank', { id: socket, level: 3, type: 'both', size, unit, cpus: cpusOf(socket) }, controlled ? controls() : []);
  };
  const monitor = (names: readonly string[], more: Readonly<Record<string, number>>): XmlNode => node('monitor', more, names.map((name) => node('feature', { name })));
  const banks = node('cache', {}, [...sockets.map(bank), ...(controlled ? [monitor(['llc_occupancy'], { level: 3, reuseThreshold: 270_336, maxMonitors: 320 })] : [])]);
  if (!controlled || linux.spec.resctrl?.memoryBandwidth !== true) return [banks];
  const bandwidth = sockets.map((socket) => node('node', { id: socket, cpus: cpusOf(socket) }, [node('control', { granularity: 10, min: 10, maxAllocs: linux.resctrl.closids })]));
  return [banks, node('memory_bandwidth', {}, [...bandwidth, monitor(['mbm_total_bytes', 'mbm_local_bytes'], { maxMonitors: 320 })])];
}
