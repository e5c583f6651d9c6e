import { formatNode, at, attribute, childOf, childrenOf, type XmlNode } from '../../libvirt/xml-node.ts';
import { memoryKibOf, nameOf, uuidOf, vcpusOf } from '../../libvirt/domain-numbers.ts';
import { interfacesOf } from '../../libvirt/hypervisor.ts';
import { removeImages } from '../../libvirt/remove-images.ts';
import { console } from './console.ts';
import { domainOf, fileOf, VirshFailure, type VirshCall, type VirshCommand } from './virsh-call.ts';

const list: VirshCommand = {
  operands: [], options: ['all', 'inactive', 'name', 'uuid', 'id', 'table', 'autostart', 'no-autostart', 'persistent', 'transient', 'state-running', 'state-shutoff', 'state-paused', 'state-other', 'title', 'managed-save'],
  run: async (call) => {
    const { hypervisor, has } = call;
    const runs = (name: string): boolean => hypervisor.running(name) !== undefined;
    const wanted = (name: string): boolean => (has('all') || (has('inactive') || has('state-shutoff') ? !runs(name) : runs(name)))
      && (!has('autostart') || hypervisor.definitions.isAutostart(name)) && (!has('no-autostart') || !hypervisor.definitions.isAutostart(name))
      && (!has('persistent') || hypervisor.isPersistent(name)) && (!has('transient') || !hypervisor.isPersistent(name));
    const names = call.session ? [] : hypervisor.names().filter(wanted);
    if (has('name')) return call.print(names.map((name) => `${name}\n`).join(''));
    if (has('uuid')) return call.print(names.map((name) => `${uuidOf(hypervisor.xml(name, true))}\n`).join(''));
    if (has('id')) return call.print(names.map((name) => `${hypervisor.running(name)?.id ?? '-'}\n`).join(''));
    return call.table(['Id', 'Name', 'State'], names.map((name) => [String(hypervisor.running(name)?.id ?? '-'), name, hypervisor.state(name).state]));
  },
};

const dominfo: VirshCommand = {
  operands: ['domain'], options: [],
  run: async (call) => {
    const { hypervisor } = call;
    const name = domainOf(call);
    const run = hypervisor.running(name);
    const domain = hypervisor.xml(name, false);
    const rows: readonly (readonly [string, string | number])[] = [
      ['Id', run?.id ?? '-'], ['Name', name], ['UUID', uuidOf(domain)], ['OS Type', 'hvm'], ['State', hypervisor.state(name).state], ['CPU(s)', vcpusOf(domain)],
      ...(run === undefined ? [] : [['CPU time', `${((hypervisor.linux.now() - run.startedMs) / 20_000 + 0.2).toFixed(1)}s`] as const]),
      ['Max memory', `${memoryKibOf(domain)} KiB`], ['Used memory', `${at(domain, 'currentMemory')?.text ?? ''} KiB`], ['Persistent', hypervisor.isPersistent(name) ? 'yes' : 'no'],
      ['Autostart', hypervisor.definitions.isAutostart(name) ? 'enable' : 'disable'], ['Managed save', 'no'], ['Security model', 'none'], ['Security DOI', 0],
    ];
    await call.print(rows.map(([key, value]) => `${`${key}:`.padEnd(15)} ${value}\n`).join(''));
  },
};

const dumpxml: VirshCommand = {
  operands: ['domain'], options: ['inactive', 'security-info', 'update-cpu', 'migratable', 'xpath:', 'wrap'],
  run: async (call) => {
    const domain = call.hypervisor.xml(domainOf(call), call.has('inactive'));
    const path = call.value('xpath');
    if (path === undefined) return call.print(formatNode(domain));
    const parts = path.split('/').filter((part) => part !== '' && part !== 'domain');
    const found = parts.reduce<XmlNode[]>((nodes, part) => nodes.flatMap((one) => childrenOf(one, part)), [domain]);
    return call.print(found.map((one) => formatNode(one)).join(''));
  },
};

const define: VirshCommand = {
  operands: ['file'], options: ['validate'], changes: 'virDomainDefineXML', trouble: ([file = '']) => `Failed to define domain from ${file}`,
  run: async (call) => {
    const name = call.hypervisor.define(await fileOf(call), call.has('validate'));
    await call.say(`Domain '${name}' defined from ${call.operands[0] ?? ''}\n`);
  },
};

