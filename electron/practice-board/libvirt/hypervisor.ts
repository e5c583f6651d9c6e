import { RegularFile, Socket } from '../files/inode.ts';
import type { PretendLinux } from '../linux/pretend-linux.ts';
import { randomUuid } from '../linux/random.ts';
import { rootCredentials } from '../linux/pretend-linux.ts';
import { TreeBuilder } from '../linux/tree-builder.ts';
import { makeCacheShares, type CacheShare } from './cache-shares.ts';
import { DefinitionFiles } from './definition-files.ts';
import { defineDomain, type DefinitionHost } from './domain-definition.ts';
import { memoryKibOf, nameOf, numbersOf, uuidOf } from './domain-numbers.ts';
import { invalid, LibvirtError } from './libvirt-error.ts';
import { liveDomain } from './live-domain.ts';
import { Networks } from './networks.ts';
import { startQemu, type QemuThreads } from './qemu-process.ts';
import { checkStart } from './start-checks.ts';
import { at, attribute, childOf, childrenOf, formatNode, type XmlNode } from './xml-node.ts';

export const domainsFolder = '/etc/libvirt/qemu';
/** From the start of a VM until it has an address and listens: a fresh guest's boot, shortened. */
const guestBootMs = 2_000;
/** A guest that is told to shut down does so after a while. */
const guestShutdownMs = 1_500;

const daemons = ['libvirtd', ...['qemu', 'network', 'storage', 'nodedev', 'nwfilter', 'secret', 'interface'].map((part) => `virt${part}d`)];

/** A domain that runs. */
export interface RunningDomain {
  readonly id: number;
  /** What it was started with, and what was changed of it since. */
  live: XmlNode;
  readonly threads: QemuThreads;
  readonly shares: readonly CacheShare[];
  readonly terminal: string;
  startedMs: number;
  /** Why it stops, once it is told to. */
  ending: 'destroyed' | 'shutdown' | undefined;
}

/** libvirt's daemon with QEMU: definitions lie on the disk and survive a restart, running VMs do not. */
export class Hypervisor implements DefinitionHost {
  readonly linux: PretendLinux;
  readonly networks: Networks;
  readonly definitions: DefinitionFiles;
  readonly #running = new Map<string, RunningDomain>();
  /** Why a domain that is off is off, as `domstate --reason` says it. */
  readonly #endings = new Map<string, string>();
  #lastId = 0;
  #autostarted = false;
  /** Told of each guest that starts and ends. */
  onGuest: (name: string, guest: 'started' | 'ended') => void = () => undefined;

  constructor(linux: PretendLinux) {
    this.linux = linux;
    this.networks = new Networks(linux);
    this.definitions = new DefinitionFiles(linux, domainsFolder);
  }

  beginBoot(): void {
    this.#running.clear();
    this.#endings.clear();
    this.networks.beginBoot();
    this.#lastId = 0;
    this.#autostarted = false;
  }

  /** The daemon that answers, or begins to when somebody connects to its socket; undefined while nothing listens. */
  get daemon(): 'libvirtd' | 'virtqemud' | undefined {
    return (['libvirtd', 'virtqemud'] as const).find((name) => this.#listens(name));
  }

  #listens(name: string): boolean {
    return this.linux.units.isActive(`${name}.service`) || this.linux.units.isActive(`${name}.socket`);
  }

