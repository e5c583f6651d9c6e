import { addChild } from '../libvirt/domain-shape.ts';
import { imageAt } from '../libvirt/disk-image.ts';
import { LibvirtError } from '../libvirt/libvirt-error.ts';
import { systemNames } from '../libvirt/osinfo.ts';
import { formatNode, node, type XmlNode } from '../libvirt/xml-node.ts';
import type { Program, ProgramContext } from './program.ts';
import { toBytes, toText } from './virsh/virsh-call.ts';

/** What virt-install was asked for: values of options that may stand often, and switches. */
class Request {
  readonly #values = new Map<string, string[]>();

  constructor(words: readonly string[]) {
    const rest = [...words];
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      const equals = word.indexOf('=');
      const name = (equals > 0 && word.startsWith('--') ? word.slice(0, equals) : word).replace(/^--?/, '');
      const key = ({ n: 'name', 'os-variant': 'osinfo', ram: 'memory', w: 'network', f: 'disk', c: 'cdrom' } as Readonly<Record<string, string>>)[name] ?? name;
      const value = equals > 0 && word.startsWith('--') ? word.slice(equals + 1) : switches.has(key) ? '' : rest.shift() ?? '';
      this.#values.set(key, [...this.#values.get(key) ?? [], value]);
    }
  }

  all(key: string): readonly string[] {
    return this.#values.get(key) ?? [];
  }

  value(key: string): string | undefined {
    return this.all(key).at(-1);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }
}

const switches = new Set(['import', 'noautoconsole', 'print-xml', 'dry-run', 'noreboot', 'autostart', 'transient', 'quiet', 'q', 'hvm', 'debug', 'd', 'version', 'paravirt', 'reinstall', 'destroy-on-exit']);

/** `path=/x,format=qcow2`; a comma in a value is written twice. The first word may stand without its name. */
function parts(text: string, first: string): ReadonlyMap<string, string> {
  const words = text.split(/(?<!,),(?!,)/).map((word) => word.replaceAll(',,', ',')).filter((word) => word !== '');
  return new Map(words.map((word, index) => (word.includes('=') ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [index === 0 ? first : word, word])));
}

async function virtInstall(context: ProgramContext): Promise<number> {
  const { linux } = context;
  const request = new Request(context.args.map(toText));
  const fail = async (text: string): Promise<number> => (await context.err(`ERROR    ${toBytes(text)}\n`), 1);
  if (request.has('version')) return (await context.out('4.1.0\n'), 0);
  if (request.value('osinfo') === 'list') return (await context.out(systemNames(linux).map((names) => `${names.join(', ')}\n`).join('')), 0);
  if (linux.hypervisor.daemon === undefined) return fail("Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory");
  if (context.process.uid !== 0 && !context.process.groups.includes(linux.accounts.groupId('libvirt') ?? -1)) return fail("Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied");
  const name = request.value('name') ?? '';
  if (name === '') return fail('\n--name is required');
  const osinfo = parts(request.value('osinfo') ?? '', 'name');
  const system = osinfo.get('name');
  if (system === undefined && osinfo.get('require') !== 'off') {
    return fail('\n--os-variant/--osinfo OS name is required, but no value was\nset or detected.\n\nThis is now a fatal error. Specifying an OS name is required\nfor modern, performant, and secure virtual machine defaults.\n\nYou can see a full list of possible OS name values with:\n\n   virt-install --osinfo list\n');
  }
  if (system !== undefined && !systemNames(linux).some((names) => names.includes(system))) return fail(`Unknown OS name '${system}'. See \`--osinfo list\` for valid values.`);
  if (linux.hypervisor.find(name) !== undefined) return fail(`Guest name '${name}' is already in use.`);
  for (const disk of request.all('disk')) {
    const wanted = parts(disk, 'path');
    const path = wanted.get('path');
    if (path !== undefined && imageAt(linux, toBytes(path)) === undefined && !wanted.has('size')) return fail(`Error: --disk ${disk}: Size must be specified for non existent volume '${path.split('/').at(-1) ?? ''}'`);
  }
  for (const network of request.all('network').map((text) => parts(text, 'network').get('network'))) {
    if (network !== undefined && !linux.hypervisor.networks.names().includes(network)) return fail(`Error validating install location: Network not found: no network with matching name '${network}'`);
  }
  const xml = formatNode(domainFor(request, name));
  if (request.has('print-xml')) return (await context.out(toBytes(xml)), 0);
  try {
    if (request.has('dry-run')) return (await context.out('\nStarting install...\nDry run completed successfully\n'), 0);
    await context.out('\nStarting install...\nCreating domain...\n');
    linux.hypervisor.define(xml, false);
    linux.hypervisor.start(name);
    if (request.has('autostart')) linux.hypervisor.definitions.setAutostart(name, true);
    await context.out('Domain creation completed.\n');
    return 0;
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    return fail(`${error.message}\nDomain installation does not appear to have been successful.\nIf it was, you can restart your domain by running:\n  virsh --connect qemu:///system start ${name}\notherwise, please restart your installation.`);
  }
}

