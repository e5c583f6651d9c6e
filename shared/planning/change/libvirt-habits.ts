import { isDefinitionAs, type LibvirtHabits, type PlainElement } from './is-definition-as.ts';

/** Sections that say nothing while they are empty: libvirt does not keep them. */
const emptySections = new Set(['cputune', 'numatune', 'memoryBacking', 'memtune', 'blkiotune', 'features', 'features/kvm', 'features/hyperv', 'pm', 'perf', 'iothreadids', 'metadata', 'os/firmware']);

/** Parts a domain gets when it has none of that name. */
const addedElements: Readonly<Record<string, readonly string[]>> = {
  '': ['uuid', 'currentMemory', 'vcpu', 'os', 'cpu', 'clock', 'on_poweroff', 'on_reboot', 'on_crash', 'devices'],
  os: ['type', 'loader', 'nvram', 'firmware', 'boot', 'bios', 'varstore'],
  features: ['smm'],
  cpu: ['model'],
};
/** The same below any device. */
const addedToDevices = new Set(['address', 'alias', 'driver', 'target', 'model', 'source', 'backingStore', 'mac', 'listen', 'readonly', 'protocol', 'acpi']);

/** Attributes that are given a value; null: any. */
const addedAttributes: Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>> = {
  vcpu: { placement: ['static'] },
  'os/type': { arch: null, machine: null },
  cpu: { mode: ['custom'], match: null, check: null, migratable: null },
  'cpu/model': { fallback: null },
  'cpu/topology': { dies: ['1'], clusters: ['1'] },
  'cpu/feature': { policy: ['require'] },
  'cpu/numa/cell': { id: null },
  'numatune/memory': { placement: ['static'] },
  'features/hyperv': { mode: ['custom'] },
  clock: { offset: null },
};

const has = (element: PlainElement, name: string): boolean => element.children.some((child) => child.name === name);
const isBelow = (path: string, parent: string): boolean => path.startsWith(`${parent}/`);

/** Devices that a machine gets without having been asked for. Sources: libvirt 9.0 qemu_domain.c, domain_postparse; observed. */
function isAddedDevice({ name, attributes }: PlainElement, wanted: PlainElement): boolean {
  switch (name) {
    case 'controller': return true;
    case 'input': return attributes.get('bus') === 'ps2';
    case 'watchdog': return !has(wanted, name) && attributes.get('model') === 'itco';
    case 'memballoon': case 'audio': case 'emulator': return !has(wanted, name);
    // A console and a serial line are two names of one thing.
    case 'console': return !has(wanted, 'console') && has(wanted, 'serial');
    case 'serial': return !has(wanted, 'serial') && has(wanted, 'console');
    case 'video': return !has(wanted, 'video') && has(wanted, 'graphics');
    default: return false;
  }
}

const domainHabits: LibvirtHabits = {
  mayAddAttribute: ({ path, name: element, text }, name, value) => {
    // A unit that is still there was not understood; an address, which has no text, is given one.
    if (name === 'unit' && text !== '') return false;
    if (isBelow(path, 'devices') || isBelow(path, 'os/firmware') || path === 'os/loader' || path === 'os/nvram') return true;
    if (/^features\/[^/]+(?:\/[^/]+)?$/.test(path) && element !== 'hyperv' && name === 'state') return value === 'on';
    const values = addedAttributes[path]?.[name];
    return values === null || values?.includes(value) === true;
  },
  mayAddElement: (added, beside) => {
    if (beside.path === 'devices') return isAddedDevice(added, beside);
    if (isBelow(beside.path, 'devices')) return addedToDevices.has(added.name) && !has(beside, added.name);
    if (added.path === 'iothreads') return has(beside, 'iothreadids');
    if (added.path === 'features') return added.children.every(({ name }) => name === 'smm');
    // What was added as a whole holds nothing that would not be added to it.
    return addedElements[beside.path]?.includes(added.name) === true && !has(beside, added.name)
      && added.children.every((child) => domainHabits.mayAddElement(child, { ...added, children: [] }));
  },
  mayDropElement: ({ name, path, attributes, text, children }) => {
    // Names of devices are libvirt's own but for those a person gives (ua-).
    if (name === 'alias' && isBelow(path, 'devices')) return attributes.get('name')?.startsWith('ua-') !== true;
    return emptySections.has(path) && attributes.size === 0 && text === '' && children.every((child) => domainHabits.mayDropElement(child));
  },
  sameAttribute: (element, name, wanted, found) => element.path === 'os/type' && name === 'machine' && (machines[wanted]?.test(found) ?? false),
};

/** Short names of machines, which libvirt replaces by the version they stand for on that host. */
const machines: Readonly<Record<string, RegExp>> = { q35: /^pc-q35-/, pc: /^pc-i440fx-/ };

const networkHabits: LibvirtHabits = {
  mayAddAttribute: ({ path }, name, value) => path === 'bridge' || (path === 'forward' && name === 'mode' && value === 'nat'),
  mayAddElement: (added, beside) => (beside.path === '' && ['uuid', 'mac', 'bridge'].includes(added.name) && !has(beside, added.name)) || added.path === 'forward/nat',
  mayDropElement: () => false,
  sameAttribute: () => false,
};

/** Whether a domain that libvirt gives back is the one that was wanted. Total. */
export const isDomainAs = (wanted: string, found: string): boolean => isDefinitionAs(wanted, found, domainHabits);

/** Whether a network that libvirt gives back is the one that was wanted. Total. */
export const isNetworkAs = (wanted: string, found: string): boolean => isDefinitionAs(wanted, found, networkHabits);
