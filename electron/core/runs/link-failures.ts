import { CodedError, type ErrorCode } from '../../../shared/contract/errors.ts';
import type { BoardSession } from '../ssh/board-session.ts';

/** What may be over in a while by itself: a cable, a switch, a board that boots, a server that is restarted. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'connection-lost', 'connection-timeout', 'connection-refused', 'host-not-found', 'board-timeout', 'channel-refused', 'not-ssh',
]);

export const isLinkFailure = (error: CodedError): boolean => passing.has(error.code);

const longestPauseMs = 10_000;

/** Waits longer after each attempt, up to ten seconds; at once when the session is connected again. Rejects with `cancelled`. */
export async function pauseBeforeRetry(session: BoardSession, attempt: number, signal?: AbortSignal): Promise<void> {
  const ms = Math.min(longestPauseMs, 250 * 2 ** Math.min(attempt, 10));
  await new Promise<void>((resolve, reject) => {
    const finish = (): void => { stopListening(); clearTimeout(timer); signal?.removeEventListener('abort', abort); };
    const abort = (): void => { finish(); reject(cancelled(signal)); };
    const go = (): void => { finish(); resolve(); };
    const timer = setTimeout(go, ms);
    const stopListening = session.onConnection(({ state }) => { if (state === 'connected') go(); });
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

export function cancelled(signal: AbortSignal | undefined): CodedError {
  return signal?.reason instanceof CodedError ? signal.reason : new CodedError('cancelled', 'Cancelled.', { state: 'A run that was started goes on on the board.' });
}