const undefine: VirshCommand = {
  operands: ['domain'], options: ['managed-save', 'nvram', 'keep-nvram', 'snapshots-metadata', 'checkpoints-metadata', 'remove-all-storage', 'storage:', 'delete-storage-volume-snapshots', 'tpm', 'keep-tpm'],
  changes: 'virDomainUndefine', trouble: ([domain = '']) => `Failed to undefine domain '${domain}'`,
  run: async (call) => {
    const name = domainOf(call);
    const disks = childrenOf(at(call.hypervisor.xml(name, true), 'devices'), 'disk').map((disk) => ({ target: attribute(childOf(disk, 'target'), 'dev') ?? '', path: attribute(childOf(disk, 'source'), 'file') ?? '' }));
    const named = call.value('storage')?.split(',');
    if ((named !== undefined || call.has('remove-all-storage')) && call.hypervisor.running(name) !== undefined) throw new VirshFailure(['Storage volume deletion is supported only on stopped domains']);
    call.hypervisor.undefine(name);
    await call.say(`Domain '${name}' has been undefined\n`);
    const removed = removeImages(call.hypervisor.linux, disks.filter(({ target, path }) => path !== '' && (call.has('remove-all-storage') || named?.some((one) => one === target || one === path) === true)));
    await call.print(removed);
  },
};

/** Acts on one domain and says that it is done. */
const act = (changes: string, trouble: string, done: string, perform: (call: VirshCall, name: string) => void, options: readonly string[] = []): VirshCommand => ({
  operands: ['domain'], options, changes, trouble: ([domain = '']) => `Failed to ${trouble} domain '${domain}'`,
  run: async (call) => {
    const name = domainOf(call);
    perform(call, name);
    await call.say(`Domain '${name}' ${done}\n`);
  },
});

const start: VirshCommand = {
  ...act('virDomainCreate', 'start', 'started', ({ hypervisor }, name) => {
    if (hypervisor.running(name) !== undefined) throw new VirshFailure(['Domain is already active']);
    hypervisor.start(name);
  }, ['paused', 'autodestroy', 'bypass-cache', 'force-boot', 'console', 'reset-nvram']),
};

const shutdown = act('virDomainShutdown', 'shutdown', 'is being shutdown', ({ hypervisor }, name) => hypervisor.shutdown(name), ['mode:']);
const destroy = act('virDomainDestroy', 'destroy', 'destroyed', ({ hypervisor }, name) => hypervisor.destroy(name), ['graceful', 'remove-logs']);
const reboot = act('virDomainReboot', 'reboot', 'is being rebooted', ({ hypervisor }, name) => hypervisor.reboot(name), ['mode:']);
const reset = act('virDomainReset', 'reset', 'was reset', ({ hypervisor }, name) => hypervisor.reboot(name));

const autostart: VirshCommand = {
  operands: ['domain'], options: ['disable'], changes: 'virDomainSetAutostart', trouble: ([domain = '']) => `Failed to mark domain '${domain}' as autostarted`,
  run: async (call) => {
    const name = domainOf(call);
    if (!call.hypervisor.isPersistent(name)) throw new VirshFailure([`Failed to mark domain '${name}' as autostarted`, 'Requested operation is not valid: cannot set autostart for transient domain']);
    call.hypervisor.definitions.setAutostart(name, !call.has('disable'));
    await call.say(`Domain '${name}' ${call.has('disable') ? 'unmarked' : 'marked'} as autostarted\n`);
  },
};

const domifaddr: VirshCommand = {
  operands: ['domain', '[interface]'], options: ['full', 'source:'], trouble: () => 'Failed to query for interfaces addresses',
  run: async (call) => {
    const name = domainOf(call);
    const run = call.hypervisor.running(name);
    if (run === undefined) throw new VirshFailure(['Failed to query for interfaces addresses', 'Requested operation is not valid: domain is not running']);
    if (call.value('source') === 'agent') throw new VirshFailure(['Failed to query for interfaces addresses', 'argument unsupported: QEMU guest agent is not configured']);
    // What answers on the network is in the host's neighbour table too.
    const rows = call.hypervisor.addresses(name).map(({ interface: host, mac, address }) => ` ${host.padEnd(10)} ${mac.padEnd(20)} ipv4         ${address}/${call.value('source') === 'arp' ? 0 : 24}\n`);
    await call.say(` Name       MAC address          Protocol     Address\n${'-'.repeat(79)}\n`);
    await call.print(rows.join(''));
  },
};

