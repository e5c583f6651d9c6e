import { createHash } from 'node:crypto';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Action } from '../../../shared/model/plan.ts';
import { createPackageLog } from '../../../shared/planning/packages/package-log.ts';
import type { PackagesOutcome, PackagesProgress } from '../../../shared/planning/packages/package-log.ts';
import { isLinkFailure, pauseBeforeRetry } from '../runs/link-failures.ts';
import { boardBusy, unexpected } from '../runs/run-answers.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { callPackages, packagesRoot } from './packages-call.ts';
import { packagesCancelled, packagesError, packagesKilled } from './packages-errors.ts';
import { sendPackageFiles } from './packages-folder.ts';
import { openLaptopWay } from './packages-laptop.ts';
import type { LaptopWay } from './packages-laptop.ts';
import { packagesScript } from './packages-script.ts';

export type PackagesAction = Extract<Action, { kind: 'packages' }>;

export interface PackagesRequest {
  readonly session: BoardSession;
  readonly action: PackagesAction;
  /** How far it is; the fraction never goes back. */
  tell(progress: PackagesProgress): void;
  readonly signal?: AbortSignal | undefined;
  /** For messages; default: the board's id. */
  readonly boardName?: string;
  /** How long another package manager's lock is waited for, in seconds. */
  readonly lockWaitSeconds?: number;
}

const fifteenMinutes = 900;
const followTries = 20;

/**
 * `name version` of every installed package. Where several versions of a kernel stand side by side (RPM), each has a line
 * with its full name, besides the name alone. Errors: `board-tool-missing`, and what the session rejects with.
 */
export async function readPackages(session: BoardSession, signal?: AbortSignal): Promise<string[]> {
  const result = await session.exec(packagesScript, { root: 'if-possible', args: ['list'], timeoutMs: 120_000, ...(signal ? { signal } : {}) });
  if (result.exitCode === 66) throw new CodedError('board-tool-missing', 'The board has neither dpkg nor rpm: its packages cannot be told.', { next: 'Install what is needed by hand.' });
  if (result.exitCode !== 0) throw unexpected(packagesScript, result);
  return result.stdout.toString('utf8').split('\n').filter((line) => line.includes(' '));
}

/**
 * Those of `name=version` that no package source of the board has any more: what an undoing cannot bring back. Empty where
 * the package manager cannot be asked (RPM). Errors: what the session rejects with.
 */
export async function readLostVersions(session: BoardSession, words: readonly string[], signal?: AbortSignal): Promise<string[]> {
  if (words.length === 0) return [];
  const result = await session.exec(packagesScript, { root: 'if-possible', args: ['lost', ...words], timeoutMs: 120_000, ...(signal ? { signal } : {}) });
  if (result.exitCode !== 0) throw unexpected(packagesScript, result);
  return result.stdout.toString('utf8').split('\n').filter((line) => line !== '');
}

/**
 * Installs and removes what an action names, from the source it names; nothing else is removed with it. The work itself runs
 * detached on the board: a lost link is ridden out, and the same action asked for again joins work that is going on. It is
 * idempotent. Errors: `packages-locked` (who holds the lock), `packages-unreachable`, `packages-failed`, `board-disk-full`,
 * `board-busy`, `forwarding-refused`, `file-unreadable`, `cancelled`, and what the session rejects with.
 */
