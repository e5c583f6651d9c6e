import { poolKinds, type Choice, type CpuMap, type CpuMapRequest, type PoolKind } from '../model/cpu-map.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';
import type { CpuMapRuleName } from './cpu-map-rules.ts';
import type { CpuPlaces } from './cpu-map-topology.ts';
import { claimantWords } from './cpu-map-view.ts';

type Reason = Choice['reasons'][number] & { readonly rule: CpuMapRuleName };

/** Why each claimant got the CPUs it has. Claimants without CPUs are left out. */
export function choicesOf(map: Omit<CpuMap, 'choices' | 'findings'>, request: CpuMapRequest, places: CpuPlaces): Choice[] {
  const host: Choice = { element: claimantWords.housekeeping, cpus: map.housekeeping, reasons: [] };
  if (map.housekeeping.includes(0)) host.reasons.push(reason('cpu-0-stays', 'Linux starts on CPU 0.'));
  host.reasons.push(reason('host-cpu-per-node', `As told: CPUs of node ${nodesOf(map.housekeeping, places)}.`));
  const vms = map.vms.map(({ name, node, vcpus }) => realTimeChoice(`VM ${name}`, vcpus.map(({ cpu }) => cpu), node, places));
  const pools = poolKinds.flatMap((kind) => (request[kind] ? [poolChoice(kind, map[kind], request[kind].node, places)] : []));
  return [host, ...vms, ...pools].filter(({ cpus }) => cpus.length > 0);
}

function poolChoice(kind: PoolKind, cpus: number[], node: number, places: CpuPlaces): Choice {
  if (kind === 'measuring') return realTimeChoice(claimantWords.measuring, cpus, node, places);
  const lowest = kind === 'stressor';
  return {
    element: claimantWords[kind], cpus,
    reasons: [reason(lowest ? 'lowest-free' : 'highest-free', lowest ? `The lowest CPUs left on node ${node}.` : `The highest CPUs left on node ${node}: the VMs take the lowest and may grow.`)],
  };
}

function realTimeChoice(element: string, cpus: number[], node: number, places: CpuPlaces): Choice {
  const reasons = [reason('same-node', `All of node ${node}, as asked for.`), reason('lowest-free', 'The lowest free CPUs whose core nobody else uses.')];
  const idle = cpus.flatMap((cpu) => places.siblingsOf(cpu)).sort((a, b) => a - b);
  if (idle.length > 0) reasons.push(reason('sibling-idle', `CPU ${formatCpuList(idle)}, the other ${idle.length === 1 ? 'thread' : 'threads'} of the same ${cpus.length === 1 ? 'core' : 'cores'}, ${idle.length === 1 ? 'is' : 'are'} left idle.`));
  const [kind, ...others] = [...new Set(cpus.map((cpu) => places.online.get(cpu)?.kind ?? null))];
  if (kind && others.length === 0) reasons.push(reason('one-kind-per-vm', `${kind === 'performance' ? 'Performance' : 'Efficiency'} cores only: the first kind that has enough.`));
  return { element, cpus, reasons };
}

const reason = (rule: CpuMapRuleName, text: string): Reason => ({ rule, reason: text });
const nodesOf = (cpus: readonly number[], places: CpuPlaces) => [...new Set(cpus.map((cpu) => places.nodeOf(cpu)))].join(' and ');
