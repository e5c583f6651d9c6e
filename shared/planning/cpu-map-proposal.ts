import type { Claimant, CpuMap, CpuMapCheck, CpuMapDraft, CpuMapProposal, CpuMapWish } from '../model/cpu-map.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { judgeCpuMap } from './cpu-map-judge.ts';
import { assignmentsOf, planCpuMap } from './cpu-map.ts';
import { splitCpus } from './split-cpus.ts';
import { topologyOf } from './topology.ts';

/** A map for what is asked for, on the CPUs a board was read to have. */
export function proposeCpuMap(snapshot: Snapshot, wish: CpuMapWish): CpuMapProposal {
  const request = { ...wish, housekeeping: wish.housekeeping ?? splitCpus(snapshot, null).housekeeping };
  const map = planCpuMap(topologyOf(snapshot), request);
  return { request, assignments: assignmentsOf(map), choices: map.choices, findings: map.findings };
}

/** How a draft stands on the CPUs a board was read to have. */
export function checkCpuMap(snapshot: Snapshot, draft: CpuMapDraft): CpuMapCheck {
  const housekeeping = housekeepingOf(draft);
  return { housekeeping, isolated: snapshot.cpus.online.filter((cpu) => !housekeeping.includes(cpu)), findings: judgeCpuMap(topologyOf(snapshot), draft) };
}

/** A kept or edited map in the form of a planned one, judged; nobody chose its CPUs, so there are no reasons. */
export function mapOfDraft(snapshot: Snapshot, draft: CpuMapDraft): CpuMap {
  const { housekeeping, isolated, findings } = checkCpuMap(snapshot, draft);
  const cpusOf = (wanted: Claimant['kind']) => draft.assignments.filter(({ claimant }) => claimant.kind === wanted).map(({ cpu }) => cpu).sort((a, b) => a - b);
  const vcpusOf = (name: string) => draft.assignments.flatMap(({ cpu, claimant }) => (claimant.kind === 'vcpu' && claimant.vm === name ? [{ vcpu: claimant.vcpu, cpu }] : []));
  return {
    housekeeping, isolated, vms: draft.request.vms.map(({ name, node }) => ({ name, node, vcpus: vcpusOf(name).sort((a, b) => a.vcpu - b.vcpu) })),
    emulator: cpusOf('emulator'), ioThreads: cpusOf('ioThreads'), measuring: cpusOf('measuring'), stressor: cpusOf('stressor'), idle: cpusOf('idle'), choices: [], findings,
  };
}

/** The CPUs a map leaves to the host, ascending. */
export const housekeepingOf = ({ assignments }: Pick<CpuMapDraft, 'assignments'>): number[] =>
  [...new Set(assignments.filter(({ claimant }) => claimant.kind === 'housekeeping').map(({ cpu }) => cpu))].sort((a, b) => a - b);
