import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { EventListener } from '../event-bus.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import type { BoardTerminal } from '../ssh/board-terminal.ts';
import { OutputPacer } from './output-pacer.ts';

/** A terminal takes a channel while it is open; OpenSSH allows ten unless configured, and readings and runs need some. */
const mostPerBoard = 4;
const openOn = new WeakMap<BoardSession, number>();

interface Size { readonly columns: number; readonly rows: number }

/** The terminals of one window. They end with its link: a window that reloads opens its own. */
export class ConsoleDesk {
  readonly #emit: EventListener;
  readonly #left = new AbortController();
  readonly #consoles = new Map<string, BoardTerminal>();

  /** `emit` tells the window of its terminals' output and end. */
  constructor(emit: EventListener) {
    this.#emit = emit;
    setMaxListeners(0, this.#left.signal);
  }

  /**
   * Opens a terminal with `command`, or with the login shell. Output begins after this has resolved.
   * Errors: `board-busy` when the board has enough of them open, and what the session rejects with.
   */
  async open(session: BoardSession, boardName: string, command: string | null, size: Size): Promise<string> {
    const others = openOn.get(session) ?? 0;
    if (others >= mostPerBoard) throw new CodedError('board-busy', `${boardName} has ${String(mostPerBoard)} terminals open already.`, { board: boardName, next: 'Close one of them, then open another.' });
    openOn.set(session, others + 1);
    const leave = (): void => { openOn.set(session, (openOn.get(session) ?? 1) - 1); };
    const consoleId = `console-${randomUUID()}`;
    const pacer = new OutputPacer((text) => { this.#emit('console-output', { consoleId, text }); });
    try {
      const terminal = await session.terminal({ command, ...size, signal: this.#left.signal, onOutput: (chunk) => pacer.take(chunk) });
      this.#consoles.set(consoleId, terminal);
      const ended = (error: CodedError | null): void => {
        leave();
        // Even a terminal that ends at once is told of after the answer to the call that opened it.
        setImmediate(() => {
          // One that was closed from here has no end to tell.
          if (!this.#consoles.delete(consoleId)) return;
          pacer.end();
          this.#emit('console-closed', { consoleId, error: error?.toData() ?? null });
        });
      };
      terminal.done.then(() => { ended(null); }, (thrown: unknown) => { ended(CodedError.from(thrown)); });
      return consoleId;
    } catch (thrown) {
      leave();
      throw thrown;
    }
  }

  /** What is typed goes to the board and nowhere else. Errors: `bad-request` when there is no such terminal, `too-large`. */
  write(consoleId: string, text: string): void {
    this.#get(consoleId).write(text);
  }

  resize(consoleId: string, { columns, rows }: Size): void {
    this.#get(consoleId).resize(columns, rows);
  }

  /** One that has ended is closed already. */
  close(consoleId: string): void {
    const terminal = this.#consoles.get(consoleId);
    this.#consoles.delete(consoleId);
    terminal?.close();
  }

  /** The window is gone. */
  closeAll(): void {
    this.#consoles.clear();
    this.#left.abort(new CodedError('cancelled', 'The window of this terminal was closed.'));
  }

  #get(consoleId: string): BoardTerminal {
    const terminal = this.#consoles.get(consoleId);
    if (!terminal) throw new CodedError('bad-request', 'This terminal has ended.', { next: 'Open it again.' });
    return terminal;
  }
}
