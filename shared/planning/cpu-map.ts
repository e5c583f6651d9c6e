import type { CpuMap, CpuMapRequest, TopologyCpu, VmClaim } from '../model/cpu-map.ts';
import type { Finding } from '../model/finding.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';

/**
 * Gives every claimant its CPUs. Total: whatever is asked for, the map holds what could be given and the findings say
 * what could not, by rule, element and fix.
 *
 * Rules (Intel ECI, “Host Configuration: Linux Kernel” and “Real-Time VM Configuration”): CPU 0 and at least one CPU of
 * each node stay with the host; a VM's vCPUs and its emulator threads stay on one node and off each other's CPUs; at least
 * two vCPUs a VM, one for its own housekeeping. vCPUs take the lowest free CPUs of their node, emulator threads the
 * highest. Where cores have two threads, the sibling of a VM's CPU is left idle, because it shares the core's units and caches.
 */
export function planCpuMap(topology: readonly TopologyCpu[], request: CpuMapRequest): CpuMap {
  const findings: Finding[] = [];
  const online = new Map(topology.map((entry) => [entry.cpu, entry]));
  const housekeeping = [...new Set(request.housekeeping)].sort((a, b) => a - b).filter((cpu) => online.has(cpu));
  const reserved = new Set(housekeeping);
  const isolated = topology.map((entry) => entry.cpu).filter((cpu) => !reserved.has(cpu)).sort((a, b) => a - b);
  checkHousekeeping(topology, request.housekeeping, findings);

  const siblings = siblingsOf(topology);
  const taken = new Set<number>();
  const idle = new Set<number>();
  const free = (node: number) => isolated.filter((cpu) => online.get(cpu)?.node === node && !taken.has(cpu) && !idle.has(cpu));

  const vms = request.vms.map((claim) => {
    const cpus = takeVm(claim, free, siblings, { taken, idle, reserved }, findings, online);
    return { name: claim.name, node: claim.node, vcpus: cpus.map((cpu, vcpu) => ({ vcpu, cpu })) };
  });
  const emulator = request.emulator ? free(request.emulator.node).slice(-request.emulator.count) : [];
  checkVms(topology, request, vms, siblings, reserved, findings);
  checkEmulator(request, emulator, topology, findings);
  return { housekeeping, isolated, emulator, vms, idle: [...idle].sort((a, b) => a - b), findings };
}

interface Books { taken: Set<number>; idle: Set<number>; reserved: ReadonlySet<number> }

function takeVm(claim: VmClaim, free: (node: number) => number[], siblings: Siblings, books: Books, findings: Finding[], online: ReadonlyMap<number, TopologyCpu>): number[] {
  const cpus: number[] = [];
  const kinds = [...new Set(free(claim.node).map((cpu) => online.get(cpu)?.kind ?? null))];
  for (const kind of orderedKinds(kinds, claim, free, online)) {
    if (cpus.length === claim.count) break;
    for (const cpu of free(claim.node)) {
      if (cpus.length === claim.count) break;
      const others = siblings.get(cpu) ?? [];
      if ((online.get(cpu)?.kind ?? null) !== kind || books.idle.has(cpu) || others.some((other) => books.taken.has(other))) continue;
      cpus.push(cpu);
      books.taken.add(cpu);
      for (const other of others) if (!books.reserved.has(other)) books.idle.add(other);
    }
  }
  if (cpus.length < claim.count) {
    findings.push({
      rule: 'enough-cpus', severity: 'error', element: `VM ${claim.name}`,
      message: `${claim.name} wants ${claim.count} CPUs of node ${claim.node}; ${cpus.length === 0 ? 'none is' : `only ${cpus.length} are`} free there (isolated, unclaimed, with an idle core).`,
      fix: books.idle.size > 0 ? 'Turn SMT off, give the VM fewer vCPUs, or keep fewer CPUs for the host on this node.' : 'Give the VM fewer vCPUs, place it on another node, or keep fewer CPUs for the host on this node.',
    });
  }
  return cpus.sort((a, b) => a - b);
}

/** One kind for the whole VM where that can be: the first kind, performance before efficiency, that has enough. */
function orderedKinds(kinds: ReadonlyArray<TopologyCpu['kind']>, claim: VmClaim, free: (node: number) => number[], online: ReadonlyMap<number, TopologyCpu>): Array<TopologyCpu['kind']> {
  const order = [...kinds].sort((a, b) => (a === 'efficiency' ? 1 : 0) - (b === 'efficiency' ? 1 : 0));
  const enough = order.find((kind) => free(claim.node).filter((cpu) => (online.get(cpu)?.kind ?? null) === kind).length >= claim.count);
  return enough === undefined ? order : [enough, ...order.filter((kind) => kind !== enough)];
}

type Siblings = ReadonlyMap<number, readonly number[]>;

/** For each CPU the other hardware threads of its core. Core numbers repeat between sockets. */
function siblingsOf(topology: readonly TopologyCpu[]): Siblings {
  const cores = new Map<string, number[]>();
  const key = (entry: TopologyCpu) => `${entry.socket}/${entry.core}`;
  for (const entry of topology) cores.set(key(entry), [...cores.get(key(entry)) ?? [], entry.cpu]);
  return new Map(topology.map((entry) => [entry.cpu, (cores.get(key(entry)) ?? []).filter((cpu) => cpu !== entry.cpu)]));
}

