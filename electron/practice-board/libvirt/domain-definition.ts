import { formatCpuset, parseCpuset } from '../../../shared/planning/vm/cpuset.ts';
import { libvirtSize, scaledBytes } from '../../../shared/planning/vm/domain-facts.ts';
import { domainDevices } from './domain-devices.ts';
import { ioThreadsOf, kibOf, numbersOf, scheduleOf, vcpusOf } from './domain-numbers.ts';
import { addChild, ensureChild, keepKnown, schemaProblem } from './domain-shape.ts';
import { LibvirtError, unsupported } from './libvirt-error.ts';
import { at, attribute, childOf, childrenOf, node, parseNode, type XmlNode } from './xml-node.ts';

/** What a definition needs of its host: numbers for what it leaves open. */
export interface DefinitionHost {
  newUuid(): string;
  newMac(): string;
}

/**
 * Takes in the XML of a domain as libvirt's QEMU driver does: unknown elements are dropped without a word (refused when
 * `validate`), defaults filled in, the rest put in libvirt's order and units. Errors: LibvirtError in libvirt's words.
 */
export function defineDomain(text: string, validate: boolean, host: DefinitionHost): XmlNode {
  const domain = parseNode(text, 'domain_definition');
  if (domain.name !== 'domain') throw new LibvirtError(`XML error: unexpected root element <${domain.name}>, expecting <domain>`);
  const problem = validate ? schemaProblem(domain) : undefined;
  if (problem !== undefined) throw new LibvirtError(`XML document failed to validate against schema: Unable to validate doc against /usr/share/libvirt/schemas/domain.rng\n${problem}`);
  const feature = childrenOf(at(domain, 'features')).find(({ name }) => !knownFeatures.has(name));
  if (feature !== undefined) throw unsupported(`unexpected feature '${feature.name}'`);
  keepKnown(domain);
  domain.attributes.delete('id');
  checkIdentity(domain);
  fillIdentity(domain, host);
  fillSizes(domain);
  fillCpuTune(domain);
  fillPlatform(domain);
  checkWhole(domain);
  domainDevices(domain, host);
  return domain;
}

const knownFeatures = new Set('acpi apic pae hap viridian privnet hyperv kvm xen pvspinlock capabilities pmu vmport gic smm ioapic hpt htm nested-hv vmcoreinfo msrs ccf-assist cfpc sbbc ibs tcg async-teardown'.split(' '));

function checkIdentity(domain: XmlNode): void {
  const type = attribute(domain, 'type');
  if (type === undefined) throw new LibvirtError("XML error: Missing required attribute 'type' in element 'domain'");
  if (type !== 'kvm' && type !== 'qemu') throw new LibvirtError(`invalid argument: could not find capabilities for domaintype=${type} `);
  const name = at(domain, 'name')?.text ?? '';
  if (name === '') throw new LibvirtError('missing domain name information');
  if (name.includes('/')) throw new LibvirtError(`XML error: name ${name} cannot contain '/'`);
  if (at(domain, 'os', 'type')?.text !== 'hvm') throw new LibvirtError("XML error: an os <type> must be specified");
  const vcpus = at(domain, 'vcpu')?.text ?? '1';
  if (!/^[1-9]\d{0,4}$/.test(vcpus)) throw new LibvirtError('XML error: maximum vcpus count must be an integer');
  if (Number(vcpus) > 288) throw unsupported(`Maximum CPUs greater than specified machine type limit 288`);
}

function fillIdentity(domain: XmlNode, host: DefinitionHost): void {
  const uuid = ensureChild(domain, node('uuid', {}, [], host.newUuid()), 'domain');
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid.text)) throw new LibvirtError('internal error: malformed uuid element');
  uuid.text = uuid.text.toLowerCase();
}

function fillSizes(domain: XmlNode): void {
  if (at(domain, 'memory') === undefined) throw new LibvirtError('XML error: missing \'memory\' element');
  const toKib = (element: XmlNode | undefined): void => {
    if (element === undefined) return;
    const kib = kibOf(element);
    Object.assign(element, { text: String(kib), attributes: new Map([['unit', 'KiB'], ...[...element.attributes].filter(([name]) => name !== 'unit')]) });
  };
  const memory = at(domain, 'memory');
  toKib(memory);
  ensureChild(domain, node('currentMemory', {}, [], memory?.text ?? ''), 'domain');
  for (const element of [at(domain, 'maxMemory'), at(domain, 'currentMemory'), ...childrenOf(at(domain, 'memtune'))]) toKib(element);
  for (const page of childrenOf(at(domain, 'memoryBacking', 'hugepages'), 'page')) {
    const bytes = scaledBytes(attribute(page, 'size'), attribute(page, 'unit'));
    if (bytes === null) throw new LibvirtError("XML error: cannot parse page size");
    page.attributes = new Map([['size', String(bytes / 1024)], ['unit', 'KiB'], ...[...page.attributes].filter(([name]) => name === 'nodeset')]);
  }
  const vcpu = ensureChild(domain, node('vcpu', {}, [], '1'), 'domain');
  const cpuset = attribute(vcpu, 'cpuset');
  vcpu.attributes = new Map([['placement', attribute(vcpu, 'placement') ?? 'static'], ...(cpuset === undefined ? [] : [['cpuset', formatCpuset(numbersOf(cpuset))] as const]), ...[...vcpu.attributes].filter(([name]) => name === 'current')]);
}

const normalised = (text: string | undefined): string => formatCpuset(numbersOf(text));

