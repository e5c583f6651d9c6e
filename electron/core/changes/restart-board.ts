import { CodedError } from '../../../shared/contract/errors.ts';
import { cancelled, isLinkFailure, pauseBeforeRetry } from '../runs/link-failures.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { activityScript, restartScript } from './change-scripts.ts';
import type { ChangeWork } from './change-work.ts';
import { overBadLink } from './over-bad-link.ts';
import { readTargets, type BoardMoment } from './read-targets.ts';

type Work = Pick<ChangeWork, 'session' | 'board' | 'mayEnd' | 'patience' | 'tell' | 'signal'>;

/** What a restart of this board would end: `run ID OWNER` and `vm NAME`. Errors: what the session rejects with. */
export async function activityOf(session: BoardSession, signal?: AbortSignal): Promise<string[]> {
  const result = await session.exec(activityScript, { root: 'if-possible', timeoutMs: 60_000, ...(signal ? { signal } : {}) });
  return result.stdout.toString('utf8').split('\n').filter((line) => /^(?:run|vm) /.test(line));
}

/** Errors: `restart-ends-work` naming what would be ended, unless all of it was agreed to. */
export async function mustBeFree({ session, board, mayEnd, signal }: Pick<Work, 'session' | 'board' | 'mayEnd' | 'signal'>): Promise<void> {
  const ended = (await activityOf(session, signal)).filter((work) => !mayEnd.includes(work));
  if (ended.length === 0) return;
  throw new CodedError('restart-ends-work', `A restart of ${board.name} would end: ${ended.join(', ')}.`, {
    board: board.name, state: 'The board was not restarted.', next: 'Wait until that has ended, or agree that it is ended.', details: { ends: ended },
  });
}

/** Tells the board to start again. A link that goes with the board is what is expected. */
export async function askToRestart({ session, signal }: Pick<Work, 'session' | 'signal'>, bootId: string): Promise<void> {
  try {
    await session.exec(restartScript, { args: [bootId], root: 'required', reason: 'to restart the board', timeoutMs: 30_000, signal });
  } catch (thrown) {
    const error = CodedError.from(thrown);
    if (!isLinkFailure(error)) throw error;
  }
}

/**
 * Waits until the board answers with another boot than `bootId`. Its host key is checked as at every connection.
 * Errors: `board-not-back` after the patience is over, `host-key-changed` and what else is no mere absence, `cancelled`.
 */
export async function awaitRestart({ session, board, patience, tell, signal }: Work, bootId: string): Promise<BoardMoment> {
  const since = Date.now();
  let told = '';
  const say = (message: string) => {
    if (message !== told) tell({ kind: 'progress', message, fraction: null });
    told = message;
  };
  for (;;) {
    if (signal.aborted) throw cancelled(signal);
    try {
      const moment = await readTargets({ session, actions: [], signal });
      if (moment.bootId !== bootId) return moment;
      say(`${board.name} is still shutting down.`);
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (!isLinkFailure(error) && error.code !== 'board-command-failed') throw error;
      const awayMs = Date.now() - since;
      say(awayMs < patience.slowMs ? `${board.name} is restarting.` : `${board.name} has been away for ${Math.floor(awayMs / 60_000)} min: slower than usual. A server may take ten minutes; look at its console if you can.`);
    }
    if (Date.now() - since > patience.lostMs) {
      throw new CodedError('board-not-back', `${board.name} has not come back within ${Math.round(patience.lostMs / 60_000)} min of its restart.`, {
        board: board.name, state: 'The change is as far as its journal says; nothing more is done without you.',
        next: 'Go to its console: a kernel that hangs needs the power switched off and on; the boot loader then starts the default entry. Then resume the change here, or roll it back.',
      });
    }
    // Ask every two seconds: often enough to be quick, seldom enough to be nothing to the board.
    await pauseBeforeRetry(session, 3, signal);
  }
}

/**
 * Waits until a board that answers has started its services: what sets it up (sysctl files, keepers, the network) is then
 * through. A unit that never gets ready holds this up for `patience.servicesMs` and no longer. Errors: what the session rejects with.
 */
export async function awaitServices(work: Work): Promise<void> {
  const { session, board, patience, tell, signal } = work;
  const since = Date.now();
  while ((await overBadLink(work, () => readTargets({ session, actions: [], signal }))).starting && Date.now() - since < patience.servicesMs) {
    tell({ kind: 'progress', message: `${board.name} answers and is starting its services.`, fraction: null });
    await pauseBeforeRetry(session, 3, signal);
  }
}
