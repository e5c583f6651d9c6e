import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import type { PciSpec } from '../linux/machine-spec.ts';
import { memoryFigures } from '../linux/meminfo.ts';
import { allowedCpus } from '../linux/process-files.ts';
import { loadAverage } from '../linux/proc-tree.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

async function uname(context: ProgramContext): Promise<number> {
  const { kernel } = context.linux;
  const all: Readonly<Record<string, string>> = { s: 'Linux', n: context.linux.hostname, r: kernel.release, v: kernel.version, m: 'x86_64', o: 'GNU/Linux' };
  const { options } = parseOptions(context.args, { short: 'a s n r v m o p i', long: { all: 'a', 'kernel-release': 'r', 'kernel-version': 'v', machine: 'm' } });
  const wanted = options.some(({ name }) => name === 'a') ? Object.keys(all) : options.length === 0 ? ['s'] : Object.keys(all).filter((key) => options.some(({ name }) => name === key));
  await context.out(`${wanted.map((key) => all[key]).join(' ')}\n`);
  return 0;
}

async function nproc(context: ProgramContext): Promise<number> {
  const all = context.args.includes('--all');
  await context.out(`${all ? context.linux.spec.cpus.length : allowedCpus(context.linux, context.process.main).length}\n`);
  return 0;
}

async function identity(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'u g G n r', long: { user: 'u', group: 'g', groups: 'G', name: 'n' } });
  const has = (letter: string): boolean => options.some(({ name }) => name === letter);
  const { accounts } = context.linux;
  const [user] = operands;
  const uid = user === undefined ? context.process.uid : accounts.userId(user);
  if (uid === undefined) return context.fail(`'${user ?? ''}': no such user`);
  // A user by name has the groups of the next log-in; a session keeps those it began with.
  const groups = user === undefined ? [...new Set([context.process.gid, ...context.process.groups])] : accounts.groupsOf(user);
  const groupName = (id: number): string => accounts.groupName(id);
  const text = has('u') ? (has('n') ? context.linux.userName(uid) : String(uid)) : has('g') ? (has('n') ? groupName(groups[0] ?? 0) : String(groups[0])) : has('G') ? groups.map((id) => (has('n') ? groupName(id) : String(id))).join(' ')
    : `uid=${uid}(${context.linux.userName(uid)}) gid=${groups[0] ?? 0}(${groupName(groups[0] ?? 0)}) groups=${groups.map((id) => `${id}(${groupName(id)})`).join(',')}`;
  await context.out(`${text}\n`);
  return 0;
}

async function uptime(context: ProgramContext): Promise<number> {
  const seconds = context.linux.uptimeSeconds();
  const clock = new Date(context.linux.now()).toISOString().slice(11, 19);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = String(Math.floor(seconds / 60) % 60);
  const days = Math.floor(seconds / 86_400);
  const up = `${days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${hours > 0 ? `${hours}:${minutes.padStart(2, '0')}` : `${minutes} min`}`;
  await context.out(context.args.includes('-s') ? `${new Date(context.linux.bootedAtMs).toISOString().slice(0, 19).replace('T', ' ')}\n` : ` ${clock} up ${up},  1 user,  load average: ${loadAverage(context.linux).map((value) => value.toFixed(2)).join(', ')}\n`);
  return 0;
}

async function free(context: ProgramContext): Promise<number> {
  const memory = memoryFigures(context.linux);
  const divisor = context.args.some((arg) => arg.includes('g')) ? 1_048_576 : context.args.some((arg) => arg.includes('m')) ? 1024 : 1;
  const humanly = context.args.some((arg) => arg.includes('h'));
  const cell = (kib: number): string => (humanly ? `${(kib / 1_048_576).toFixed(kib > 10_485_760 ? 0 : 1)}Gi` : String(Math.floor(kib / divisor))).padStart(12);
  const used = memory.totalKib - memory.freeKib - memory.cachedKib;
  await context.out(`${['total', 'used', 'free', 'shared', 'buff/cache', 'available'].map((name) => name.padStart(12)).join('').padStart(79)}\nMem:   ${[memory.totalKib, used, memory.freeKib, 1632, memory.cachedKib, memory.availableKib].map(cell).join('')}\nSwap:  ${[0, 0, 0].map(cell).join('')}\n`);
  return 0;
}

