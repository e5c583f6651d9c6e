import type { Assignment, Claimant, TopologyCpu } from '../model/cpu-map.ts';
import { placesOf, type CpuPlaces } from './cpu-map-topology.ts';
import { isRealTime } from './cpu-map-view.ts';

/** Who is to have a CPU; vCPUs get their numbers by themselves. null: nobody. */
export type ClaimantChoice = { readonly kind: 'vcpu'; readonly vm: string } | { readonly kind: Exclude<Claimant['kind'], 'vcpu'> } | null;

/**
 * Gives CPUs to a claimant. Threads beside a CPU that becomes real-time are left idle unless somebody has them, and are freed
 * again with it. vCPUs are numbered from 0 in the order of their CPUs. CPUs that are not online are passed over, and an edit
 * drops the claims that a map of another time has on such CPUs.
 * Returns the very list it was given when nothing changes.
 */
export function assignCpus(topology: readonly TopologyCpu[], assignments: readonly Assignment[], cpus: readonly number[], choice: ClaimantChoice): readonly Assignment[] {
  const places = placesOf(topology);
  const claimants = new Map(assignments.filter(({ cpu }) => places.online.has(cpu)).map(({ cpu, claimant }) => [cpu, claimant]));
  const changed = cpus.filter((cpu) => places.online.has(cpu) && !isSame(claimants.get(cpu), choice));
  if (changed.length === 0) return assignments;
  for (const cpu of changed) {
    claimants.delete(cpu);
    if (choice !== null) claimants.set(cpu, choice.kind === 'vcpu' ? { ...choice, vcpu: 0 } : choice);
  }
  for (const cpu of changed) tendSiblings(cpu, claimants, places, new Set(changed));
  return numbered(claimants);
}

/** Takes a VM's CPUs away, or gives them its new name. */
export function renameVm(topology: readonly TopologyCpu[], assignments: readonly Assignment[], from: string, to: string | null): readonly Assignment[] {
  const cpus = assignments.filter(({ claimant }) => claimant.kind === 'vcpu' && claimant.vm === from).map(({ cpu }) => cpu);
  return assignCpus(topology, assignments, cpus, to === null ? null : { kind: 'vcpu', vm: to });
}

function tendSiblings(cpu: number, claimants: Map<number, Claimant>, places: CpuPlaces, chosen: ReadonlySet<number>): void {
  const core = [cpu, ...places.siblingsOf(cpu)];
  const realTime = core.some((one) => isRealTime(claimants.get(one)));
  for (const other of core) {
    if (chosen.has(other)) continue;
    const claimant = claimants.get(other);
    if (realTime && claimant === undefined) claimants.set(other, { kind: 'idle' });
    else if (!realTime && claimant?.kind === 'idle') claimants.delete(other);
  }
}

function numbered(claimants: ReadonlyMap<number, Claimant>): Assignment[] {
  const next = new Map<string, number>();
  return [...claimants].sort(([a], [b]) => a - b).map(([cpu, claimant]): Assignment => {
    if (claimant.kind !== 'vcpu') return { cpu, claimant };
    const vcpu = next.get(claimant.vm) ?? 0;
    next.set(claimant.vm, vcpu + 1);
    return { cpu, claimant: { ...claimant, vcpu } };
  });
}

const isSame = (claimant: Claimant | undefined, choice: ClaimantChoice): boolean =>
  choice === null ? claimant === undefined : claimant?.kind === 'vcpu' ? choice.kind === 'vcpu' && claimant.vm === choice.vm : claimant?.kind === choice.kind;