  /** Sockets in /run/libvirt of what runs or listens. */
  socketFiles(): ReadonlyMap<string, Socket> {
    const libvirt = this.linux.accounts.groupId('libvirt') ?? 0;
    const stems = daemons.filter((name) => this.#listens(name)).map((name) => (name === 'libvirtd' ? 'libvirt-sock' : `${name}-sock`));
    return new Map(stems.flatMap((stem) => [[stem, new Socket({ mode: 0o660, gid: libvirt })], [`${stem}-ro`, new Socket({ mode: 0o666, gid: libvirt })]]));
  }

  /** Once in a boot, when the daemon comes up: networks, then domains. */
  autostart(): void {
    if (this.#autostarted) return;
    this.#autostarted = true;
    this.networks.autostart();
    for (const name of this.definitions.names().filter((one) => this.definitions.isAutostart(one))) {
      try {
        this.start(name);
      } catch (error) {
        if (!(error instanceof LibvirtError)) throw error;
        this.linux.log(`${this.daemon ?? 'libvirtd'}[812]: Failed to autostart VM '${name}': ${error.message}`);
      }
    }
  }

  newUuid(): string {
    return randomUuid(this.linux.random);
  }

  newMac(): string {
    const part = (): string => Math.floor(this.linux.random() * 256).toString(16).padStart(2, '0');
    return `52:54:00:${part()}:${part()}:${part()}`;
  }

  /** Running ones by their number, then the others by name. */
  names(): string[] {
    const running = [...this.#running].sort(([, one], [, other]) => one.id - other.id).map(([name]) => name);
    return [...running, ...this.definitions.names().filter((name) => !this.#running.has(name)).sort()];
  }

  running(name: string): RunningDomain | undefined {
    return this.#running.get(name);
  }

  isPersistent(name: string): boolean {
    return this.definitions.names().includes(name);
  }

  /** By number, UUID or name. undefined: there is none. */
  find(word: string): string | undefined {
    return this.names().find((name) => String(this.#running.get(name)?.id) === word) ?? this.names().find((name) => name === word || uuidOf(this.xml(name, true)) === word.toLowerCase());
  }

  /** Errors: LibvirtError where the name is gone by now. */
  xml(name: string, inactive: boolean): XmlNode {
    const found = (inactive ? this.definitions.read(name) : this.#running.get(name)?.live) ?? this.definitions.read(name) ?? this.#running.get(name)?.live;
    if (found === undefined) throw new LibvirtError(`Domain not found: no domain with matching name '${name}'`);
    return found;
  }

  define(text: string, validate: boolean): string {
    if (/<domain[^>]*\btype\s*=\s*["']kvm["']/.test(text) && !this.linux.loadedModules.has('kvm_intel')) throw new LibvirtError('invalid argument: could not find capabilities for domaintype=kvm ');
    const domain = defineDomain(text, validate, this);
    const [name, uuid] = [nameOf(domain), uuidOf(domain)];
    for (const other of this.names()) {
      const otherUuid = uuidOf(this.xml(other, true));
      if (other === name && otherUuid !== uuid) throw new LibvirtError(`operation failed: domain '${name}' already exists with uuid ${otherUuid}`);
      if (other !== name && otherUuid === uuid) throw new LibvirtError(`operation failed: domain '${other}' is already defined with uuid ${uuid}`);
    }
    this.definitions.write(name, formatNode(domain), `virsh edit ${name}`);
    return name;
  }

  /** A running domain goes on as a transient one. */
  undefine(name: string): void {
    if (!this.isPersistent(name)) throw invalid('cannot undefine transient domain');
    this.definitions.remove(name);
  }

  start(name: string): RunningDomain {
    if (this.#running.has(name)) throw invalid('domain is already running');
    const domain = this.xml(name, true);
    checkStart({
      linux: this.linux, networkState: (network) => (!this.networks.names().includes(network) ? 'missing' : this.networks.isActive(network) ? 'active' : 'inactive'),
      imagesInUse: () => this.imagesInUse(),
      hugePagesInUse: (size, node) => this.hugePagesInUse(size, node),
    }, domain);
    const id = this.#lastId + 1;
    this.#lastId = id;
    const machine = `qemu-${id}-${name}`;
    const shares = domainHasShares(domain) ? makeCacheShares(this.linux.resctrl, domain, machine) : [];
    const terminal = `/dev/pts/${64 + id}`;
    let threads: QemuThreads;
    try {
      threads = startQemu(this.linux, domain, machine, terminal);
    } catch (error) {
      for (const { group } of shares) this.linux.resctrl.remove(group.name);
      throw error;
    }
    for (const { vcpus, group } of shares) {
      for (const vcpu of vcpus) {
        const thread = threads.vcpus[vcpu];
        if (thread !== undefined) this.linux.resctrl.move(thread.tid, group);
      }
    }
    const usedInterfaces = [...this.#running.values()].flatMap(({ live }) => interfacesOf(live).map(({ host }) => host));
    const live = liveDomain(domain, {
      id, terminal, bridges: this.networks.bridges(), newInterface: () => {
        const free = Array.from({ length: 1000 }, (_, number) => `vnet${number}`).find((one) => !usedInterfaces.includes(one)) ?? 'vnet0';
        usedInterfaces.push(free);
        return free;
      },
    });
    const run: RunningDomain = { id, live, threads, shares, terminal, startedMs: this.linux.now(), ending: undefined };
    this.#running.set(name, run);
    this.#endings.delete(name);
    this.#writeRunFiles(name, run);
    void threads.process.exited.then(() => this.#ended(name, run));
    this.onGuest(name, 'started');
    return run;
  }

  destroy(name: string): void {
    const run = this.#mustRun(name);
    run.ending = 'destroyed';
    run.threads.process.end({ code: 0, signal: null });
    this.#ended(name, run);
  }

  /** Told to the guest, which takes its time. */
  shutdown(name: string): void {
    const run = this.#mustRun(name);
    run.ending ??= 'shutdown';
    setTimeout(() => run.threads.process.end({ code: 0, signal: null }), guestShutdownMs).unref();
  }

  reboot(name: string): void {
    this.#mustRun(name).startedMs = this.linux.now();
    this.onGuest(name, 'ended');
    this.onGuest(name, 'started');
  }

  #mustRun(name: string): RunningDomain {
    const run = this.#running.get(name);
    if (run === undefined) throw invalid('domain is not running');
    return run;
  }

  /** `shut off`, `crashed` as virsh says it, and the reason. */
  state(name: string): { readonly state: string; readonly reason: string } {
    const run = this.#running.get(name);
    if (run !== undefined) return run.ending === 'shutdown' ? { state: 'in shutdown', reason: 'user' } : { state: 'running', reason: 'booted' };
    return { state: 'shut off', reason: this.#endings.get(name) ?? 'unknown' };
  }

  #ended(name: string, run: RunningDomain): void {
    if (this.#running.get(name) !== run) return;
    this.#running.delete(name);
    this.#endings.set(name, run.ending ?? 'crashed');
    for (const { group } of run.shares) this.linux.resctrl.remove(group.name);
    for (const thread of run.threads.kernel) thread.end({ code: 0, signal: null });
    for (const path of [`/run/libvirt/qemu/${name}.pid`, `/run/libvirt/qemu/${name}.xml`]) if (this.linux.files.exists(path, rootCredentials)) this.linux.files.remove(path, rootCredentials, 'file');
    this.onGuest(name, 'ended');
  }

  #writeRunFiles(name: string, run: RunningDomain): void {
    const tree = new TreeBuilder(this.linux.files.root);
    tree.put(`/run/libvirt/qemu/${name}.pid`, new RegularFile(`${run.threads.process.pid}\n`, { mode: 0o600 }));
    tree.put(`/run/libvirt/qemu/${name}.xml`, new RegularFile(formatNode(run.live), { mode: 0o600 }));
    tree.text(`/var/log/libvirt/qemu/${name}.log`, `${new Date(this.linux.now()).toISOString().replace('T', ' ').replace('Z', '+0000')}: starting up libvirt version: 9.0.0, package: 9.0.0-4+deb12u2 (Debian), qemu version: 7.2.22, kernel: ${this.linux.kernel.release}, hostname: ${this.linux.hostname}\nLC_ALL=C \\\n${run.threads.process.argv.join(' \\\n')}\n`, { mode: 0o600 });
  }

  /** Images that running VMs may write to. */
  imagesInUse(): string[] {
    const disks = [...this.#running.values()].flatMap(({ live }) => childrenOf(at(live, 'devices'), 'disk'));
    return disks.filter((disk) => childOf(disk, 'readonly') === undefined).map((disk) => attribute(childOf(disk, 'source'), 'file') ?? '');
  }

  /** Pages that running VMs hold, spread over the nodes they are bound to; on one node when it is given. */
  hugePagesInUse(sizeKib: number, onNode?: number): number {
    return [...this.#running.values()].reduce((sum, { live }) => {
      const huge = at(live, 'memoryBacking', 'hugepages');
      if (huge === undefined || Number(attribute(childOf(huge, 'page'), 'size') ?? this.linux.defaultHugePageKib) !== sizeKib) return sum;
      const nodeset = attribute(at(live, 'numatune', 'memory'), 'nodeset');
      const nodes = nodeset === undefined ? this.linux.spec.nodes.map(({ id }) => id) : numbersOf(nodeset);
      const pages = Math.ceil(memoryKibOf(live) / sizeKib);
      return sum + (onNode === undefined ? pages : nodes.includes(onNode) ? Math.ceil(pages / nodes.length) : 0);
    }, 0);
  }

  /** Whether the guest has booted so far that it has an address and listens. */
  isGuestUp(name: string): boolean {
    const run = this.#running.get(name);
    return run !== undefined && run.ending === undefined && this.linux.now() - run.startedMs >= guestBootMs;
  }

  /** Addresses that cards of a guest have from networks of this host. */
  addresses(name: string): { readonly interface: string; readonly mac: string; readonly address: string }[] {
    const run = this.#running.get(name);
    if (run === undefined || !this.isGuestUp(name)) return [];
    return interfacesOf(run.live).flatMap(({ host, mac, network }) => {
      const address = this.networks.lease(network, mac);
      return address === undefined ? [] : [{ interface: host, mac, address }];
    });
  }

  /** The running VM that has this address. */
  guestAt(address: string): string | undefined {
    return [...this.#running.keys()].find((name) => this.addresses(name).some((one) => one.address === address));
  }
}

const domainHasShares = (domain: XmlNode): boolean => childrenOf(at(domain, 'cputune')).some(({ name }) => name === 'cachetune' || name === 'memorytune');

/** Cards of a running domain. */
export const interfacesOf = (live: XmlNode): { readonly host: string; readonly mac: string; readonly network: string; readonly model: string }[] => childrenOf(at(live, 'devices'), 'interface').map((card) => ({
  host: attribute(childOf(card, 'target'), 'dev') ?? '-', mac: attribute(childOf(card, 'mac'), 'address') ?? '', network: attribute(childOf(card, 'source'), 'network') ?? '', model: attribute(childOf(card, 'model'), 'type') ?? '',
}));
