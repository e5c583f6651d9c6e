import { defineStore } from 'pinia';
import { core } from '../api/core.ts';
import { CodedError, type CodedErrorData } from '../../shared/contract/errors.ts';

export interface ConsoleListener {
  onOutput(text: string): void;
  /** null: its program ended by itself. */
  onClosed(error: CodedErrorData | null): void;
}

/** A terminal on a board, open until it is closed here or ends there. */
export interface OpenConsole {
  write(text: string): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

/** A call takes at most this much; what is pasted may be longer. */
const mostAtOnce = 50_000;

/** The terminals this window has open. What is typed and shown in them is kept nowhere. */
export const useConsoles = defineStore('consoles', () => {
  const open = new Map<string, ConsoleListener>();
  let listening = false;

  function listen(): void {
    if (listening) return;
    listening = true;
    core().on('console-output', ({ consoleId, text }) => { open.get(consoleId)?.onOutput(text); });
    core().on('console-closed', ({ consoleId, error }) => { end(consoleId, error); });
    core().onLost(() => {
      const error = new CodedError('link-lost', 'The window lost its connection to the RTVM Bench core.', { next: 'Start the application again.' }).toData();
      for (const consoleId of open.keys()) end(consoleId, error);
    });
  }

  function end(consoleId: string, error: CodedErrorData | null): void {
    const listener = open.get(consoleId);
    open.delete(consoleId);
    listener?.onClosed(error);
  }

  /** Opens a VM's serial console, or a log-in to the board (`vm` null). Errors: those of `consoles.open`. */
  async function begin(where: { boardId: string; vm: string | null; columns: number; rows: number }, listener: ConsoleListener): Promise<OpenConsole> {
    listen();
    const { consoleId } = await core().call('consoles.open', where);
    open.set(consoleId, listener);
    // One that has ended meanwhile says so by its own event.
    const ended = () => undefined;
    const failed = (thrown: unknown) => {
      const error = CodedError.from(thrown);
      if (error.code === 'too-large') listener.onOutput(`\r\n[${error.message}]\r\n`);
    };
    return {
      write: (text) => {
        for (let at = 0; at < text.length; at += mostAtOnce) core().call('consoles.write', { consoleId, text: text.slice(at, at + mostAtOnce) }).catch(failed);
      },
      resize: (columns, rows) => { core().call('consoles.resize', { consoleId, columns, rows }).catch(ended); },
      close: () => {
        open.delete(consoleId);
        core().call('consoles.close', { consoleId }).catch(ended);
      },
    };
  }

  return { begin };
});
