import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { core } from '../api/core.ts';
import { guideIds, type GuideCheck, type GuideId } from '../../shared/model/setting.ts';

/** Guides judged on the boards' last readings, and which guide and which settings a person wants to see. */
export const useGuides = defineStore('guides', () => {
  const checks = shallowRef<ReadonlyMap<string, GuideCheck | null>>(new Map());
  const chosen = ref<ReadonlyMap<string, GuideId>>(new Map());
  const show = ref<'attention' | 'all'>('attention');

  const keyOf = (boardId: string, guide: GuideId) => `${boardId}/${guide}`;

  /** undefined: not asked yet. null: the board was never read. */
  const of = (boardId: string, guide: GuideId): GuideCheck | null | undefined => checks.value.get(keyOf(boardId, guide));

  async function load(boardId: string, guide: GuideId): Promise<void> {
    const check = await core().call('guides.check', { boardId, guide, housekeeping: null });
    checks.value = new Map(checks.value).set(keyOf(boardId, guide), check);
  }

  /** Judges again what was judged of a board: something it was judged by has changed. */
  async function refresh(boardId: string): Promise<void> {
    await Promise.all(guideIds.filter((guide) => of(boardId, guide) !== undefined).map((guide) => load(boardId, guide)));
  }

  function choose(boardId: string, guide: GuideId): void {
    chosen.value = new Map(chosen.value).set(boardId, guide);
  }

  function forget(): void {
    checks.value = new Map();
    chosen.value = new Map();
  }

  return { show, chosen, of, load, refresh, choose, forget };
});