function checkHousekeeping(topology: readonly TopologyCpu[], asked: readonly number[], findings: Finding[]): void {
  const online = new Set(topology.map((entry) => entry.cpu));
  const absent = asked.filter((cpu) => !online.has(cpu));
  if (absent.length > 0) {
    findings.push({
      rule: 'cpu-exists', severity: 'error', element: `CPU ${formatCpuList(absent)}`,
      message: `The host is to keep CPU ${formatCpuList(absent)}, which this board does not have online.`, fix: `Its CPUs are ${formatCpuList([...online])}.`,
    });
  }
  if (online.has(0) && !asked.includes(0)) {
    findings.push({
      rule: 'cpu-0-stays', severity: 'error', element: 'CPU 0', message: 'CPU 0 is not kept for the host. Linux starts there and keeps work there that cannot be moved.',
      fix: 'Add CPU 0 to the housekeeping CPUs.',
    });
  }
  for (const node of nodesOf(topology)) {
    const cpus = topology.filter((entry) => entry.node === node).map((entry) => entry.cpu);
    if (cpus.some((cpu) => asked.includes(cpu))) continue;
    findings.push({
      rule: 'host-cpu-per-node', severity: 'error', element: `node ${node}`,
      message: `The host keeps no CPU of node ${node}: its memory, interrupts and kernel threads have nowhere to run there.`,
      fix: `Keep at least one of ${formatCpuList(cpus)} for the host.`,
    });
  }
}

function checkVms(topology: readonly TopologyCpu[], request: CpuMapRequest, vms: CpuMap['vms'], siblings: Siblings, reserved: ReadonlySet<number>, findings: Finding[]): void {
  const nodes = nodesOf(topology);
  const kinds = new Map(topology.map((entry) => [entry.cpu, entry.kind]));
  for (const [index, claim] of request.vms.entries()) {
    const element = `VM ${claim.name}`;
    if (!nodes.includes(claim.node)) {
      findings.push({ rule: 'node-exists', severity: 'error', element, message: `There is no node ${claim.node}.`, fix: `The nodes are ${nodes.join(', ')}.` });
    }
    if (claim.count < 2) {
      findings.push({
        rule: 'two-cpus-per-vm', severity: 'warning', element,
        message: `${claim.name} has one vCPU: its own housekeeping and its real-time work share it.`, fix: 'Give it at least two: vCPU 0 for housekeeping, the others for real-time work.',
      });
    }
    if (request.vms.findIndex((other) => other.name === claim.name) !== index) {
      findings.push({ rule: 'unique-name', severity: 'error', element, message: `Two VMs are called ${claim.name}.`, fix: 'Give each VM its own name.' });
    }
    const cpus = vms[index]?.vcpus.map(({ cpu }) => cpu) ?? [];
    const mixed = new Set(cpus.map((cpu) => kinds.get(cpu) ?? null));
    if (mixed.size > 1) {
      findings.push({
        rule: 'one-kind-per-vm', severity: 'error', element, message: `${claim.name} mixes performance and efficiency CPUs (${formatCpuList(cpus)}): its vCPUs would differ in speed and caches.`,
        fix: 'Give it fewer vCPUs, so that one kind suffices.',
      });
    }
    const sharing = cpus.filter((cpu) => (siblings.get(cpu) ?? []).some((other) => reserved.has(other)));
    if (sharing.length > 0) {
      findings.push({
        rule: 'sibling-idle', severity: 'warning', element, message: `CPU ${formatCpuList(sharing)} of ${claim.name} shares its core with a housekeeping CPU, which will disturb it.`,
        fix: 'Keep whole cores for the host, or turn SMT off.',
      });
    }
  }
}

function checkEmulator(request: CpuMapRequest, cpus: readonly number[], topology: readonly TopologyCpu[], findings: Finding[]): void {
  const { emulator } = request;
  if (!emulator) return;
  if (!nodesOf(topology).includes(emulator.node)) {
    findings.push({ rule: 'node-exists', severity: 'error', element: 'emulator', message: `There is no node ${emulator.node}.`, fix: `The nodes are ${nodesOf(topology).join(', ')}.` });
  } else if (cpus.length < emulator.count) {
    findings.push({
      rule: 'enough-cpus', severity: 'error', element: 'emulator', message: `The emulator threads want ${emulator.count} CPUs of node ${emulator.node}; ${cpus.length} are left.`,
      fix: 'Give the emulator fewer CPUs, or the VMs of this node.',
    });
  }
  const elsewhere = request.vms.filter((vm) => vm.node !== emulator.node);
  if (elsewhere.length > 0 && elsewhere.length === request.vms.length) {
    findings.push({
      rule: 'emulator-same-node', severity: 'warning', element: 'emulator',
      message: `No VM is on node ${emulator.node}, where the emulator threads are: their memory accesses cross nodes.`, fix: 'Place the emulator threads on the node of the real-time VM.',
    });
  }
  if (cpus.length > 1) {
    findings.push({
      rule: 'emulator-not-balanced', severity: 'note', element: `CPU ${formatCpuList(cpus)}`,
      message: `Isolated CPUs are not load-balanced: emulator threads may all crowd on CPU ${cpus[0] ?? ''}${request.vms.length > 1 ? ', those of all VMs together' : ''}.`,
    });
  }
}

const nodesOf = (topology: readonly TopologyCpu[]) => [...new Set(topology.map((entry) => entry.node))].sort((a, b) => a - b);
