import { formatNode, at } from '../../libvirt/xml-node.ts';
import type { Networks } from '../../libvirt/networks.ts';
import { LibvirtError } from '../../libvirt/libvirt-error.ts';
import { fileOf, toText, VirshFailure, type VirshCall, type VirshCommand } from './virsh-call.ts';

function networkOf(call: VirshCall): string {
  const word = call.operands[0] ?? '';
  try {
    if (call.session) throw new LibvirtError(`Network not found: no network with matching name '${word}'`);
    return call.hypervisor.networks.find(word);
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    throw new VirshFailure([`failed to get network '${word}'`, error.message]);
  }
}

const list: VirshCommand = {
  operands: [], options: ['all', 'inactive', 'name', 'uuid', 'table', 'persistent', 'transient', 'autostart', 'no-autostart'],
  run: async (call) => {
    const { networks } = call.hypervisor;
    const wanted = (name: string): boolean => (call.has('all') || networks.isActive(name) !== call.has('inactive')) && (!call.has('autostart') || networks.files.isAutostart(name));
    const names = call.session ? [] : networks.names().filter(wanted);
    if (call.has('name')) return call.print(names.map((name) => `${name}\n`).join(''));
    const yes = (value: boolean): string => (value ? 'yes' : 'no');
    return call.table(['Name', 'State', 'Autostart', 'Persistent'], names.map((name) => [name, networks.isActive(name) ? 'active' : 'inactive', yes(networks.files.isAutostart(name)), yes(networks.isPersistent(name))]));
  },
};

const info: VirshCommand = {
  operands: ['network'], options: [],
  run: async (call) => {
    const { networks } = call.hypervisor;
    const name = networkOf(call);
    const yes = (value: boolean): string => (value ? 'yes' : 'no');
    const rows: readonly (readonly [string, string])[] = [['Name', name], ['UUID', at(networks.xml(name, true), 'uuid')?.text ?? ''], ['Active', yes(networks.isActive(name))], ['Persistent', yes(networks.isPersistent(name))], ['Autostart', yes(networks.files.isAutostart(name))], ['Bridge', networks.bridgeOf(name)]];
    await call.print(rows.map(([key, value]) => `${`${key}:`.padEnd(15)} ${value}\n`).join(''));
  },
};

const act = (changes: string, verb: string, done: string, perform: (networks: Networks, name: string) => void): VirshCommand => ({
  operands: ['network'], options: [], changes, trouble: ([network = '']) => `Failed to ${verb} network ${network}`,
  run: async (call) => {
    const name = networkOf(call);
    perform(call.hypervisor.networks, name);
    await call.say(`Network ${name} ${done}\n`);
  },
});

const leases: VirshCommand = {
  operands: ['network', '[mac]'], options: ['mac:'],
  run: async (call) => {
    const name = networkOf(call);
    const { hypervisor } = call;
    const rows = hypervisor.names().flatMap((domain) => hypervisor.addresses(domain).filter(({ address }) => address.startsWith((at(hypervisor.networks.xml(name, false), 'ip')?.attributes.get('address') ?? '').replace(/\d+$/, '')))
      .map(({ mac, address }) => ` ${new Date(hypervisor.linux.now() + 3_600_000).toISOString().slice(0, 19).replace('T', ' ')}   ${mac}   ipv4       ${`${address}/24`.padEnd(20)} ${domain.padEnd(10)} -\n`));
    await call.print(` Expiry Time           MAC address         Protocol   IP address           Hostname   Client ID or DUID\n${'-'.repeat(95)}\n${rows.join('')}`);
  },
};

export const networkCommands: Readonly<Record<string, VirshCommand>> = {
  'net-list': list, 'net-info': info, 'net-dhcp-leases': leases,
  'net-dumpxml': { operands: ['network'], options: ['inactive', 'xpath:'], run: async (call) => {
    const xml = call.hypervisor.networks.xml(networkOf(call), call.has('inactive'));
    await call.print(xml === undefined ? '' : formatNode(xml));
  } },
  'net-uuid': { operands: ['network'], options: [], run: async (call) => call.print(`${at(call.hypervisor.networks.xml(networkOf(call), true), 'uuid')?.text ?? ''}\n`) },
  'net-define': {
    operands: ['file'], options: ['validate'], changes: 'virNetworkDefineXML', trouble: ([file = '']) => `Failed to define network from ${toText(file)}`,
    run: async (call) => call.say(`Network ${call.hypervisor.networks.define(await fileOf(call), call.hypervisor)} defined from ${call.operands[0] ?? ''}\n`),
  },
  'net-start': act('virNetworkCreate', 'start', 'started', (networks, name) => networks.start(name)),
  'net-destroy': act('virNetworkDestroy', 'destroy', 'destroyed', (networks, name) => networks.destroy(name)),
  'net-undefine': act('virNetworkUndefine', 'undefine', 'has been undefined', (networks, name) => networks.undefine(name)),
  'net-autostart': {
    operands: ['network'], options: ['disable'], changes: 'virNetworkSetAutostart', trouble: ([network = '']) => `failed to mark network ${network} as autostarted`,
    run: async (call) => {
      const name = networkOf(call);
      call.hypervisor.networks.files.setAutostart(name, !call.has('disable'));
      await call.say(`Network ${name} ${call.has('disable') ? 'unmarked' : 'marked'} as autostarted\n`);
    },
  },
};
