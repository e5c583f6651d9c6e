import type { Assignment, Claimant, CpuMapRequest, TopologyCpu, VmClaim } from '../model/cpu-map.ts';
import { placesOf, type CpuPlaces } from './cpu-map-topology.ts';

/** A VM and the CPUs of its vCPUs that are online. `claim` is what was asked for. */
export interface VmOnMap { readonly claim: VmClaim; readonly vcpus: ReadonlyArray<{ readonly vcpu: number; readonly cpu: number }>; readonly cpus: readonly number[] }

/** What is asked for, and who has which CPU. */
export interface MapOnPaper { readonly request: CpuMapRequest; readonly assignments: readonly Assignment[] }

/** A draft on its topology, arranged so that each rule is a few lines. */
export interface CpuMapView {
  readonly draft: MapOnPaper;
  readonly places: CpuPlaces;
  /** First claimant of each online CPU. */
  readonly claimants: ReadonlyMap<number, Claimant>;
  /** VMs whose name is theirs alone, in the order of the request. */
  readonly vms: readonly VmOnMap[];
  /** Online CPUs of a kind of claimant, ascending. */
  cpusOf(kind: Claimant['kind']): readonly number[];
}

export function viewOf(topology: readonly TopologyCpu[], draft: MapOnPaper): CpuMapView {
  const places = placesOf(topology);
  const claimants = new Map<number, Claimant>();
  const byKind = new Map<Claimant['kind'], number[]>();
  const byVm = new Map<string, Array<{ vcpu: number; cpu: number }>>();
  for (const { cpu, claimant } of [...draft.assignments].sort((a, b) => a.cpu - b.cpu)) {
    if (!places.online.has(cpu)) continue;
    if (!claimants.has(cpu)) claimants.set(cpu, claimant);
    append(byKind, claimant.kind, cpu);
    if (claimant.kind === 'vcpu') append(byVm, claimant.vm, { vcpu: claimant.vcpu, cpu });
  }
  const names = draft.request.vms.map(({ name }) => name);
  return {
    draft, places, claimants,
    vms: draft.request.vms.filter(({ name }) => names.indexOf(name) === names.lastIndexOf(name)).map((claim) => {
      const vcpus = byVm.get(claim.name) ?? [];
      return { claim, vcpus, cpus: vcpus.map(({ cpu }) => cpu) };
    }),
    cpusOf: (kind) => byKind.get(kind) ?? [],
  };
}

/** Whether work of this claimant must not be delayed by a neighbour on the core. */
export const isRealTime = (claimant: Claimant | undefined): boolean => claimant?.kind === 'vcpu' || claimant?.kind === 'measuring';

/** The claimant as an element of a finding. */
export function elementOf(claimant: Claimant): string {
  return claimant.kind === 'vcpu' ? `VM ${claimant.vm}` : claimantWords[claimant.kind];
}

/** Claimants other than VMs, in words. */
export const claimantWords: Readonly<Record<Exclude<Claimant['kind'], 'vcpu'>, string>> = {
  housekeeping: 'the host', idle: 'idle', emulator: 'emulator', ioThreads: 'I/O threads', measuring: 'measuring threads', stressor: 'stressor',
};

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
