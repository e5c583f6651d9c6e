import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { core } from '../api/core.ts';
import { CodedError, type CodedErrorData } from '../../shared/contract/errors.ts';
import type { Baseline, ComparedRuns, Curve, SideRequest } from '../../shared/model/compare.ts';
import type { ImportedRun, ImportRequest } from '../../shared/model/imported-run.ts';
import { commandText } from '../../shared/planning/cyclictest-command.ts';
import type { Repeatable } from '../../shared/statistics/comparison/suggest-sides.ts';
import { isOngoing, useRuns } from './runs.ts';

/** A run that can be chosen for comparison: one of ours that has ended, or an imported one. */
export interface Choosable extends Repeatable { readonly origin: 'own' | 'imported'; readonly label: string; readonly note: string }

/** Results measured elsewhere, the baseline, and the comparison that is shown. */
export const useComparison = defineStore('comparison', () => {
  const runs = useRuns();
  const imports = ref<ImportedRun[]>([]);
  const baseline = ref<Baseline | null>(null);
  const answer = shallowRef<ComparedRuns | null>(null);
  const error = shallowRef<CodedErrorData | null>(null);
  const isComparing = ref(false);

  const choosable = computed<Choosable[]>(() => [
    ...runs.list.filter((run) => !isOngoing(run)).map(({ id, boardName, benchmark, command, createdAt, state, stateReason, loads }): Choosable =>
      ({ id, origin: 'own', label: id, boardName, benchmark, command: commandText(command), createdAt, note: [...state === 'completed' ? [] : [stateReason ?? state], ...(loads ?? []).map((load) => `Load ${load.kind} on ${load.boardName}`)].join(' ') })),
    ...imports.value.map(({ id, label, boardName, format, command, createdAt }): Choosable => ({ id, origin: 'imported', label, boardName, benchmark: format, command, createdAt, note: 'not verified by us' })),
  ].sort((a, b) => b.createdAt.localeCompare(a.createdAt)));
  const find = (id: string): Choosable | undefined => choosable.value.find((one) => one.id === id);

  async function load(): Promise<void> {
    [imports.value, baseline.value] = await Promise.all([core().call('imports.list', {}), core().call('compare.baseline', {})]);
  }

  /** Compares; a failure is shown in its place, and a later call overtakes an earlier one. */
  let asked = 0;
  async function compare(sides: readonly SideRequest[]): Promise<void> {
    asked += 1;
    const mine = asked;
    isComparing.value = true;
    try {
      const got = await core().call('compare.runs', { sides: [...sides] });
      if (mine === asked) [answer.value, error.value] = [got, null];
    } catch (thrown) {
      if (mine === asked) [answer.value, error.value] = [null, CodedError.from(thrown).toData()];
    } finally {
      if (mine === asked) isComparing.value = false;
    }
  }

  const curves = (ids: readonly string[], key: string | null): Promise<Curve[]> => core().call('compare.curves', { runs: [...ids], key });

  async function setBaseline(name: string, ids: readonly string[]): Promise<void> {
    baseline.value = await core().call('compare.set-baseline', { baseline: { name, runs: [...ids] } });
  }
  async function clearBaseline(): Promise<void> {
    baseline.value = await core().call('compare.set-baseline', { baseline: null });
  }

  async function bringIn(request: ImportRequest): Promise<ImportedRun[]> {
    const added = await core().call('imports.add', request);
    await load();
    return added;
  }
  async function takeOut(id: string): Promise<void> {
    await core().call('imports.remove', { runId: id });
    await load();
  }

  function forget(): void {
    imports.value = [];
    baseline.value = null;
    answer.value = null;
    error.value = null;
  }

  return { imports, baseline, answer, error, isComparing, choosable, find, load, compare, curves, setBaseline, clearBaseline, bringIn, takeOut, forget };
});
