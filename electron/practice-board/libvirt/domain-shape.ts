import { childOf, type XmlNode } from './xml-node.ts';

/** What libvirt knows at one place: its attributes, and its children in the order it prints them. */
interface Shape {
  /** Not given: attributes are not looked at. */
  readonly attributes?: string;
  /** Not given: children are kept as they are. */
  readonly children?: string;
}

/**
 * The places of a domain that tuning touches, by path, and the known names at each. Source: the order of libvirt's
 * output (virDomainDefFormatInternal) and its schema (domaincommon.rng).
 */
const shapes: Readonly<Record<string, Shape>> = {
  domain: {
    attributes: 'type id',
    children: 'name uuid genid title description metadata maxMemory memory currentMemory blkiotune memtune memoryBacking vcpu vcpus iothreads iothreadids defaultiothread cputune numatune resource sysinfo bootloader os idmap features cpu clock '
      + 'on_poweroff on_reboot on_crash on_lockfailure pm perf devices seclabel keywrap launchSecurity',
  },
  'domain/memory': { attributes: 'unit dumpCore', children: '' },
  'domain/currentMemory': { attributes: 'unit', children: '' },
  'domain/memtune': { attributes: '', children: 'hard_limit soft_limit swap_hard_limit min_guarantee' },
  'domain/memoryBacking': { attributes: '', children: 'hugepages nosharepages locked source access allocation discard' },
  'domain/memoryBacking/hugepages': { attributes: '', children: 'page' },
  'domain/memoryBacking/hugepages/page': { attributes: 'size unit nodeset', children: '' },
  'domain/vcpu': { attributes: 'placement cpuset current', children: '' },
  'domain/cputune': {
    attributes: '',
    children: 'shares period quota global_period global_quota emulator_period emulator_quota iothread_period iothread_quota vcpupin emulatorpin iothreadpin emulatorsched vcpusched iothreadsched cachetune memorytune',
  },
  'domain/cputune/vcpupin': { attributes: 'vcpu cpuset', children: '' },
  'domain/cputune/emulatorpin': { attributes: 'cpuset', children: '' },
  'domain/cputune/iothreadpin': { attributes: 'iothread cpuset', children: '' },
  'domain/cputune/vcpusched': { attributes: 'vcpus scheduler priority', children: '' },
  'domain/cputune/emulatorsched': { attributes: 'scheduler priority', children: '' },
  'domain/cputune/iothreadsched': { attributes: 'iothreads scheduler priority', children: '' },
  'domain/cputune/cachetune': { attributes: 'vcpus id', children: 'cache monitor' },
  'domain/cputune/cachetune/cache': { attributes: 'id level type size unit', children: '' },
  'domain/cputune/memorytune': { attributes: 'vcpus', children: 'node monitor' },
  'domain/cputune/memorytune/node': { attributes: 'id bandwidth', children: '' },
  'domain/numatune': { attributes: '', children: 'memory memnode' },
  'domain/features': { attributes: '', children: 'acpi apic pae hap viridian privnet hyperv kvm xen pvspinlock capabilities pmu vmport gic smm ioapic hpt htm nested-hv vmcoreinfo msrs ccf-assist cfpc sbbc ibs tcg async-teardown' },
  'domain/cpu': { attributes: 'match mode check migratable', children: 'model vendor topology cache maxphysaddr feature numa' },
  'domain/cpu/topology': { attributes: 'sockets dies cores threads', children: '' },
  'domain/cpu/cache': { attributes: 'level mode', children: '' },
  'domain/cpu/feature': { attributes: 'policy name', children: '' },
  'domain/clock': { attributes: 'offset basis adjustment timezone start', children: 'timer' },
  'domain/pm': { attributes: '', children: 'suspend-to-mem suspend-to-disk' },
  'domain/devices': {
    attributes: '',
    children: 'emulator disk controller lease filesystem interface smartcard serial parallel console channel input tpm graphics sound audio video hostdev redirdev redirfilter hub watchdog memballoon rng nvram panic shmem memory iommu vsock crypto',
  },
};

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
const isForeign = (name: string): boolean => name.includes(':');

/** The first thing the schema does not know, in the words of libxml2; undefined when all is known. */
export function schemaProblem(element: XmlNode, path = element.name): string | undefined {
  const shape = shapes[path];
  if (shape === undefined) return undefined;
  const attributes = shape.attributes === undefined ? undefined : words(shape.attributes);
  for (const name of element.attributes.keys()) {
    if (attributes?.includes(name) === false && !isForeign(name)) return `Invalid attribute ${name} for element ${element.name}`;
  }
  const known = shape.children === undefined ? undefined : words(shape.children);
  for (const child of element.children) {
    if (known?.includes(child.name) === false && !isForeign(child.name)) return `Element ${element.name} has extra content: ${child.name}`;
    const problem = schemaProblem(child, `${path}/${child.name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Drops what libvirt does not know, without a word, and puts the rest in its order. */
export function keepKnown(element: XmlNode, path = element.name): void {
  const shape = shapes[path];
  if (shape === undefined) return;
  if (shape.attributes !== undefined) {
    const known = words(shape.attributes);
    for (const name of [...element.attributes.keys()]) if (!known.includes(name) && !isForeign(name)) element.attributes.delete(name);
    element.attributes = new Map([...element.attributes].sort(([one], [other]) => place(known, one) - place(known, other)));
  }
  if (shape.children !== undefined) {
    const known = words(shape.children);
    element.children = element.children.filter(({ name }) => known.includes(name) || isForeign(name)).sort((one, other) => place(known, one.name) - place(known, other.name));
  }
  for (const child of element.children) keepKnown(child, `${path}/${child.name}`);
}

/** Puts an element at its place in the order; one that is there already stays. */
export function ensureChild(parent: XmlNode, child: XmlNode, path: string): XmlNode {
  const found = childOf(parent, child.name);
  if (found !== undefined) return found;
  addChild(parent, child, path);
  return child;
}

export function addChild(parent: XmlNode, child: XmlNode, path: string): void {
  const known = words(shapes[path]?.children ?? '');
  const before = parent.children.findLastIndex(({ name }) => place(known, name) <= place(known, child.name));
  parent.children.splice(before + 1, 0, child);
}

const place = (known: readonly string[], name: string): number => (known.includes(name) ? known.indexOf(name) : known.length);
