import type { CpuMapCheck, CpuMapDraft, CpuMapProposal, CpuMapWish } from '../model/cpu-map.ts';
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

/** The CPUs a map leaves to the host, ascending. */
export const housekeepingOf = ({ assignments }: Pick<CpuMapDraft, 'assignments'>): number[] =>
  [...new Set(assignments.filter(({ claimant }) => claimant.kind === 'housekeeping').map(({ cpu }) => cpu))].sort((a, b) => a - b);
