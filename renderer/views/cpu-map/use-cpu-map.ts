import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { formOfRequest, nameProblem, nextVm, readCpuMapForm, type ClaimFields, type CpuMapForm, type CpuMapFormProblem } from '../../forms/cpu-map-form.ts';
import { useCpuMaps, type CpuMapStep, type CpuMapWork } from '../../stores/cpu-maps.ts';
import { useNotices } from '../../stores/notices.ts';
import { useSnapshots } from '../../stores/snapshots.ts';
import { assignCpus, renameVm, type ClaimantChoice } from '../../../shared/planning/cpu-map-edit.ts';
import { isUsable, judgeCpuMap } from '../../../shared/planning/cpu-map-judge.ts';
import type { MapOnPaper } from '../../../shared/planning/cpu-map-view.ts';
import { splitCpus } from '../../../shared/planning/split-cpus.ts';
import { topologyOf } from '../../../shared/planning/topology.ts';
import { poolKinds, type Assignment, type MapFinding, type PoolKind, type SavedCpuMap } from '../../../shared/model/cpu-map.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';

const mostSteps = 200;

/** A draft as text, for comparing. */
const imprint = ({ request, assignments }: MapOnPaper): string => JSON.stringify([
  request.housekeeping, request.vms.map(({ name, count, node }) => [name, count, node]), poolKinds.map((kind) => [request[kind]?.count, request[kind]?.node]),
  assignments.map(({ cpu, claimant }) => [cpu, claimant.kind, ...(claimant.kind === 'vcpu' ? [claimant.vm, claimant.vcpu] : [])]),
]);

/** While the map is as it was proposed, the planner says better than a count why somebody got too few. */
function withShortfalls(findings: MapFinding[], { assignments, proposal }: CpuMapWork): MapFinding[] {
  if (proposal === null || proposal.assignments !== assignments) return findings;
  return findings.map((finding) => {
    const told = proposal.findings.find(({ rule, element }) => rule === 'enough-cpus' && element === finding.element);
    return told && (finding.rule === 'enough-cpus' || finding.rule === 'as-requested') ? { ...finding, message: told.message, ...(told.fix === undefined ? {} : { fix: told.fix }) } : finding;
  });
}

/** The CPU map of a board being worked on: what is asked for, who has which CPU, what speaks against it, and what is saved. */
export interface CpuMapEditing {
  readonly snapshot: ComputedRef<Snapshot | null | undefined>;
  readonly work: ComputedRef<CpuMapWork | undefined>;
  readonly saved: ComputedRef<SavedCpuMap | null | undefined>;
  readonly nodes: ComputedRef<readonly number[]>;
  readonly problems: ComputedRef<readonly CpuMapFormProblem[]>;
  readonly findings: ComputedRef<readonly MapFinding[]>;
  /** Whether the map differs from the saved one, or none is saved. */
  readonly changed: ComputedRef<boolean>;
  readonly usable: ComputedRef<boolean>;
  readonly busy: Ref<boolean>;
  give(cpus: readonly number[], choice: ClaimantChoice, how?: 'step' | 'same step'): boolean;
  undo(): void;
  setHousekeeping(text: string): void;
  setPool(kind: PoolKind, fields: Partial<ClaimFields>): void;
  setVm(key: number, fields: Partial<ClaimFields & { typed: string }>): void;
  nameVm(key: number): void;
  addVm(): void;
  removeVm(key: number): void;
  propose(): Promise<void>;
  save(): Promise<void>;
  /** Back to the map that is saved, or to an empty one. */
  revert(): void;
}

