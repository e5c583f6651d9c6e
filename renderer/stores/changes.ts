import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { core } from '../api/core.ts';
import type { MethodOutput } from '../../shared/contract/methods.ts';
import type { Change } from '../../shared/model/change.ts';
import type { ChangeWant, Plan } from '../../shared/model/plan.ts';

export type Proposed = MethodOutput<'plans.propose'>;

/** Plans and changes of the boards, and the plan that a person is looking at before agreeing to it. */
export const useChanges = defineStore('changes', () => {
  const plans = shallowRef<ReadonlyMap<string, readonly Plan[]>>(new Map());
  const changes = shallowRef<ReadonlyMap<string, readonly Change[]>>(new Map());
  const shown = shallowRef<{ readonly boardId: string; readonly proposed: Proposed } | null>(null);
  const proposing = ref(false);

  /** undefined: not asked yet. */
  const plansOf = (boardId: string): readonly Plan[] | undefined => plans.value.get(boardId);
  /** Newest first; undefined: not asked yet. */
  const changesOf = (boardId: string): readonly Change[] | undefined => changes.value.get(boardId);
  const interrupted = computed(() => (boardId: string) => (changesOf(boardId) ?? []).filter(({ state }) => state === 'applying' || state === 'restarting'));

  async function load(boardId: string): Promise<void> {
    const [waiting, done] = await Promise.all([core().call('plans.list', { boardId }), core().call('changes.list', { boardId })]);
    plans.value = new Map(plans.value).set(boardId, waiting);
    changes.value = new Map(changes.value).set(boardId, done.toReversed());
  }

  /** Loads again what was loaded before: somebody changed something. */
  async function refresh(boardId: string): Promise<void> {
    if (changes.value.has(boardId)) await load(boardId);
  }

  /** Computes a plan and shows it; nothing is changed by that. */
  async function propose(boardId: string, want: ChangeWant): Promise<void> {
    proposing.value = true;
    try {
      shown.value = { boardId, proposed: await core().call('plans.propose', { boardId, want }) };
    } finally {
      proposing.value = false;
    }
  }

  const show = (plan: Plan): void => { shown.value = { boardId: plan.boardId, proposed: { plan, refused: [], notes: [] } }; };
  const close = (): void => { shown.value = null; };

  /** Throws a plan away that was not applied. */
  async function removePlan(plan: Plan): Promise<void> {
    await core().call('plans.remove', { boardId: plan.boardId, planId: plan.id });
    await load(plan.boardId);
  }

  /** A plan's text for machines that are not reached from here. */
  const exported = async (plan: Plan, format: 'shell' | 'ansible'): Promise<string> => (await core().call('plans.export', { boardId: plan.boardId, planId: plan.id, format })).text;
  /** Gives the job that applies it. */
  const apply = async (plan: Plan, mayEnd: string[]): Promise<string> => (await core().call('changes.apply', { boardId: plan.boardId, planId: plan.id, mayEnd })).jobId;
  const resume = async (change: Change, direction: 'apply' | 'roll-back', mayEnd: string[]): Promise<string> => (await core().call('changes.resume', { boardId: change.boardId, changeId: change.id, direction, mayEnd })).jobId;
  const restart = async (boardId: string, mayEnd: string[]): Promise<string> => (await core().call('changes.restart', { boardId, mayEnd })).jobId;

  function forget(): void {
    plans.value = new Map();
    changes.value = new Map();
    shown.value = null;
  }

  return { shown, proposing, plansOf, changesOf, interrupted, load, refresh, propose, show, close, removePlan, exported, apply, resume, restart, forget };
});