export async function applyPackages({ session, action, tell, signal, boardName = session.boardId, lockWaitSeconds = fifteenMinutes }: PackagesRequest): Promise<void> {
  const words = [...action.install.map((name) => `+${name}`), ...action.remove.map((name) => `-${name}`)];
  const impossible = words.find((word) => word.endsWith('-'));
  if (impossible !== undefined) throw new CodedError('bad-request', `${impossible.slice(1)} is no package’s name.`, { state: 'Nothing was changed.' });
  const key = createHash('sha256').update(JSON.stringify([words, action.source])).digest('hex').slice(0, 16);
  const sent = action.source.kind === 'folder' ? 0.3 : 0;
  const tellWork = ({ fraction, message }: PackagesProgress): void => { tell({ fraction: sent + (1 - sent) * fraction, message }); };
  let way: LaptopWay | null = null;
  try {
    const [state] = await callPackages(session, ['state', key], signal);
    if (state !== 'running') {
      if (action.source.kind === 'folder') {
        const { directory } = action.source;
        await callPackages(session, ['drop', key], signal);
        await sendPackageFiles({ session, key, directory, boardName, signal, tell: (part, name) => { tell({ fraction: sent * part, message: `Sending ${name}` }); } });
      }
      if (action.source.kind === 'laptop' && action.install.length > 0) way = await openLaptopWay(session, signal);
      await start(session, ['start', key, way === null ? (action.source.kind === 'folder' ? 'folder' : 'board') : 'proxy', way?.address ?? '', String(lockWaitSeconds), ...words], boardName, signal);
    }
    const outcome = await followWork(session, key, tellWork, boardName, signal);
    await callPackages(session, ['drop', key], signal);
    if (outcome.exitStatus !== 0) throw packagesError(outcome, boardName, way?.refused());
    tell({ fraction: 1, message: 'Done' });
  } catch (thrown) {
    const error = CodedError.from(thrown);
    if (signal?.aborted !== true) throw error;
    throw packagesCancelled(boardName, await stopWork(session, key));
  } finally {
    await way?.close();
  }
}

async function start(session: BoardSession, args: readonly string[], boardName: string, signal: AbortSignal | undefined): Promise<void> {
  const [word, why = '', ...rest] = await callPackages(session, args, signal);
  if (word === 'started' || word === 'running') return;
  const about = { board: boardName, state: 'Nothing was changed.' };
  if (word === 'busy') {
    const [since = '', ...owner] = rest;
    throw boardBusy(boardName, { runId: why, since: /^\d{1,12}$/.test(since) ? new Date(Number(since) * 1000) : null, owner: owner.join(' ') });
  }
  if (why === 'no-manager') throw new CodedError('board-tool-missing', `${boardName} has neither apt-get nor dnf.`, { ...about, next: 'Install the packages by hand.' });
  if (why === 'not-writable' || why === 'disk-full') throw new CodedError('board-disk-full', `${rest.join(' ')} on ${boardName} cannot be written.`, { ...about, next: 'The file system is full or read-only: look at it with df and mount.' });
  throw new CodedError('packages-failed', `${boardName} did not begin the work on packages (${why}).`, { ...about, next: 'Try again.' });
}

/** Follows the log to its end, through lost links. Errors: `packages-failed` when the work was killed, and the session's. */
async function followWork(session: BoardSession, key: string, tell: (progress: PackagesProgress) => void, boardName: string, signal: AbortSignal | undefined): Promise<PackagesOutcome> {
  const log = createPackageLog();
  const decoder = new TextDecoder();
  let from = 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const stream = await session.stream(packagesScript, {
        ...packagesRoot, args: ['follow', key, String(from)], ...(signal ? { signal } : {}),
        onStdout: (chunk) => {
          from += chunk.length;
          attempt = 1;
          for (const progress of log.take(decoder.decode(chunk, { stream: true }))) tell(progress);
        },
      });
      await stream.done;
      if (log.outcome().exitStatus !== null) return log.outcome();
      const [state] = await callPackages(session, ['state', key], signal);
      if (state === 'killed' || state === 'none') throw packagesKilled(boardName);
      if (attempt >= followTries) throw new CodedError('packages-failed', `${boardName}: the work on packages does not tell how far it is.`, { board: boardName, state: 'It may still be going on.', next: 'Try again: it is joined where it is.' });
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (!isLinkFailure(error) || attempt >= followTries) throw error;
      await pauseBeforeRetry(session, attempt, signal);
    }
  }
}

/** Whether the work has stopped before anything was unpacked. */
async function stopWork(session: BoardSession, key: string): Promise<boolean> {
  try {
    const [word] = await callPackages(session, ['cancel', key]);
    if (word !== 'stopped') return false;
    await callPackages(session, ['drop', key]);
    return true;
  } catch {
    return false;
  }
}