export function useCpuMap(boardId: string): CpuMapEditing {
  const maps = useCpuMaps();
  const notices = useNotices();
  const snapshots = useSnapshots();
  const busy = ref(false);

  const snapshot = computed(() => { const answer = snapshots.of(boardId); return answer === null ? null : answer?.snapshot; });
  const saved = computed(() => maps.of(boardId));
  const work = computed(() => maps.workOf(boardId));
  const topology = computed(() => (snapshot.value ? topologyOf(snapshot.value) : []));
  const nodes = computed(() => [...new Set(topology.value.map(({ node }) => node))].sort((a, b) => a - b));
  const highest = computed(() => Math.max(0, ...topology.value.map(({ cpu }) => cpu)));

  const reading = computed(() => (work.value ? readCpuMapForm(work.value.form, highest.value) : null));
  const problems = computed(() => (reading.value === null || reading.value.ok ? [] : reading.value.problems));
  const findings = computed(() => (work.value ? withShortfalls(judgeCpuMap(topology.value, work.value), work.value) : []));
  const usable = computed(() => problems.value.length === 0 && isUsable(findings.value));
  const changed = computed(() => {
    if (!work.value) return false;
    return !saved.value || imprint(work.value) !== imprint(saved.value.map);
  });

  /** Begins with what is saved; else with the host's CPUs as the board shows them, and nobody else. */
  function begin(board: Snapshot, map: SavedCpuMap | null): void {
    const housekeeping = splitCpus(board, null).housekeeping;
    const request = map?.map.request ?? { housekeeping, vms: [], emulator: null, ioThreads: null, measuring: null, stressor: null };
    const assignments: readonly Assignment[] = map?.map.assignments ?? housekeeping.map((cpu) => ({ cpu, claimant: { kind: 'housekeeping' } }));
    maps.keepWork(boardId, { form: formOfRequest(request, nodes.value[0] ?? 0), request, assignments, proposal: null, past: [] });
  }

  /** Goes on with another form or map. `remember` is the step that undo leads back to. */
  function goOn(now: CpuMapWork, next: Partial<CpuMapStep>, remember: CpuMapStep | null): void {
    const form = next.form ?? now.form;
    const read = readCpuMapForm(form, highest.value);
    maps.keepWork(boardId, {
      form, request: read.ok ? read.request : now.request, assignments: next.assignments ?? now.assignments, proposal: now.proposal,
      past: remember === null ? now.past : [...now.past, { form: remember.form, assignments: remember.assignments }].slice(-mostSteps),
    });
  }
  const change = (next: (now: CpuMapWork) => Partial<CpuMapStep> | null, remembered: boolean): void => {
    const now = work.value;
    const after = now ? next(now) : null;
    if (now && after) goOn(now, after, remembered ? now : null);
  };
  const withVms = (form: CpuMapForm, next: (vms: CpuMapForm['vms']) => CpuMapForm['vms']): CpuMapForm => ({ ...form, vms: next(form.vms) });

  watch([snapshot, saved], ([board, map]) => {
    if (board && map !== undefined && !maps.workOf(boardId)) begin(board, map);
  }, { immediate: true });

  return {
    snapshot, work, saved, nodes, problems, findings, changed, usable, busy,
    give: (cpus, choice, how = 'step') => {
      const now = work.value;
      if (!now) return false;
      const assignments = assignCpus(topology.value, now.assignments, cpus, choice);
      if (assignments === now.assignments) return false;
      goOn(now, { assignments }, how === 'step' ? now : null);
      return true;
    },
    undo: () => {
      const now = work.value;
      const before = now?.past.at(-1);
      if (now && before) goOn({ ...now, past: now.past.slice(0, -1) }, before, null);
    },
    setHousekeeping: (text) => { change(({ form }) => ({ form: { ...form, housekeeping: text } }), false); },
    setPool: (kind, fields) => { change(({ form }) => ({ form: { ...form, pools: { ...form.pools, [kind]: { ...form.pools[kind], ...fields } } } }), false); },
    setVm: (key, fields) => { change(({ form }) => ({ form: withVms(form, (vms) => vms.map((vm) => (vm.key === key ? { ...vm, ...fields } : vm))) }), false); },
    nameVm: (key) => {
      change(({ form, assignments }) => {
        const vm = form.vms.find((one) => one.key === key);
        if (!vm || nameProblem(form, vm) !== null || vm.typed.trim() === vm.name) return null;
        const name = vm.typed.trim();
        return { form: withVms(form, (vms) => vms.map((one) => (one.key === key ? { ...one, name, typed: name } : one))), assignments: renameVm(topology.value, assignments, vm.name, name) };
      }, true);
    },
    addVm: () => { change(({ form }) => ({ form: withVms(form, (vms) => [...vms, nextVm(form, nodes.value[0] ?? 0)]) }), true); },
    removeVm: (key) => {
      change(({ form, assignments }) => {
        const vm = form.vms.find((one) => one.key === key);
        return vm ? { form: withVms(form, (vms) => vms.filter((one) => one.key !== key)), assignments: renameVm(topology.value, assignments, vm.name, null) } : null;
      }, true);
    },
    propose: async () => {
      const now = work.value;
      if (!now || problems.value.length > 0) return;
      busy.value = true;
      const proposal = await notices.attempt(() => maps.propose(boardId, now.request));
      busy.value = false;
      if (proposal) maps.keepWork(boardId, { ...now, assignments: proposal.assignments, proposal, past: [...now.past, { form: now.form, assignments: now.assignments }].slice(-mostSteps) });
    },
    save: async () => {
      const now = work.value;
      if (!now || !usable.value) return;
      busy.value = true;
      const done = await notices.attempt(async () => {
        await maps.save(boardId, { request: now.request, assignments: [...now.assignments] });
        return true;
      });
      busy.value = false;
      if (done) notices.say('CPU map saved.');
    },
    revert: () => {
      if (snapshot.value) begin(snapshot.value, saved.value ?? null);
    },
  };
}
