import type { Claimant, MapFinding } from '../model/cpu-map.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';
import type { CpuMapRuleName } from './cpu-map-rules.ts';
import { elementOf, isRealTime, type CpuMapView } from './cpu-map-view.ts';

type Found = Omit<MapFinding, 'rule'> & { readonly rule: CpuMapRuleName };
/** One rule, or a few that belong together, on a map. */
export type CpuMapCheck = (view: CpuMapView) => Found[];

const list = formatCpuList;

/** CPU 0 and a CPU of each node stay; a core that the host has half of is no good to real-time work. */
export const checkHost: CpuMapCheck = ({ places, cpusOf }) => {
  const host = new Set(cpusOf('housekeeping'));
  const found: Found[] = [];
  if (places.online.has(0) && !host.has(0)) {
    found.push({
      rule: 'cpu-0-stays', severity: 'error', element: 'CPU 0', cpus: [0],
      message: 'CPU 0 is not kept for the host. Linux starts there and keeps work there that cannot be moved.', fix: 'Add CPU 0 to the housekeeping CPUs.',
    });
  }
  for (const node of places.nodes) {
    const cpus = places.cpus.filter((cpu) => places.nodeOf(cpu) === node);
    if (cpus.some((cpu) => host.has(cpu))) continue;
    found.push({
      rule: 'host-cpu-per-node', severity: 'error', element: `node ${node}`, cpus: [],
      message: `The host keeps no CPU of node ${node}: its memory, interrupts and kernel threads have nowhere to run there.`, fix: `Keep at least one of ${list(cpus)} for the host.`,
    });
  }
  const beside = places.cpus.filter((cpu) => !host.has(cpu) && places.siblingsOf(cpu).some((other) => host.has(other)));
  if (beside.length > 0) {
    found.push({
      rule: 'host-whole-cores', severity: 'note', element: `CPU ${list(beside)}`, cpus: beside,
      message: `CPU ${list(beside)} ${beside.length === 1 ? 'shares its core' : 'share their cores'} with housekeeping CPUs: no real-time work can have ${beside.length === 1 ? 'it' : 'them'}.`,
      fix: 'Keep whole cores for the host, or turn SMT off.',
    });
  }
  return found;
};

/** Every CPU that is claimed is there, and is claimed once. */
export const checkClaims: CpuMapCheck = ({ draft, places, claimants }) => {
  const found: Found[] = [];
  const absent = new Map<string, number[]>();
  const twice = new Map<number, Claimant[]>();
  const seen = new Set<number>();
  for (const { cpu, claimant } of draft.assignments) {
    const element = elementOf(claimant);
    if (!places.online.has(cpu)) absent.set(element, [...(absent.get(element) ?? []), cpu]);
    else if (seen.has(cpu)) twice.set(cpu, [...(twice.get(cpu) ?? [claimants.get(cpu) ?? claimant]), claimant]);
    seen.add(cpu);
  }
  for (const [element, cpus] of absent) {
    found.push({
      rule: 'cpu-exists', severity: 'error', element: `CPU ${list(cpus)}`, cpus: [],
      message: `CPU ${list(cpus)} of ${element} ${cpus.length === 1 ? 'is' : 'are'} not online on this board.`, fix: `Its CPUs are ${list(places.cpus)}.`,
    });
  }
  for (const [cpu, others] of twice) {
    found.push({
      rule: 'one-claimant', severity: 'error', element: `CPU ${cpu}`, cpus: [cpu],
      message: `CPU ${cpu} is claimed more than once: by ${[...new Set(others.map(elementOf))].join(' and ')}.`, fix: 'Leave it to one of them.',
    });
  }
  return found;
};

