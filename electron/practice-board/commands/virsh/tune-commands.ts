import { formatCpuset } from '../../../../shared/planning/vm/cpuset.ts';
import { ioThreadsOf, numbersOf, vcpusOf } from '../../libvirt/domain-numbers.ts';
import { addChild, ensureChild } from '../../libvirt/domain-shape.ts';
import { at, attribute, childrenOf, formatNode, node, type XmlNode } from '../../libvirt/xml-node.ts';
import { allowedCpus, lastCpu } from '../../linux/process-files.ts';
import type { Thread } from '../../processes/process.ts';
import { domainOf, VirshFailure, type VirshCall, type VirshCommand } from './virsh-call.ts';

const placement = ['config', 'live', 'current'] as const;

/** Writes a pin where it is asked for: the definition, the running VM, or whichever there is. */
function pin(call: VirshCall, name: string, element: { readonly name: string; readonly key?: string; readonly number?: number; readonly cpus: string }, threads: readonly Thread[]): void {
  const { hypervisor } = call;
  const { linux } = hypervisor;
  const cpus = numbersOf(element.cpus);
  if (cpus.some((cpu) => cpu > linux.highestCpu)) throw new VirshFailure([`CPU ${Math.max(...cpus)} in cpulist '${element.cpus}' exceed the maxcpu ${linux.highestCpu + 1}`]);
  const write = (domain: XmlNode): void => {
    const tune = ensureChild(domain, node('cputune'), 'domain');
    const found = childrenOf(tune, element.name).find((one) => element.key === undefined || Number(attribute(one, element.key)) === element.number);
    if (found === undefined) addChild(tune, node(element.name, { ...(element.key === undefined ? {} : { [element.key]: element.number ?? 0 }), cpuset: formatCpuset(cpus) }), 'domain/cputune');
    else found.attributes.set('cpuset', formatCpuset(cpus));
  };
  const run = hypervisor.running(name);
  if (run !== undefined && (call.has('live') || !call.has('config'))) {
    write(run.live);
    for (const thread of threads) Object.assign(thread, { affinity: cpus, lastCpu: cpus[0] ?? 0 });
  } else if (call.has('live')) throw new VirshFailure(['Requested operation is not valid: domain is not running']);
  if (call.has('config') || run === undefined) {
    const domain = hypervisor.xml(name, true);
    write(domain);
    hypervisor.definitions.write(name, formatNode(domain), `virsh edit ${name}`);
  }
}

/** Where a thread may run: as it is while the VM runs, else as it is defined. */
function shown(call: VirshCall, domain: XmlNode, name: string, key: string | undefined, number: number): string {
  const found = childrenOf(at(domain, 'cputune'), name).find((one) => key === undefined || Number(attribute(one, key)) === number);
  const { linux } = call.hypervisor;
  return attribute(found, 'cpuset') ?? attribute(at(domain, 'vcpu'), 'cpuset') ?? formatCpuset(linux.spec.cpus.map(({ cpu }) => cpu));
}

const domainShown = (call: VirshCall, name: string): XmlNode => call.hypervisor.xml(name, call.has('config'));

const vcpupin: VirshCommand = {
  operands: ['domain', '[vcpu]', '[cpulist]'], options: ['vcpu:', 'cpulist:', ...placement], changes: 'virDomainPinVcpuFlags',
  run: async (call) => {
    const name = domainOf(call);
    const vcpu = call.value('vcpu') ?? call.operands[1];
    const cpus = call.value('cpulist') ?? call.operands[2];
    const domain = domainShown(call, name);
    if (vcpu !== undefined && cpus !== undefined) {
      if (Number(vcpu) >= vcpusOf(domain)) throw new VirshFailure([`invalid argument: vcpu ${vcpu} is out of range of live cpu count ${vcpusOf(domain)}`]);
      const thread = call.hypervisor.running(name)?.threads.vcpus[Number(vcpu)];
      return pin(call, name, { name: 'vcpupin', key: 'vcpu', number: Number(vcpu), cpus }, thread === undefined ? [] : [thread]);
    }
    const all = Array.from({ length: vcpusOf(domain) }, (_, number) => number).filter((number) => vcpu === undefined || number === Number(vcpu));
    await call.say(` VCPU   CPU Affinity\n----------------------\n`);
    return call.print(all.map((number) => ` ${String(number).padEnd(6)} ${shown(call, domain, 'vcpupin', 'vcpu', number)}\n`).join(''));
  },
};