async function dmesg(context: ProgramContext): Promise<number> {
  if (context.process.uid !== 0 && context.linux.sysctls.get('kernel.dmesg_restrict') !== '0') return (await context.err('dmesg: read kernel buffer failed: Operation not permitted\n'), 1);
  await context.out(context.linux.messages.map(({ atSeconds, text }) => `[${atSeconds.toFixed(6).padStart(12)}] ${text}\n`).join(''));
  return 0;
}

function pciRecord(device: PciSpec): string {
  return [
    `Slot:\t0000:${device.address}`, `Class:\t${device.className} [${device.classCode}]`, `Vendor:\t${device.vendor} [${device.vendorId}]`, `Device:\t${device.device} [${device.deviceId}]`,
    ...(device.driver === undefined ? [] : [`Driver:\t${device.driver}`, `Module:\t${device.driver}`]), `NUMANode:\t${device.node ?? 0}`, '', '',
  ].join('\n');
}

function pciVerbose(context: ProgramContext, device: PciSpec, numbers: boolean, domain: boolean): string {
  const ids = numbers ? [` [${device.classCode}]`, ` [${device.vendorId}:${device.deviceId}]`] : ['', ''];
  const msix = (device.interrupts?.length ?? 0) > 0;
  return [
    `${domain ? '0000:' : ''}${device.address} ${device.className}${ids[0] ?? ''}: ${device.vendor} ${device.device}${ids[1] ?? ''}`,
    '\tControl: I/O- Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr+ Stepping- SERR+ FastB2B- DisINTx+',
    ...(device.node === undefined ? [] : [`\tNUMA node: ${device.node}`]),
    ...(context.process.uid === 0
      ? [...(msix ? ['\tCapabilities: [70] MSI-X: Enable+ Count=64 Masked-'] : []), ...(device.capabilities ?? ['[40] Express (v2) Root Complex Integrated Endpoint']).map((text) => `\tCapabilities: ${text}`)]
      : ['\tCapabilities: <access denied>']),
    ...(device.driver === undefined ? [] : [`\tKernel driver in use: ${device.driver}`, `\tKernel modules: ${device.driver}`]), '', '',
  ].join('\n');
}

async function lspci(context: ProgramContext): Promise<number> {
  const flags = new Set(context.args.filter((arg) => arg.startsWith('-')).join('').replaceAll('-', ''));
  const slot = context.args[context.args.indexOf('-s') + 1];
  const devices = context.linux.spec.pci.filter((device) => !context.args.includes('-s') || device.address === slot?.replace(/^0000:/, ''));
  const brief = (device: PciSpec): string => `${flags.has('D') ? '0000:' : ''}${device.address} ${flags.has('n') && !context.args.join('').includes('nn') ? `${device.classCode}: ${device.vendorId}:${device.deviceId}` : `${device.className}${flags.has('n') ? ` [${device.classCode}]` : ''}: ${device.vendor} ${device.device}${flags.has('n') ? ` [${device.vendorId}:${device.deviceId}]` : ''}`}\n${flags.has('k') && device.driver !== undefined ? `\tKernel driver in use: ${device.driver}\n` : ''}`;
  await context.out(devices.map((device) => (flags.has('m') ? pciRecord(device) : flags.has('v') ? pciVerbose(context, device, flags.has('n'), flags.has('D')) : brief(device))).join(''));
  return 0;
}

async function date(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'u d: R I:: s:', long: { utc: 'u', date: 'd:', 'iso-8601': 'I::' } });
  const asked = options.find(({ name }) => name === 'd')?.value;
  const epoch = /^@(\d+)/.exec(asked ?? '')?.[1];
  const milliseconds = epoch === undefined ? context.linux.now() : Number(epoch) * 1000;
  const now = new Date(milliseconds);
  const iso = now.toISOString();
  const [day = '', dayNumber = '', month = '', year = ''] = now.toUTCString().replace(',', '').split(' ');
  const words: Readonly<Record<string, string>> = {
    s: String(Math.floor(milliseconds / 1000)), N: `${String(Math.floor(milliseconds % 1000)).padStart(3, '0')}${String(Math.floor(context.linux.random() * 1e6)).padStart(6, '0')}`, Y: year, m: iso.slice(5, 7), d: iso.slice(8, 10),
    H: iso.slice(11, 13), M: iso.slice(14, 16), S: iso.slice(17, 19), F: iso.slice(0, 10), T: iso.slice(11, 19), z: '+0000', Z: 'UTC', a: day, b: month, e: dayNumber.replace(/^0/, ' '), y: year.slice(2), j: '001', R: iso.slice(11, 16), n: '\n', '%': '%',
  };
  const format = operands.find((operand) => operand.startsWith('+'))?.slice(1);
  await context.out(format === undefined ? `${day} ${month} ${words['e'] ?? ''} ${words['T'] ?? ''} UTC ${year}\n` : `${format.replace(/%[-_0]?([a-zA-Z%])/g, (all, letter: string) => words[letter] ?? all)}\n`);
  return 0;
}