function domainFor(request: Request, name: string): XmlNode {
  const memory = String(Number(parts(request.value('memory') ?? '1024', 'memory').get('memory') ?? '1024') * 1024);
  const vcpus = parts(request.value('vcpus') ?? '1', 'vcpus');
  const cpu = parts(request.value('cpu') ?? 'host-model', 'mode');
  const features = parts(request.value('features') ?? '', 'acpi');
  const uuid = parts(request.value('metadata') ?? '', 'name').get('uuid');
  const system = parts(request.value('osinfo') ?? '', 'name').get('name');
  const mode = cpu.get('mode') ?? 'host-passthrough';
  const cpuset = vcpus.get('cpuset');
  const state = (feature: string): string | undefined => features.get(feature) ?? features.get(`${feature}.state`);
  return node('domain', { type: request.value('virt-type') ?? 'kvm' }, [
    node('name', {}, [], name), ...(uuid === undefined ? [] : [node('uuid', {}, [], uuid)]),
    ...(system === undefined ? [] : [node('metadata', {}, [node('libosinfo:libosinfo', { 'xmlns:libosinfo': 'http://libosinfo.org/xmlns/libvirt/domain/1.0' }, [node('libosinfo:os', { id: `http://libosinfo.org/${system.replace(/^(\D+)(.*)$/, '$1/$2')}` })])])]),
    node('memory', {}, [], memory), node('currentMemory', {}, [], memory), node('vcpu', cpuset === undefined ? {} : { cpuset }, [], vcpus.get('vcpus') ?? '1'),
    node('os', {}, [node('type', { arch: 'x86_64', machine: request.value('machine') ?? 'q35' }, [], 'hvm'), node('boot', { dev: 'hd' })]),
    node('features', {}, [node('acpi'), node('apic'), ...(state('pmu') === undefined ? [] : [node('pmu', { state: state('pmu') ?? 'on' })]), node('vmport', { state: state('vmport') ?? 'off' })]),
    node('cpu', { mode, ...(cpu.has('check') ? { check: cpu.get('check') ?? 'none' } : {}) }),
    node('clock', { offset: 'utc' }, [node('timer', { name: 'rtc', tickpolicy: 'catchup' }), node('timer', { name: 'pit', tickpolicy: 'delay' }), node('timer', { name: 'hpet', present: 'no' })]),
    node('pm', {}, [node('suspend-to-mem', { enabled: 'no' }), node('suspend-to-disk', { enabled: 'no' })]), devicesFor(request),
  ]);
}

function devicesFor(request: Request): XmlNode {
  const devices = node('devices', {}, [node('emulator', {}, [], '/usr/bin/qemu-system-x86_64')]);
  const add = (device: XmlNode): void => addChild(devices, device, 'domain/devices');
  const disks = request.all('disk').filter((text) => text !== 'none').map((text) => parts(text, 'path'));
  for (const [index, disk] of disks.entries()) {
    const cdrom = disk.get('device') === 'cdrom';
    add(node('disk', { type: 'file', device: cdrom ? 'cdrom' : 'disk' }, [
      node('driver', { name: 'qemu', type: disk.get('format') ?? (disk.get('path')?.endsWith('.qcow2') === true ? 'qcow2' : 'raw') }), node('source', { file: disk.get('path') ?? '' }),
      node('target', { dev: `${cdrom ? 'sd' : 'vd'}${String.fromCharCode(97 + index)}`, bus: disk.get('bus') ?? (cdrom ? 'sata' : 'virtio') }), ...(disk.get('readonly') === 'on' || cdrom ? [node('readonly')] : []),
    ]));
  }
  add(node('controller', { type: 'usb', model: 'qemu-xhci', ports: 15 }));
  for (const text of request.all('network').filter((one) => one !== 'none')) {
    const network = parts(text, 'network');
    add(node('interface', { type: 'network' }, [...(network.has('mac') ? [node('mac', { address: network.get('mac') ?? '' })] : []), node('source', { network: network.get('network') ?? 'default' }), node('model', { type: network.get('model') ?? 'virtio' })]));
  }
  add(node('console', { type: 'pty' }, [node('target', { type: 'serial' })]));
  add(node('channel', { type: 'unix' }, [node('source', { mode: 'bind' }), node('target', { type: 'virtio', name: 'org.qemu.guest_agent.0' })]));
  const graphics = parts(request.value('graphics') ?? 'spice', 'type').get('type') ?? 'spice';
  if (graphics !== 'none') {
    for (const device of [node('input', { type: 'tablet', bus: 'usb' }), node('graphics', { type: graphics, autoport: 'yes' }), node('sound', { model: 'ich9' }), node('video', {}, [node('model', { type: graphics === 'spice' ? 'qxl' : 'vga' })])]) add(device);
  }
  add(node('memballoon', { model: parts(request.value('memballoon') ?? 'virtio', 'model').get('model') ?? 'virtio' }));
  if (request.value('rng') !== 'none') add(node('rng', { model: 'virtio' }, [node('backend', { model: 'random' }, [], '/dev/urandom')]));
  return devices;
}

export const virtInstallProgram: Program = { path: '/usr/bin/virt-install', run: virtInstall };
