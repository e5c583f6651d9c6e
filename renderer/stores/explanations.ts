import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { core } from '../api/core.ts';
import type { Explanation } from '../../shared/model/explanation.ts';

/** Why runs are as they are, of those looked at. */
export const useExplanations = defineStore('explanations', () => {
  const all = shallowRef<ReadonlyMap<string, Explanation | null>>(new Map());

  /** undefined: not asked yet. null: nothing of the run is here. */
  const of = (runId: string): Explanation | null | undefined => all.value.get(runId);

  async function load(runId: string): Promise<void> {
    const explanation = await core().call('runs.explain', { runId });
    all.value = new Map(all.value).set(runId, explanation);
  }

  return { of, load };
});
