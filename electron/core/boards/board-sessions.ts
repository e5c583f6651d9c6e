import type { Board, PinnedHostKey } from '../../../shared/model/board.ts';
import type { Connection } from '../../../shared/model/connection.ts';
import type { EventBus } from '../event-bus.ts';
import type { ProjectStore } from '../project/project-store.ts';
import type { Asker } from '../questions/asker.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { createBoardSession } from '../ssh/create-board-session.ts';
import { createHostTrust, type HostTrust } from '../ssh/host-trust.ts';
import { createSecretKeeper } from '../ssh/secret-keeper.ts';
import type { PracticePort } from './practice-port.ts';

interface Parts {
  readonly store: ProjectStore;
  readonly bus: EventBus;
  readonly asker: Asker;
  readonly practice: PracticePort;
}

interface Entry { board: Board; session: BoardSession }

/** The sessions of the open project's boards, one each, made when first asked for. */
export class BoardSessions {
  readonly #parts: Parts;
  readonly #trust: HostTrust;
  readonly #secrets = createSecretKeeper();
  readonly #entries = new Map<string, Entry>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#trust = createHostTrust({ savePin: (boardId, pin) => this.#savePin(boardId, pin) });
  }

  /** Errors: `board-unknown`. */
  async get(boardId: string): Promise<BoardSession> {
    const board = await this.#parts.store.board(boardId);
    const known = this.#entries.get(boardId);
    if (known) {
      known.board = board;
      return known.session;
    }
    const { asker, practice, bus } = this.#parts;
    const session = createBoardSession({
      board: () => this.#entries.get(boardId)?.board ?? board, asker, practice, trust: this.#trust, secrets: this.#secrets,
    });
    session.onConnection((connection) => { bus.emit('connection', connection); });
    this.#entries.set(boardId, { board, session });
    return session;
  }

  connection(boardId: string): Connection {
    return this.#entries.get(boardId)?.session.connection() ?? { boardId, state: 'idle', roundTripMs: null, sudo: 'unknown', error: null };
  }

  /** Ends the connection; the next use makes a new one with the settings as they then are. */
  async forget(boardId: string): Promise<void> {
    const entry = this.#entries.get(boardId);
    this.#entries.delete(boardId);
    await entry?.session.disconnect();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((boardId) => this.forget(boardId)));
    this.#secrets.forgetAll();
  }

  async #savePin(boardId: string, pin: PinnedHostKey): Promise<void> {
    const board = await this.#parts.store.board(boardId);
    const others = board.hostKeys.filter((known) => known.host !== pin.host || known.port !== pin.port || known.type !== pin.type);
    const changed = { ...board, hostKeys: [...others, pin] };
    await this.#parts.store.saveBoard(changed);
    const entry = this.#entries.get(boardId);
    if (entry) entry.board = changed;
  }
}
