import type { Run } from '../../../shared/model/run.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { loadJournal } from './load-journal.ts';
import { stopAnswer } from './run-answers.ts';
import { stopScript } from './run-scripts.ts';
import type { RunStore } from './run-store.ts';

/**
 * Asks the board to end a run early; what it has measured is kept, and the journal's end tells the follower.
 * `orphan`: the runner was gone already and its cyclictest was ended. `not-running`: there was nothing to end.
 */
export async function stopRun({ session, store, run, signal }: { session: BoardSession; store: RunStore; run: Run; signal?: AbortSignal }): Promise<'asked' | 'orphan' | 'not-running'> {
  const { header } = await loadJournal(store, run.id, { keep: 'watching' });
  const root = header === null ? 'if-possible' : header.asRoot ? 'required' : 'never';
  const result = await session.exec(stopScript, { args: [run.id], root, reason: 'to stop the run', timeoutMs: 30_000, ...(signal === undefined ? {} : { signal }) });
  return stopAnswer(stopScript, result);
}