const domiflist: VirshCommand = {
  operands: ['domain'], options: ['inactive'],
  run: async (call) => call.table(['Interface', 'Type', 'Source', 'Model', 'MAC'], interfacesOf(call.hypervisor.xml(domainOf(call), call.has('inactive'))).map(({ host, mac, network, model }) => [host, 'network', network, model, mac])),
};

const domblklist: VirshCommand = {
  operands: ['domain'], options: ['inactive', 'details'],
  run: async (call) => {
    const disks = childrenOf(at(call.hypervisor.xml(domainOf(call), call.has('inactive')), 'devices'), 'disk');
    const row = (disk: XmlNode): string[] => [attribute(childOf(disk, 'target'), 'dev') ?? '', attribute(childOf(disk, 'source'), 'file') ?? '-'];
    const details = call.has('details');
    await call.table(details ? ['Type', 'Device', 'Target', 'Source'] : ['Target', 'Source'], disks.map((disk) => [...(details ? [attribute(disk, 'type') ?? '', attribute(disk, 'device') ?? ''] : []), ...row(disk)]));
  },
};

/** One fact of a domain. */
const fact = (tell: (call: VirshCall, name: string) => string, options: readonly string[] = []): VirshCommand => ({ operands: ['domain'], options, run: async (call) => call.print(`${tell(call, domainOf(call))}\n`) });

const change: VirshCommand = {
  operands: ['domain', 'target'], options: ['eject', 'config', 'live', 'current', 'force', 'insert', 'update'], changes: 'virDomainUpdateDeviceFlags',
  run: async (call) => {
    const name = domainOf(call);
    const { hypervisor } = call;
    const eject = (domain: XmlNode): void => {
      for (const disk of childrenOf(at(domain, 'devices'), 'disk')) if (attribute(childOf(disk, 'target'), 'dev') === call.operands[1]) disk.children = disk.children.filter(({ name: one }) => one !== 'source');
    };
    const run = hypervisor.running(name);
    if (run !== undefined && !call.has('config')) eject(run.live);
    if (call.has('config') || run === undefined) {
      const domain = hypervisor.xml(name, true);
      eject(domain);
      hypervisor.definitions.write(name, formatNode(domain), `virsh edit ${name}`);
    }
    await call.say('Successfully ejected media.\n');
  },
};

export const domainCommands: Readonly<Record<string, VirshCommand>> = {
  list, dominfo, dumpxml, define, undefine, start, shutdown, destroy, reboot, reset, autostart, domifaddr, domiflist, domblklist, console, 'change-media': change,
  domuuid: fact(({ hypervisor }, name) => uuidOf(hypervisor.xml(name, true))), domname: fact((_call, name) => name), domid: fact(({ hypervisor }, name) => String(hypervisor.running(name)?.id ?? '-')),
  domstate: fact(({ hypervisor, has }, name) => {
    const { state, reason } = hypervisor.state(name);
    return has('reason') ? `${state} (${reason})` : state;
  }, ['reason']),
  ttyconsole: fact(({ hypervisor }, name) => hypervisor.running(name)?.terminal ?? ''),
  create: {
    operands: ['file'], options: ['validate', 'paused', 'console', 'autodestroy'], changes: 'virDomainCreateXML', trouble: ([file = '']) => `Failed to create domain from ${file}`,
    run: async (call) => {
      const name = call.hypervisor.define(await fileOf(call), call.has('validate'));
      try {
        call.hypervisor.start(name);
      } finally {
        call.hypervisor.undefine(name);
      }
      await call.say(`Domain '${nameOf(call.hypervisor.xml(name, false))}' created from ${call.operands[0] ?? ''}\n`);
    },
  },
};
