import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { core } from '../api/core.ts';
import type { CpuMapForm } from '../forms/cpu-map-form.ts';
import type { Assignment, CpuMapDraft, CpuMapProposal, CpuMapRequest, CpuMapWish, SavedCpuMap } from '../../shared/model/cpu-map.ts';

/** What can be undone: the map and what is asked for, together. */
export interface CpuMapStep { readonly form: CpuMapForm; readonly assignments: readonly Assignment[] }

/** A map being worked on. `request` is the form as it was last readable; `proposal` is the last one made, with its reasons. */
export interface CpuMapWork extends CpuMapStep { readonly request: CpuMapRequest; readonly proposal: CpuMapProposal | null; readonly past: readonly CpuMapStep[] }

/** CPU maps: the one saved for each board, and the one being worked on, which outlives a change of screens. */
export const useCpuMaps = defineStore('cpu-maps', () => {
  const saved = shallowRef<ReadonlyMap<string, SavedCpuMap | null>>(new Map());
  const works = shallowRef<ReadonlyMap<string, CpuMapWork>>(new Map());

  const put = (boardId: string, map: SavedCpuMap | null) => { saved.value = new Map(saved.value).set(boardId, map); };

  /** undefined: not asked yet. null: none is saved. */
  const of = (boardId: string): SavedCpuMap | null | undefined => saved.value.get(boardId);
  const workOf = (boardId: string): CpuMapWork | undefined => works.value.get(boardId);
  const keepWork = (boardId: string, work: CpuMapWork): void => { works.value = new Map(works.value).set(boardId, work); };

  function dropWork(boardId: string): void {
    const left = new Map(works.value);
    left.delete(boardId);
    works.value = left;
  }

  async function load(boardId: string): Promise<void> {
    put(boardId, await core().call('cpu-map.get', { boardId }));
  }

  async function save(boardId: string, draft: CpuMapDraft): Promise<void> {
    put(boardId, await core().call('cpu-map.save', { boardId, draft }));
  }

  const propose = (boardId: string, request: CpuMapWish): Promise<CpuMapProposal> => core().call('cpu-map.propose', { boardId, request });

  function forget(): void {
    saved.value = new Map();
    works.value = new Map();
  }

  return { of, workOf, keepWork, dropWork, load, save, propose, forget };
});