async function numactl(context: ProgramContext): Promise<number> {
  if (!context.args.some((arg) => arg === '-H' || arg === '--hardware')) {
    const { operands } = parseOptions(context.args, { short: 'N: m: C: l i:', long: { cpunodebind: 'N:', membind: 'm:', physcpubind: 'C:', localalloc: 'l' }, untilOperand: true });
    return context.exec(operands);
  }
  const { nodes, cpus } = context.linux.spec;
  const rows = nodes.flatMap((node) => {
    const memory = memoryFigures(context.linux, node.id);
    return [`node ${node.id} cpus: ${cpus.filter((cpu) => cpu.node === node.id && context.linux.online.includes(cpu.cpu)).map(({ cpu }) => cpu).join(' ')}`, `node ${node.id} size: ${Math.floor(memory.totalKib / 1024)} MB`, `node ${node.id} free: ${Math.floor(memory.freeKib / 1024)} MB`];
  });
  await context.out(`available: ${nodes.length} nodes (${formatCpuList(nodes.map(({ id }) => id))})\n${rows.join('\n')}\nnode distances:\nnode   ${nodes.map(({ id }) => String(id)).join('   ')} \n${nodes.map((node) => `  ${node.id}:  ${node.distances.split(' ').join('  ')} \n`).join('')}`);
  return 0;
}

const simple = (name: string, run: Program['run']): Program => ({ path: `/usr/bin/${name}`, run });
const says = (text: (context: ProgramContext) => string, status = 0) => async (context: ProgramContext): Promise<number> => {
  await context.out(text(context));
  return status;
};

export const machineInfoPrograms: readonly Program[] = [
  simple('uname', uname), simple('nproc', nproc), simple('id', identity), simple('uptime', uptime), simple('free', free), simple('dmesg', dmesg), simple('lspci', lspci),
  simple('date', date), simple('numactl', numactl),
  simple('arch', says(() => 'x86_64\n')), simple('hostname', says(({ linux }) => `${linux.hostname}\n`)), simple('whoami', says(({ linux, process }) => `${linux.userName(process.uid)}\n`)),
  simple('groups', says(({ linux, process }) => `${[...new Set([process.gid, ...process.groups])].map((id) => linux.accounts.groupName(id)).join(' ')}\n`)), simple('tty', async (context) => {
    const { terminal } = context.process;
    await context.out(terminal === undefined ? 'not a tty\n' : `/dev/${terminal.name}\n`);
    return terminal === undefined ? 1 : 0;
  }),
  simple('systemd-detect-virt', says(() => 'none\n', 1)), simple('who', says(({ linux }) => `rt       pts/0        ${new Date(linux.now()).toISOString().slice(0, 16).replace('T', ' ')} (127.0.0.1)\n`)),
  simple('getconf', says(({ linux, args }) => `${({ CLK_TCK: 100, PAGESIZE: 4096, PAGE_SIZE: 4096, _NPROCESSORS_ONLN: linux.online.length, _NPROCESSORS_CONF: linux.spec.cpus.length, LONG_BIT: 64 } as Readonly<Record<string, number>>)[args[0] ?? ''] ?? 'undefined'}\n`)),
  simple('lsblk', says(() => 'NAME        MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS\nnvme0n1     259:0    0 447.1G  0 disk \n├─nvme0n1p1 259:1    0   512M  0 part /boot/efi\n└─nvme0n1p2 259:2    0 446.6G  0 part /\n'.replace(/[├─└]/g, (mark) => Buffer.from(mark, 'utf8').toString('latin1')))),
  simple('ip', says(() => '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    inet 127.0.0.1/8 scope host lo\n2: eno1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000\n    inet 192.168.1.50/24 brd 192.168.1.255 scope global eno1\n')),
];
