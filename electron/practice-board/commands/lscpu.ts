import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import { cacheId, cachesOf } from '../linux/sys-cpu-tree.ts';
import type { CacheSpec, CpuSpec } from '../linux/machine-spec.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

const cacheName = (cache: CacheSpec): string => `L${cache.level}${cache.type === 'Data' ? 'd' : cache.type === 'Instruction' ? 'i' : ''}`;

async function lscpu(context: ProgramContext): Promise<number> {
  const { options } = parseOptions(context.args, { short: 'p:: e:: J a b c B C', long: { parse: 'p::', extended: 'e::', json: 'J', all: 'a' } });
  const option = (name: string) => options.find((one) => one.name === name);
  if (option('p') !== undefined) await context.out(parsable(context, option('p')?.value?.replace(/^=/, '')));
  else if (option('e') !== undefined) await context.out(extended(context));
  else {
    const rows = summary(context);
    await context.out(option('J') === undefined ? rows.map(([field, value]) => `${`${field}:`.padEnd(41)}${value}\n`).join('')
      : `${JSON.stringify({ lscpu: rows.map(([field, data]) => ({ field: `${field}:`, data })) }, null, 3)}\n`);
  }
  return 0;
}

function summary(context: ProgramContext): [string, string][] {
  const { spec, online } = context.linux;
  const { cpu: model, cpus } = spec;
  const present = cpus.filter((one) => online.includes(one.cpu));
  const sockets = new Set(cpus.map((one) => one.socket)).size;
  const coreKey = (one: CpuSpec): string => `${one.socket} ${one.kind ?? ''} ${one.core}`;
  const cores = new Set(present.map(coreKey)).size;
  const threads = Math.max(...present.map((one) => present.filter((other) => coreKey(other) === coreKey(one)).length));
  const offline = cpus.map((one) => one.cpu).filter((one) => !online.includes(one));
  const size = (kib: number): string => (kib >= 1024 ? `${Number((kib / 1024).toFixed(1))} MiB` : `${kib} KiB`);
  const caches = ['L1d', 'L1i', 'L2', 'L3'].flatMap((name): [string, string][] => {
    const instances = new Map<string, number>();
    for (const one of present) for (const cache of cachesOf(context.linux, one)) if (cacheName(cache) === name) instances.set(`${cacheId(context.linux, one, cache)} ${cache.kind ?? ''}`, cache.sizeKib);
    const total = [...instances.values()].reduce((sum, kib) => sum + kib, 0);
    return instances.size === 0 ? [] : [[`${name} cache`, `${size(total)} (${instances.size} instance${instances.size > 1 ? 's' : ''})`]];
  });
  const label = (name: string): string => `Vulnerability ${(name.charAt(0).toUpperCase() + name.slice(1)).replaceAll('_', ' ')}`;
  return [
    ['Architecture', 'x86_64'], ['CPU op-mode(s)', '32-bit, 64-bit'], ['Address sizes', '46 bits physical, 57 bits virtual'], ['Byte Order', 'Little Endian'], ['CPU(s)', String(cpus.length)],
    ['On-line CPU(s) list', formatCpuList(online)], ...(offline.length > 0 ? [['Off-line CPU(s) list', formatCpuList(offline)] as [string, string]] : []), ['Vendor ID', 'GenuineIntel'], ['Model name', model.model],
    ['CPU family', String(model.family)], ['Model', String(model.modelNumber)], ['Thread(s) per core', String(threads)], ['Core(s) per socket', String(cores / sockets)], ['Socket(s)', String(sockets)], ['Stepping', String(model.stepping)],
    ['CPU max MHz', (model.maxKhz / 1000).toFixed(4)], ['CPU min MHz', (model.minKhz / 1000).toFixed(4)], ['BogoMIPS', (model.baseMhz * 2).toFixed(2)], ['Flags', model.flags], ['Virtualization', 'VT-x'], ...caches,
    ['NUMA node(s)', String(spec.nodes.length)], ...spec.nodes.map((node): [string, string] => [`NUMA node${node.id} CPU(s)`, formatCpuList(present.filter((one) => one.node === node.id).map((one) => one.cpu))]),
    ...Object.entries(model.vulnerabilities).map(([name, text]): [string, string] => [label(name), text]),
  ];
}

function cell(context: ProgramContext, one: CpuSpec, name: string): string {
  const cache = cachesOf(context.linux, one).find((candidate) => cacheName(candidate).toLowerCase() === name);
  if (cache !== undefined) return String(cacheId(context.linux, one, cache));
  const first = [...new Set(context.linux.spec.cpus.map((cpu) => `${cpu.socket} ${cpu.kind ?? ''} ${cpu.core}`))].indexOf(`${one.socket} ${one.kind ?? ''} ${one.core}`);
  const values: Readonly<Record<string, string>> = { cpu: String(one.cpu), core: String(first), socket: String(one.socket), node: String(one.node), online: context.linux.online.includes(one.cpu) ? 'Y' : 'N', maxmhz: (context.linux.spec.cpu.maxKhz / 1000).toFixed(4), minmhz: (context.linux.spec.cpu.minKhz / 1000).toFixed(4) };
  return values[name] ?? '';
}

function parsable(context: ProgramContext, wanted: string | undefined): string {
  const names = wanted?.split(',') ?? ['CPU', 'Core', 'Socket', 'Node', '', 'L1d', 'L1i', 'L2', 'L3'];
  const head = '# The following is the parsable format, which can be fed to other\n# programs. Each different item in every column has an unique ID\n# starting usually from zero.\n';
  const shown = names.map((name) => (name === '' || /^l\d/i.test(name) ? name : name.charAt(0).toUpperCase() + name.slice(1).toLowerCase()).replace(/^Cpu$/, 'CPU'));
  const rows = context.linux.spec.cpus.filter((one) => context.linux.online.includes(one.cpu)).map((one) => names.map((name) => (name === '' ? '' : cell(context, one, name.toLowerCase()))).join(','));
  return `${head}# ${shown.join(',')}\n${rows.join('\n')}\n`;
}

function extended(context: ProgramContext): string {
  const rows = context.linux.spec.cpus.map((one) => {
    const value = (name: string): string => cell(context, one, name);
    const caches = ['l1d', 'l1i', 'l2', 'l3'].map(value).join(':');
    return `${value('cpu').padStart(3)} ${value('node').padStart(4)} ${value('socket').padStart(6)} ${value('core').padStart(4)} ${caches.padEnd(16)}${value('online') === 'Y' ? 'yes' : 'no'}\n`;
  });
  return `CPU NODE SOCKET CORE L1d:L1i:L2:L3   ONLINE\n${rows.join('')}`;
}

export const lscpuProgram: Program = { path: '/usr/bin/lscpu', run: lscpu };