const emulatorpin: VirshCommand = {
  operands: ['domain', '[cpulist]'], options: ['cpulist:', ...placement], changes: 'virDomainPinEmulator',
  run: async (call) => {
    const name = domainOf(call);
    const cpus = call.value('cpulist') ?? call.operands[1];
    const threads = call.hypervisor.running(name)?.threads.process.threads.filter((thread) => !/^(?:CPU \d+\/|IO iothread\d)/.test(thread.name)) ?? [];
    if (cpus !== undefined) return pin(call, name, { name: 'emulatorpin', cpus }, threads);
    return call.print(`emulator: CPU Affinity\n----------------------------------\n       *: ${shown(call, domainShown(call, name), 'emulatorpin', undefined, 0)}\n`);
  },
};

const iothreadinfo: VirshCommand = {
  operands: ['domain'], options: [...placement],
  run: async (call) => {
    const domain = domainShown(call, domainOf(call));
    const ids = ioThreadsOf(domain);
    if (ids.length === 0) return call.print('No IOThreads found for the domain\n');
    return call.print(` IOThread ID   CPU Affinity\n-----------------------------\n${ids.map((id) => ` ${String(id).padEnd(13)} ${shown(call, domain, 'iothreadpin', 'iothread', id)}\n`).join('')}`);
  },
};

const vcpuinfo: VirshCommand = {
  operands: ['domain'], options: ['pretty'],
  run: async (call) => {
    const name = domainOf(call);
    const { hypervisor } = call;
    const { linux } = hypervisor;
    const run = hypervisor.running(name);
    const domain = hypervisor.xml(name, false);
    const blocks = Array.from({ length: vcpusOf(domain) }, (_, vcpu) => {
      const thread = run?.threads.vcpus[vcpu];
      const cpus = thread === undefined ? numbersOf(shown(call, domain, 'vcpupin', 'vcpu', vcpu)) : allowedCpus(linux, thread);
      const affinity = call.has('pretty') ? `${formatCpuset(cpus)} (out of ${linux.spec.cpus.length})` : linux.spec.cpus.map(({ cpu }) => (cpus.includes(cpu) ? 'y' : '-')).join('');
      return [`VCPU:           ${vcpu}`, `CPU:            ${thread === undefined ? 'N/A' : lastCpu(linux, thread)}`, `State:          ${thread === undefined ? 'N/A' : 'running'}`, ...(thread === undefined ? ['CPU time        N/A'] : ['CPU time:       0.1s']), `CPU Affinity:   ${affinity}`, ''].join('\n');
    });
    await call.print(blocks.join('\n'));
  },
};

const schedinfo: VirshCommand = {
  operands: ['domain'], options: [...placement],
  run: async (call) => {
    domainOf(call);
    const rows: readonly (readonly [string, string])[] = [['Scheduler', 'posix'], ['cpu_shares', '1024'], ['vcpu_period', '100000'], ['vcpu_quota', '-1'], ['emulator_period', '100000'], ['emulator_quota', '-1'], ['global_period', '100000'], ['global_quota', '-1'], ['iothread_period', '100000'], ['iothread_quota', '-1']];
    await call.print(rows.map(([key, value]) => `${key.padEnd(15)}: ${value}\n`).join(''));
  },
};

const numatune: VirshCommand = {
  operands: ['domain'], options: [...placement],
  run: async (call) => {
    const memory = at(call.hypervisor.xml(domainOf(call), call.has('config')), 'numatune', 'memory');
    await call.print(`numa_mode      : ${attribute(memory, 'mode') ?? 'strict'}\nnuma_nodeset   : ${attribute(memory, 'nodeset') ?? ''}\n`);
  },
};

export const tuneCommands: Readonly<Record<string, VirshCommand>> = { vcpupin, emulatorpin, iothreadinfo, vcpuinfo, schedinfo, numatune };
