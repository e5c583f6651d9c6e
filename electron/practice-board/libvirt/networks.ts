import { diskNames } from '../linux/disk-text.ts';
import { rootCredentials, type PretendLinux } from '../linux/pretend-linux.ts';
import { TreeBuilder } from '../linux/tree-builder.ts';
import { DefinitionFiles } from './definition-files.ts';
import type { DefinitionHost } from './domain-definition.ts';
import { invalid, LibvirtError } from './libvirt-error.ts';
import { at, attribute, childOf, formatNode, node, parseNode, type XmlNode } from './xml-node.ts';

export const networksFolder = '/etc/libvirt/qemu/networks';

const order = 'name uuid metadata forward bridge mac domain mtu dns vlan ip route portgroup bandwidth'.split(' ');
const octets = (address: string): number[] => address.split('.').map(Number);

/** libvirt's virtual networks: definitions lie on the disk, what runs ends with the boot. */
export class Networks {
  readonly files: DefinitionFiles;
  readonly #active = new Map<string, XmlNode>();
  readonly #linux: PretendLinux;

  constructor(linux: PretendLinux) {
    this.#linux = linux;
    this.files = new DefinitionFiles(linux, networksFolder);
  }

  beginBoot(): void {
    this.#active.clear();
  }

  names(): string[] {
    return [...new Set([...this.files.names(), ...this.#active.keys()])].sort();
  }

  isActive(name: string): boolean {
    return this.#active.has(name);
  }

  isPersistent(name: string): boolean {
    return this.files.names().includes(name);
  }

  /** By name or UUID. Errors: LibvirtError. */
  find(word: string): string {
    const found = this.names().find((name) => name === word || at(this.xml(name, false), 'uuid')?.text === word);
    if (found === undefined) throw new LibvirtError(`Network not found: no network with matching name '${word}'`);
    return found;
  }

  xml(name: string, inactive: boolean): XmlNode | undefined {
    return (inactive ? undefined : this.#active.get(name)) ?? this.files.read(name) ?? this.#active.get(name);
  }

  define(text: string, host: DefinitionHost): string {
    const network = parseNode(text, 'network_definition');
    const name = at(network, 'name')?.text ?? '';
    if (network.name !== 'network' || name === '') throw new LibvirtError(network.name === 'network' ? 'XML error: missing name in network definition' : `XML error: unexpected root element <${network.name}>, expecting <network>`);
    if (childOf(network, 'uuid') === undefined) network.children.push(node('uuid', {}, [], host.newUuid()));
    const there = this.xml(name, true);
    if (there !== undefined && at(there, 'uuid')?.text !== at(network, 'uuid')?.text) throw new LibvirtError(`operation failed: network '${name}' already exists with uuid ${at(there, 'uuid')?.text ?? ''}`);
    network.children = network.children.filter((child) => order.includes(child.name)).sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
    const bridge = childOf(network, 'bridge');
    const free = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `virbr${number}`).find((one) => !this.names().filter((other) => other !== name).map((other) => this.bridgeOf(other)).includes(one)) ?? 'virbr0';
    const attributes = { name: attribute(bridge, 'name') ?? free, stp: attribute(bridge, 'stp') ?? 'on', delay: attribute(bridge, 'delay') ?? '0' };
    if (bridge === undefined) network.children.splice(network.children.findIndex(({ name: one }) => one === 'forward') + 1, 0, node('bridge', attributes));
    else bridge.attributes = new Map(Object.entries(attributes));
    if (childOf(network, 'mac') === undefined) network.children.splice(network.children.findIndex(({ name: one }) => one === 'bridge') + 1, 0, node('mac', { address: host.newMac() }));
    this.files.write(name, formatNode(network), `virsh net-edit ${name}`);
    return name;
  }

  undefine(name: string): void {
    if (!this.isPersistent(name)) throw invalid(`network is not persistent`);
    this.files.remove(name);
  }

  start(name: string): void {
    if (this.#active.has(name)) throw invalid('network is already active');
    const network = this.files.read(name);
    if (network === undefined) throw new LibvirtError(`Network not found: no network with matching name '${name}'`);
    const bridge = this.bridgeOf(name);
    if ([...this.#active.keys()].some((other) => this.bridgeOf(other) === bridge)) throw new LibvirtError(`internal error: bridge name '${bridge}' already in use.`);
    if (!this.#linux.findTool('dnsmasq')) throw new LibvirtError("Cannot check dnsmasq binary /usr/sbin/dnsmasq: No such file or directory");
    this.#active.set(name, network);
    new TreeBuilder(this.#linux.files.root).text(this.#statusFile(name), `<networkstatus>\n${formatNode(network, '  ')}</networkstatus>\n`, { mode: 0o600 });
  }

  destroy(name: string): void {
    if (!this.#active.delete(name)) throw invalid(`network '${name}' is not active`);
    this.#linux.files.remove(this.#statusFile(name), rootCredentials, 'file');
  }

  /** What libvirt keeps of a network while it is active. */
  #statusFile(name: string): string {
    return `/run/libvirt/network/${name}.xml`;
  }

  /** Starts those that are to start by themselves. */
  autostart(): void {
    for (const name of diskNames(this.#linux, `${networksFolder}/autostart`, '.xml').map((file) => file.slice(0, -4))) {
      if (!this.isActive(name) && this.isPersistent(name)) this.start(name);
    }
  }

  bridgeOf(name: string): string {
    return attribute(at(this.xml(name, true), 'bridge'), 'name') ?? '';
  }

  bridges(): ReadonlyMap<string, string> {
    return new Map(this.names().map((name) => [name, this.bridgeOf(name)]));
  }

  /** Address that the network's DHCP server gives to a card; undefined where it has none. */
  lease(name: string, mac: string): string | undefined {
    const range = at(this.#active.get(name), 'ip', 'dhcp', 'range');
    const [from, to] = [octets(attribute(range, 'start') ?? ''), octets(attribute(range, 'end') ?? '')];
    const [first = 0, last = 0] = [from[3], to[3]];
    if (from.length !== 4 || to.length !== 4) return undefined;
    const sum = [...mac].reduce((all, sign) => (all * 31 + sign.charCodeAt(0)) >>> 0, 7);
    return [...from.slice(0, 3), first + (sum % Math.max(1, last - first + 1))].join('.');
  }
}
