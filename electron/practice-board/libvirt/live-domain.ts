import { addChild } from './domain-shape.ts';
import { at, attribute, childOf, childrenOf, copyOf, node, type XmlNode } from './xml-node.ts';

export interface LiveFacts {
  readonly id: number;
  /** Bridge of each network by name. */
  readonly bridges: ReadonlyMap<string, string>;
  /** What a free host interface is called: vnet0 … */
  newInterface(): string;
  readonly terminal: string;
}

/** What `virsh dumpxml` shows of a running domain: numbers, aliases and labels of this one run. */
export function liveDomain(inactive: XmlNode, facts: LiveFacts): XmlNode {
  const domain = copyOf(inactive);
  domain.attributes.set('id', String(facts.id));
  addChild(domain, node('resource', {}, [node('partition', {}, [], '/machine')]), 'domain');
  const counts = new Map<string, number>();
  for (const device of childrenOf(at(domain, 'devices'))) {
    if (device.name === 'emulator') continue;
    const stem = stemOf(device);
    const index = counts.get(stem) ?? 0;
    counts.set(stem, index + 1);
    if (device.name === 'interface') {
      const source = childOf(device, 'source');
      const bridge = facts.bridges.get(attribute(source, 'network') ?? '');
      if (bridge !== undefined) source?.attributes.set('bridge', bridge);
      device.children.push(node('target', { dev: facts.newInterface() }));
    }
    if (device.name === 'serial' || device.name === 'console') {
      if (device.name === 'console') device.attributes.set('tty', facts.terminal);
      device.children.unshift(node('source', { path: facts.terminal }));
    }
    if (device.name === 'audio' || childOf(device, 'alias') !== undefined) continue;
    const place = device.children.findIndex(({ name }) => name === 'address');
    device.children.splice(place < 0 ? device.children.length : place, 0, node('alias', { name: aliasOf(device, stem, index) }));
  }
  addChild(domain, node('seclabel', { type: 'dynamic', model: 'dac', relabel: 'yes' }, [node('label', {}, [], '+64055:+64055'), node('imagelabel', {}, [], '+64055:+64055')]), 'domain');
  return domain;
}

const stemOf = (device: XmlNode): string => ({
  disk: `${attribute(childOf(device, 'target'), 'bus') ?? 'virtio'}-disk`, interface: 'net', memballoon: 'balloon', console: 'serial', controller: attribute(device, 'type') ?? 'controller',
} as Readonly<Record<string, string>>)[device.name] ?? device.name;

const aliasOf = (device: XmlNode, stem: string, index: number): string => {
  if (device.name === 'console') return 'serial0';
  if (stem === 'pci') return attribute(device, 'model') === 'pcie-root' ? 'pcie.0' : `pci.${attribute(device, 'index') ?? index}`;
  return stem === 'usb' && index === 0 ? 'usb' : `${stem}${index}`;
};
