import { capabilities } from '../../libvirt/capabilities.ts';
import { memoryFigures } from '../../linux/meminfo.ts';
import type { VirshCommand } from './virsh-call.ts';

const version: VirshCommand = {
  operands: [], options: ['daemon'],
  run: async (call) => call.print(`Compiled against library: libvirt 9.0.0\nUsing library: libvirt 9.0.0\nUsing API: QEMU 9.0.0\nRunning hypervisor: QEMU 7.2.22\n${call.has('daemon') ? 'Running against daemon: 9.0.0\n' : ''}`),
};

const nodeinfo: VirshCommand = {
  operands: [], options: [],
  run: async (call) => {
    const { linux } = call.hypervisor;
    const { spec } = linux;
    const sockets = new Set(spec.cpus.map(({ socket }) => socket)).size;
    const cores = new Set(spec.cpus.map(({ socket, core, kind }) => `${socket} ${core} ${kind ?? ''}`)).size / sockets;
    const rows: readonly (readonly [string, string | number])[] = [
      ['CPU model', 'x86_64'], ['CPU(s)', linux.online.length], ['CPU frequency', `${spec.cpu.baseMhz} MHz`], ['CPU socket(s)', 1], ['Core(s) per socket', cores], ['Thread(s) per core', Math.max(1, Math.round(spec.cpus.length / (cores * sockets)))],
      ['NUMA cell(s)', spec.nodes.length], ['Memory size', `${memoryFigures(linux).totalKib} KiB`],
    ];
    await call.print(rows.map(([key, value]) => `${`${key}:`.padEnd(20)} ${value}\n`).join(''));
  },
};

const nodecpumap: VirshCommand = {
  operands: [], options: ['pretty'],
  run: async (call) => {
    const { linux } = call.hypervisor;
    await call.print(`CPUs present:   ${linux.spec.cpus.length}\nCPUs online:    ${linux.online.length}\nCPU map:        ${linux.spec.cpus.map(({ cpu }) => (linux.online.includes(cpu) ? 'y' : '-')).join('')}\n`);
  },
};

export const hostCommands: Readonly<Record<string, VirshCommand>> = {
  version, nodeinfo, nodecpumap,
  capabilities: { operands: [], options: ['xpath:'], run: async (call) => call.print(capabilities(call.hypervisor.linux)) },
  uri: { operands: [], options: [], run: async (call) => call.print(`${call.uri}\n`) },
  hostname: { operands: [], options: [], run: async (call) => call.print(`${call.hypervisor.linux.hostname}\n`) },
  echo: { operands: ['[text]...'], options: ['shell', 'xml', 'err'], run: async (call) => call.print(`${call.operands.join(' ')}\n`) },
};
