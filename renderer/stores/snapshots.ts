import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { core } from '../api/core.ts';
import type { MethodOutput } from '../../shared/contract/methods.ts';

export type SnapshotAnswer = MethodOutput<'snapshots.get'>;

/** What was read of each board: the reading on show, and the times of all readings kept. */
export const useSnapshots = defineStore('snapshots', () => {
  const shown = shallowRef<ReadonlyMap<string, SnapshotAnswer | null>>(new Map());
  const kept = ref<ReadonlyMap<string, readonly string[]>>(new Map());

  const put = (boardId: string, answer: SnapshotAnswer | null) => { shown.value = new Map(shown.value).set(boardId, answer); };

  /** undefined: not asked yet. null: the board was never read. */
  const of = (boardId: string): SnapshotAnswer | null | undefined => shown.value.get(boardId);

  async function load(boardId: string): Promise<void> {
    const [answer, stamps] = await Promise.all([core().call('snapshots.latest', { boardId }), core().call('snapshots.list', { boardId })]);
    put(boardId, answer);
    kept.value = new Map(kept.value).set(boardId, [...stamps].sort().reverse());
  }

  async function show(boardId: string, snapshotId: string): Promise<void> {
    put(boardId, await core().call('snapshots.get', { boardId, snapshotId }));
  }

  /** Starts reading the board; the job tells when it is done. As root, sudo may have to ask for a password. */
  async function inspect(boardId: string, asRoot: boolean): Promise<string> {
    return (await core().call('inspect.start', { boardId, asRoot })).jobId;
  }

  /** Takes a capture that was made by hand on a board without a network. */
  async function importCapture(boardId: string, capture: string): Promise<SnapshotAnswer> {
    const answer = await core().call('inspect.import', { boardId, capture });
    await load(boardId);
    return answer;
  }

  async function script(): Promise<string> {
    return (await core().call('inspect.script', {})).text;
  }

  /** The capture of the last reading, as it is stored: evidence to hand on. */
  async function capture(boardId: string): Promise<{ id: string; text: string }> {
    return core().call('snapshots.capture', { boardId });
  }

  function forget(): void {
    shown.value = new Map();
    kept.value = new Map();
  }

  return { of, kept, load, show, inspect, importCapture, script, capture, forget };
});
