import type { ProjectStore } from '../project/project-store.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { inspect } from './probe.ts';

interface Request {
  readonly session: BoardSession;
  readonly store: ProjectStore;
  readonly boardId: string;
  readonly root: 'if-possible' | 'required';
  readonly signal?: AbortSignal;
}

/** Reads a board and keeps the reading in the project. Gives the snapshot's id. Errors: those of reading and of the project. */
export async function readAndStore({ session, store, boardId, root, signal }: Request): Promise<string> {
  const { captureText, snapshot } = await inspect(session, { root, ...(signal ? { signal } : {}) });
  return store.saveSnapshot(boardId, captureText, snapshot);
}
