import type { Board } from '../../../shared/model/board.ts';
import type { JobContext } from '../jobs/job-registry.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import type { FileChangeStore } from './file-change-store.ts';
import type { RedfishAccess } from './redfish-access.ts';

/**
 * How long a board may take to come back: after `slowMs` the person is told, after `lostMs` we stop waiting.
 * A board that answers has `servicesMs` for the rest of its start.
 */
export interface RestartPatience { readonly slowMs: number; readonly lostMs: number; readonly servicesMs: number }

/** A server with much memory takes minutes before its boot loader. */
export const usualPatience: RestartPatience = { slowMs: 180_000, lostMs: 900_000, servicesMs: 120_000 };

/** What every part of applying, resuming and undoing works with. */
export interface ChangeWork {
  readonly session: BoardSession;
  readonly store: FileChangeStore;
  readonly board: Board;
  /** Who does it, for the colleague who finds the board in use: `user@laptop`. */
  readonly owner: string;
  /** What a restart may end, as it was named to the person who agreed. */
  readonly mayEnd: readonly string[];
  readonly redfish?: RedfishAccess | undefined;
  readonly patience: RestartPatience;
  readonly tell: JobContext['tell'];
  readonly signal: AbortSignal;
}
