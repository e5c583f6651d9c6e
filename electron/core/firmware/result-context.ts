import { firmwareLimit } from '../../../shared/model/firmware-gate.ts';
import type { Run } from '../../../shared/model/run.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import type { ResultContext } from '../../../shared/statistics/run-result.ts';
import { wordsOfLoads } from '../../../shared/statistics/run-loads.ts';
import { isVirtualised } from '../../../shared/statistics/virtualised.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { readGate } from './gate-store.ts';

/** What a run is judged in the light of: whether its board is a VM, whether its firmware stands in the way, and which loads were on. */
export async function resultContextOf(store: ProjectStore, run: Run, snapshot: Snapshot | null): Promise<ResultContext> {
  // A board that was taken out of the project has no gate any more; its runs stay.
  const gate = await readGate(store, run.boardId).catch(() => null);
  const limit = firmwareLimit(gate, snapshot?.identity.firmware ?? { version: null, date: null });
  const { conditions, notComparable } = wordsOfLoads(run.loads ?? []);
  return { virtualised: isVirtualised(snapshot), snapshot, conditions: [...limit === null ? [] : [limit], ...conditions], notComparable };
}
