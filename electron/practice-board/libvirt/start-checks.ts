import type { PretendLinux } from '../linux/pretend-linux.ts';
import { rootCredentials } from '../linux/pretend-linux.ts';
import { memoryFigures } from '../linux/meminfo.ts';
import { hostFeatures } from './capabilities.ts';
import { memoryKibOf, numbersOf } from './domain-numbers.ts';
import { internal, invalid, LibvirtError, unsupported } from './libvirt-error.ts';
import { imageAt } from './disk-image.ts';
import { qemuUser } from './qemu-process.ts';
import { at, attribute, childOf, childrenOf, type XmlNode } from './xml-node.ts';

/** What a start needs to know of the host's VMs. */
export interface StartHost {
  readonly linux: PretendLinux;
  networkState(name: string): 'active' | 'inactive' | 'missing';
  /** Images that running VMs write to. */
  imagesInUse(): readonly string[];
  /** Huge pages of a size that running VMs hold on a node. */
  hugePagesInUse(sizeKib: number, node: number): number;
}

/** Everything that libvirt and QEMU look at before the first vCPU runs. Errors: LibvirtError in their words. */
export function checkStart(host: StartHost, domain: XmlNode): void {
  checkCpu(host.linux, domain);
  checkMemory(host, domain);
  checkDevices(host, domain);
}

const qemuSays = (linux: PretendLinux, text: string): LibvirtError =>
  internal(`qemu unexpectedly closed the monitor: ${new Date(linux.now()).toISOString().replace('Z', '000Z')} qemu-system-x86_64: ${text}`);

/** Names that libvirt knows without the host having them. */
const knownFeatures = new Set('vmx svm hypervisor invtsc tsc-deadline x2apic pdpe1gb pcid invpcid ssbd spec-ctrl stibp md-clear arch-capabilities monitor hle rtm la57 umip pku rdpid mpx topoext kvmclock kvm-pv-unhalt avx512f avx512dq amx-tile waitpkg'.split(' '));

function checkCpu(linux: PretendLinux, domain: XmlNode): void {
  const mode = attribute(at(domain, 'cpu'), 'mode');
  if (attribute(domain, 'type') !== 'kvm' && (mode === 'host-passthrough' || mode === 'host-model')) throw unsupported(`CPU mode '${mode}' for x86_64 qemu domain on x86_64 host is not supported by hypervisor`);
  if (attribute(domain, 'type') === 'kvm' && !linux.loadedModules.has('kvm_intel')) throw qemuSays(linux, 'Could not access KVM kernel module: No such file or directory');
  const known = new Set([...knownFeatures, ...hostFeatures(linux)]);
  const unknown = childrenOf(at(domain, 'cpu'), 'feature').map((feature) => attribute(feature, 'name') ?? '').find((name) => !known.has(name));
  if (unknown !== undefined) throw unsupported(`unknown CPU feature: ${unknown}`);
}

function checkMemory(host: StartHost, domain: XmlNode): void {
  const { linux } = host;
  const nodeset = attribute(at(domain, 'numatune', 'memory'), 'nodeset');
  const nodes = nodeset === undefined ? undefined : numbersOf(nodeset);
  const gone = nodes?.find((id) => !linux.spec.nodes.some((one) => one.id === id));
  if (gone !== undefined) throw unsupported(`NUMA node ${gone} is unavailable`);
  const kib = memoryKibOf(domain);
  const huge = at(domain, 'memoryBacking', 'hugepages');
  if (huge === undefined) {
    const available = (nodes ?? [undefined]).reduce<number>((sum, one) => sum + memoryFigures(linux, one).availableKib, 0);
    if (kib > available) throw qemuSays(linux, "cannot set up guest memory 'pc.ram': Cannot allocate memory");
    return;
  }
  const size = Number(attribute(childOf(huge, 'page'), 'size') ?? linux.defaultHugePageKib);
  if (!linux.hugePageMounts().some((mount) => mount.sizeKib === size)) throw internal(`Unable to find any usable hugetlbfs mount for ${size} KiB`);
  const pages = (nodes ?? linux.spec.nodes.map(({ id }) => id)).reduce((sum, one) => sum + linux.hugePages(size, one) - host.hugePagesInUse(size, one), 0);
  if (Math.ceil(kib / size) > pages) throw qemuSays(linux, 'unable to map backing store for guest RAM: Cannot allocate memory');
}

function checkDevices(host: StartHost, domain: XmlNode): void {
  const { linux } = host;
  for (const device of childrenOf(at(domain, 'devices'))) {
    const source = childOf(device, 'source');
    if (device.name === 'disk') checkDisk(host, device, attribute(source, 'file'));
    const network = device.name === 'interface' ? attribute(source, 'network') : undefined;
    if (network !== undefined && host.networkState(network) === 'missing') throw new LibvirtError(`Network not found: no network with matching name '${network}'`);
    if (network !== undefined && host.networkState(network) === 'inactive') throw invalid(`network '${network}' is not active`);
    if (device.name === 'hostdev' && attribute(device, 'type') === 'pci') checkPassthrough(linux, childOf(source, 'address'));
  }
}

function checkDisk(host: StartHost, disk: XmlNode, path: string | undefined): void {
  if (path === undefined) return;
  const { linux } = host;
  const { uid } = qemuUser(linux);
  const who = `(as uid:${uid}, gid:${uid})`;
  const image = imageAt(linux, path);
  if (image === undefined) throw new LibvirtError(`Cannot access storage file '${path}' ${who}: No such file or directory`);
  for (let backing = image.backing; backing !== undefined;) {
    const next = imageAt(linux, backing);
    if (next === undefined) throw new LibvirtError(`Cannot access backing file '${backing}' of storage file '${path}' ${who}: No such file or directory`);
    backing = next.backing;
  }
  const readOnly = childOf(disk, 'readonly') !== undefined || childOf(disk, 'shareable') !== undefined || attribute(disk, 'device') === 'cdrom';
  if (!readOnly && host.imagesInUse().includes(path)) throw internal(`process exited while connecting to monitor: ${new Date(linux.now()).toISOString().replace('Z', '000Z')} qemu-system-x86_64: -blockdev {"node-name":"libvirt-1-format","read-only":false,"driver":"qcow2"}: Failed to get "write" lock\nIs another process using the image [${path}]?`);
}

function checkPassthrough(linux: PretendLinux, address: XmlNode | undefined): void {
  const part = (name: string, digits: number): string => Number(attribute(address, name) ?? '0').toString(16).padStart(digits, '0');
  const place = `${part('domain', 4)}:${part('bus', 2)}:${part('slot', 2)}.${part('function', 1)}`;
  if (!linux.files.exists('/sys/kernel/iommu_groups/0', rootCredentials)) throw unsupported("host doesn't support passthrough of host PCI devices");
  if (!linux.files.exists(`/sys/bus/pci/devices/${place}`, rootCredentials)) throw new LibvirtError(`Device ${place} not found: could not access /sys/bus/pci/devices/${place}/config: No such file or directory`);
}