/** Real-time CPUs have their cores to themselves, and nothing is kept idle for nothing. */
export const checkCores: CpuMapCheck = ({ places, claimants }) => {
  const found: Found[] = [];
  const told = new Set<number>();
  for (const [cpu, claimant] of claimants) {
    if (!isRealTime(claimant) || told.has(cpu)) continue;
    const busy = places.siblingsOf(cpu).filter((other) => {
      const beside = claimants.get(other);
      return beside !== undefined && beside.kind !== 'idle';
    });
    if (busy.length === 0) continue;
    for (const other of busy) told.add(other);
    const who = [...new Set(busy.map((other) => elementOf(claimants.get(other) ?? claimant)))].join(' and ');
    found.push({
      rule: 'sibling-idle', severity: 'error', element: elementOf(claimant), cpus: [cpu, ...busy],
      message: `CPU ${cpu} of ${elementOf(claimant)} shares its core with CPU ${list(busy)}, which belongs to ${who === elementOf(claimant) ? 'it too' : who}.`,
      fix: `Leave CPU ${list(busy)} idle, or turn SMT off.`,
    });
  }
  const needless = [...claimants].filter(([cpu, { kind }]) => kind === 'idle' && !places.siblingsOf(cpu).some((other) => isRealTime(claimants.get(other)))).map(([cpu]) => cpu);
  if (needless.length > 0) {
    found.push({
      rule: 'idle-needed', severity: 'note', element: `CPU ${list(needless)}`, cpus: needless,
      message: `CPU ${list(needless)} ${needless.length === 1 ? 'is' : 'are'} kept idle, but no real-time CPU is on the same core.`, fix: 'Free it for others.',
    });
  }
  return found;
};

/** What holds for each VM by itself. */
export const checkVms: CpuMapCheck = (view) => {
  const { draft: { request, assignments }, places, vms } = view;
  const found: Found[] = [];
  for (const [index, { name }] of request.vms.entries()) {
    if (request.vms.findIndex((other) => other.name === name) !== index) {
      found.push({ rule: 'unique-name', severity: 'error', element: `VM ${name}`, cpus: [], message: `Two VMs are called ${name}.`, fix: 'Give each VM its own name.' });
    }
  }
  const strangers = [...new Set(assignments.flatMap(({ claimant }) => (claimant.kind === 'vcpu' && !request.vms.some(({ name }) => name === claimant.vm) ? [claimant.vm] : [])))];
  for (const name of strangers) {
    const cpus = assignments.filter(({ claimant }) => claimant.kind === 'vcpu' && claimant.vm === name).map(({ cpu }) => cpu);
    found.push({
      rule: 'vm-known', severity: 'error', element: `VM ${name}`, cpus, message: `CPU ${list(cpus)} belong${cpus.length === 1 ? 's' : ''} to ${name}, which is not in the list of VMs.`,
      fix: `Add ${name} to the list, or give its CPUs to another.`,
    });
  }
  for (const { claim, cpus, vcpus } of vms) {
    const element = `VM ${claim.name}`;
    if ((cpus.length === 0 ? claim.count : cpus.length) < 2) {
      found.push({
        rule: 'two-cpus-per-vm', severity: 'warning', element, cpus: [...cpus], message: `${claim.name} has one vCPU: its own housekeeping and its real-time work share it.`,
        fix: 'Give it at least two: vCPU 0 for housekeeping, the others for real-time work.',
      });
    }
    const nodes = [...new Set(cpus.map((cpu) => places.nodeOf(cpu)))];
    if (nodes.length > 1) {
      found.push({
        rule: 'same-node', severity: 'error', element, cpus: [...cpus], message: `${claim.name} has CPUs of nodes ${nodes.join(' and ')} (${list(cpus)}): half of its memory accesses cross nodes.`,
        fix: `Give it CPUs of node ${nodes[0] ?? claim.node} only.`,
      });
    }
    const kinds = new Set(cpus.map((cpu) => places.online.get(cpu)?.kind ?? null));
    if (kinds.size > 1) {
      found.push({
        rule: 'one-kind-per-vm', severity: 'error', element, cpus: [...cpus], message: `${claim.name} mixes performance and efficiency CPUs (${list(cpus)}): its vCPUs would differ in speed and caches.`,
        fix: 'Give it CPUs of one kind, or fewer vCPUs so that one kind suffices.',
      });
    }
    const numbers = vcpus.map(({ vcpu }) => vcpu).sort((a, b) => a - b);
    if (numbers.some((number, index) => number !== index)) {
      found.push({
        rule: 'vcpu-numbers', severity: 'error', element, cpus: [...cpus], message: `The vCPUs of ${claim.name} are numbered ${numbers.join(', ')}.`, fix: `Number them 0 to ${numbers.length - 1}.`,
      });
    }
  }
  return found;
};
