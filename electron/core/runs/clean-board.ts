import { CodedError } from '../../../shared/contract/errors.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { boardBusy, cleanAnswer } from './run-answers.ts';
import { cleanScript } from './run-scripts.ts';

export interface Cleaned { readonly removed: ReadonlyArray<{ path: string; kib: number }> }

/**
 * Removes everything of ours from a board: the login user's folder and, where there is one, root's (for which the sudo
 * password is asked if needed).
 * Errors: `board-busy` while a run goes on, `vm-refused` while VMs that were made from here are there, `board-command-failed` when something could not be removed.
 */
export async function cleanBoard(session: BoardSession, { signal, boardName = session.boardId }: { signal?: AbortSignal; boardName?: string } = {}): Promise<Cleaned> {
  const removed: Array<{ path: string; kib: number }> = [];
  for (const root of ['never', 'required'] as const) {
    const result = await session.exec(cleanScript, { root, reason: 'to remove what runs left on the board', timeoutMs: 60_000, ...(signal === undefined ? {} : { signal }) });
    const answer = cleanAnswer(cleanScript, result);
    if (answer.kind === 'busy') throw boardBusy(boardName, answer.holder);
    if (answer.kind === 'vms') {
      throw new CodedError('vm-refused', `VMs that were made from here are still on ${boardName}: ${answer.names.join(', ')}. What is known of their files is kept in the folder that would go.`, {
        board: boardName, state: removed.length === 0 ? 'Nothing was removed.' : 'The login user’s folder was removed; the system’s was not.', next: 'Remove these VMs first, then clean the board.', details: { vms: [...answer.names] },
      });
    }
    if (answer.kind === 'not-removed') {
      throw new CodedError('board-command-failed', `${answer.path} on ${boardName} could not be removed.`, { board: boardName, next: 'Look at its owner and permissions on the board.' });
    }
    if (answer.kind === 'removed') removed.push({ path: answer.path, kib: answer.kib });
    if (!/^system-folder$/m.test(result.stdout.toString('utf8'))) break;
  }
  return { removed };
}
