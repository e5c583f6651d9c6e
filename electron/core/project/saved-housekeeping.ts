import { housekeepingOf } from '../../../shared/planning/cpu-map-proposal.ts';
import type { ProjectStore } from './project-store.ts';

/** The host's CPUs by the map saved for a board; null: none is saved. For whoever is not told which CPUs are the host's. */
export async function savedHousekeeping(store: ProjectStore, boardId: string): Promise<number[] | null> {
  const map = await store.cpuMap(boardId);
  return map === null ? null : housekeepingOf(map);
}