function fillCpuTune(domain: XmlNode): void {
  const tune = at(domain, 'cputune');
  if (tune === undefined) return;
  const vcpus = vcpusOf(domain);
  const threads = ioThreadsOf(domain);
  const there = (child: XmlNode): boolean => (child.name === 'vcpupin' ? Number(attribute(child, 'vcpu')) < vcpus : child.name === 'iothreadpin' ? threads.includes(Number(attribute(child, 'iothread'))) : true);
  // A pin of a vCPU that is not there is dropped with a warning in the daemon's log only.
  tune.children = tune.children.filter(there).flatMap((child) => {
    if (child.attributes.has('cpuset')) child.attributes.set('cpuset', normalised(attribute(child, 'cpuset')));
    if (child.name === 'emulatorsched') scheduleOf(child);
    if (child.name !== 'vcpusched' && child.name !== 'iothreadsched') return [child];
    scheduleOf(child);
    const key = child.name === 'vcpusched' ? 'vcpus' : 'iothreads';
    // Printed one by one, as libvirt does.
    return numbersOf(attribute(child, key)).filter((number) => (key === 'vcpus' ? number < vcpus : threads.includes(number))).map((number) => node(child.name, { ...Object.fromEntries(child.attributes), [key]: number }));
  });
  const pinned = childrenOf(tune, 'vcpupin').map((pin) => attribute(pin, 'vcpu'));
  const twice = pinned.find((vcpu, index) => pinned.indexOf(vcpu) !== index);
  if (twice !== undefined) throw new LibvirtError(`internal error: duplicate vcpupin for vcpu '${twice}'`);
  for (const share of [...childrenOf(tune, 'cachetune'), ...childrenOf(tune, 'memorytune')]) {
    if (attribute(domain, 'type') !== 'kvm') throw unsupported('cachetune is only supported for KVM domains');
    share.attributes.set('vcpus', normalised(attribute(share, 'vcpus')));
    for (const cache of childrenOf(share, 'cache')) {
      const bytes = scaledBytes(attribute(cache, 'size'), attribute(cache, 'unit'));
      if (bytes === null) throw new LibvirtError(`XML error: Invalid value for attribute 'size' in element 'cache': '${attribute(cache, 'size') ?? ''}'.`);
      for (const [key, value] of Object.entries(libvirtSize(bytes))) cache.attributes.set(key, value);
    }
  }
  checkShares(tune);
  if (tune.children.length === 0) domain.children.splice(domain.children.indexOf(tune), 1);
}

/** Groups of vCPUs that share caches or bandwidth are the same or have none in common. */
function checkShares(tune: XmlNode): void {
  for (const name of ['cachetune', 'memorytune'] as const) {
    const groups = childrenOf(tune, name).map((share) => attribute(share, 'vcpus') ?? '');
    for (const [index, group] of groups.entries()) {
      const others = groups.slice(index + 1).flatMap((other) => parseCpuset(other) ?? []);
      if ((parseCpuset(group) ?? []).some((vcpu) => others.includes(vcpu))) throw new LibvirtError('invalid argument: Overlapping vcpus in resctrls');
    }
  }
}

function fillPlatform(domain: XmlNode): void {
  const type = at(domain, 'os', 'type');
  const machine = type?.attributes.get('machine') ?? 'pc';
  if (type !== undefined) type.attributes = new Map([['arch', 'x86_64'], ['machine', ({ q35: 'pc-q35-7.2', pc: 'pc-i440fx-7.2' } as Readonly<Record<string, string>>)[machine] ?? machine]]);
  const os = at(domain, 'os');
  if (os !== undefined && childOf(os, 'boot') === undefined && childOf(os, 'kernel') === undefined && !childrenOf(at(domain, 'devices')).some((device) => childOf(device, 'boot') !== undefined)) os.children.splice(1, 0, node('boot', { dev: 'hd' }));
  const cpu = ensureChild(domain, node('cpu', { mode: 'custom', match: 'exact', check: 'none' }, [node('model', { fallback: 'forbid' }, [], 'qemu64')]), 'domain');
  const mode = attribute(cpu, 'mode');
  if ((mode === 'host-passthrough' || mode === 'maximum') && !cpu.attributes.has('check')) cpu.attributes.set('check', 'none');
  if (mode === 'host-passthrough' && !cpu.attributes.has('migratable')) cpu.attributes.set('migratable', 'on');
  if (mode === 'host-model' && !cpu.attributes.has('check')) cpu.attributes.set('check', 'partial');
  const topology = childOf(cpu, 'topology');
  if (topology !== undefined) topology.attributes = new Map(['sockets', 'dies', 'cores', 'threads'].map((key) => [key, attribute(topology, key) ?? '1']));
  ensureChild(domain, node('clock', { offset: 'utc' }), 'domain');
  for (const [name, act] of [['on_poweroff', 'destroy'], ['on_reboot', 'restart'], ['on_crash', 'destroy']] as const) ensureChild(domain, node(name, {}, [], act), 'domain');
  const threads = ioThreadsOf(domain);
  if (threads.length > 0 && at(domain, 'iothreads') === undefined) addChild(domain, node('iothreads', {}, [], String(threads.length)), 'domain');
}

function checkWhole(domain: XmlNode): void {
  const topology = at(domain, 'cpu', 'topology');
  const product = ['sockets', 'dies', 'cores', 'threads'].reduce((sum, key) => sum * Number(attribute(topology, key) ?? '1'), 1);
  if (topology !== undefined && product !== vcpusOf(domain)) throw unsupported("CPU topology doesn't match maximum vcpu count");
  const policy = childrenOf(at(domain, 'cpu'), 'feature').find((feature) => !['force', 'require', 'optional', 'disable', 'forbid', undefined].includes(attribute(feature, 'policy')));
  if (policy !== undefined) throw new LibvirtError(`XML error: Invalid CPU feature policy`);
}
