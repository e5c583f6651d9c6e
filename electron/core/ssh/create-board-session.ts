import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { Connection } from '../../../shared/model/connection.ts';
import type { PracticePort } from '../boards/practice-port.ts';
import type { Asker } from '../questions/asker.ts';
import type { BoardSession, ExecOptions } from './board-session.ts';
import type { HostTrust } from './host-trust.ts';
import { createLink } from './link.ts';
import type { OpenLink } from './link.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import type { RunningScript, StdoutListener } from './script-runner.ts';
import type { BoardScript } from './board-session.ts';
import { defaultTimings } from './timings.ts';
import type { Timings } from './timings.ts';

export interface BoardSessionOptions {
  /** Read anew at every connection, so that changed settings and pins count from the next one on. */
  board(): Board;
  readonly asker: Asker;
  readonly trust: HostTrust;
  /** May be shared by the sessions of one core: names in it tell users, hosts and boards apart. */
  readonly secrets: SecretKeeper;
  readonly practice?: PracticePort;
  readonly timings?: Partial<Timings>;
  /** Where an SSH agent is looked for; default: as this process's environment and platform say. */
  readonly agentAddresses?: readonly string[];
}

/** A session with one board. Nothing is connected before the first use. */
export const createBoardSession = (options: BoardSessionOptions): BoardSession => {
  const timings = { ...defaultTimings, ...options.timings };
  const link = createLink({ ...options, timings });
  const boardId = options.board().id;

  /** Begins work on the open connection; it is told to stop when the connection is lost or somebody cancels it. */
  const begin = async <T extends { readonly done: Promise<unknown> }>(
    what: string, signal: AbortSignal | undefined, work: (open: OpenLink, stopped: AbortSignal) => Promise<T>,
  ): Promise<{ running: T; cancel(): void }> => {
    const name = options.board().name;
    const stop = new AbortController();
    const cancel = (): void => {
      stop.abort(new CodedError('cancelled', `${name}: ${what} was cancelled.`, { board: name, state: 'It was told to stop.' }));
    };
    const finished = (): void => { signal?.removeEventListener('abort', cancel); };
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted === true) cancel();
    try {
      const open = await link.open(stop.signal);
      const onLost = (): void => { stop.abort(open.lost.reason); };
      open.lost.addEventListener('abort', onLost, { once: true });
      if (open.lost.aborted) onLost();
      const over = (): void => { finished(); open.lost.removeEventListener('abort', onLost); };
      try {
        const running = await work(open, stop.signal);
        running.done.then(over, over);
        return { running, cancel };
      } catch (error) {
        over();
        // A channel breaks a moment before the loss of the link is known: the reason of the abort says more.
        throw stop.signal.aborted ? stop.signal.reason : error;
      }
    } catch (error) {
      finished();
      throw CodedError.from(error);
    }
  };
  const start = (script: BoardScript, execOptions: ExecOptions, onStdout: StdoutListener | null): Promise<{ running: RunningScript; cancel(): void }> =>
    begin(script.name, execOptions.signal, (open, stopped) => open.runner.start(script, execOptions, stopped, onStdout));

  return {
    boardId,
    connect: async (signal) => {
      await link.open(signal ?? new AbortController().signal);
      return link.connection();
    },
    exec: async (script, execOptions = {}) => {
      const { running } = await start(script, execOptions, null);
      return running.done;
    },
    stream: async (script, { onStdout, ...execOptions }) => {
      const { running, cancel } = await start(script, execOptions, onStdout);
      running.done.catch(() => undefined);
      return { done: running.done, close: cancel };
    },
    reverseForward: async (onConnection, signal) => {
      try {
        const open = await link.open(signal ?? new AbortController().signal);
        return await open.reverseForward(onConnection);
      } catch (error) {
        throw CodedError.from(error);
      }
    },
    upload: async (request) => {
      const { running } = await begin(`sending ${request.localPath}`, request.signal, (open, stopped) => Promise.resolve({ done: open.upload(request, stopped) }));
      return running.done;
    },
    reach: async (target, signal) => {
      const { running } = await begin(`reaching ${target.address}`, signal, async (open, stopped) => {
        const stream = await open.reach(target, stopped);
        return { stream, done: Promise.resolve() };
      });
      return running.stream;
    },
    terminal: async (terminalOptions) => {
      const { running, cancel } = await begin('the terminal', terminalOptions.signal, (open, stopped) => open.terminal(terminalOptions, stopped));
      return { ...running, close: cancel };
    },
    connection: (): Connection => link.connection(),
    onConnection: (listener) => link.onConnection(listener),
    traffic: () => link.traffic(),
    disconnect: () => link.disconnect(),
  };
};
