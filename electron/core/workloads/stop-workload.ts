import { CodedError } from '../../../shared/contract/errors.ts';
import { unexpected } from '../runs/run-answers.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { stopWorkloadScript } from './workload-scripts.ts';

/**
 * Ends a board's load and removes everything it made there. As root where root started it: the sudo password is asked for then.
 * Gives the kind that was stopped; null: there was none. Error besides those of the session: `board-command-failed`.
 */
export async function stopWorkload(session: BoardSession, boardName: string, signal?: AbortSignal): Promise<string | null> {
  for (const root of ['if-possible', 'required'] as const) {
    const result = await session.exec(stopWorkloadScript, { root, reason: 'to stop a load that root started', timeoutMs: 120_000, ...(signal === undefined ? {} : { signal }) });
    const [word, ...words] = result.stdout.toString('utf8').trim().split(' ');
    if (result.exitCode !== 0) throw unexpected(stopWorkloadScript, result);
    if (word === 'none') return null;
    if (word === 'stopped') return words[0] ?? '';
    if (word === 'refused') throw new CodedError('board-command-failed', `The load on ${boardName} could not be ended and removed (${words.slice(1).join(' ')}).`, { board: boardName, state: 'Some of it may still be there.', next: 'Stop it once more; then look at its processes on the board.' });
    if (word !== 'needs-root') throw unexpected(stopWorkloadScript, result);
  }
  throw new CodedError('board-command-failed', `The load on ${boardName} was started by another user.`, { board: boardName, state: 'It goes on.', next: 'Log in as the user who started it, or as root.' });
}
