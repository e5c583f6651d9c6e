import { setMaxListeners } from 'node:events';
import type { Duplex } from 'node:stream';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Connection } from '../../../shared/model/connection.ts';
import type { Asker } from '../questions/asker.ts';
import { agentAddresses, openAgent } from './agent.ts';
import { createBoardAsker } from './ask.ts';
import { boardRoute, sudoPasswordName } from './board-route.ts';
import type { BoardTerminal, TerminalOptions } from './board-terminal.ts';
import { createChannelGate } from './channel-gate.ts';
import { lostError } from './connect-errors.ts';
import type { BoardSessionOptions } from './create-board-session.ts';
import { monitorLink } from './link-monitor.ts';
import { cancelled } from './open-hop.ts';
import { openRoute } from './open-route.ts';
import type { Route } from './open-route.ts';
import { openForward } from './open-forward.ts';
import { openTerminal } from './open-terminal.ts';
import type { TerminalContext } from './open-terminal.ts';
import { createReconnector } from './reconnector.ts';
import { openReverseForward } from './reverse-forward.ts';
import type { ReverseForward } from './reverse-forward.ts';
import { createScriptRunner } from './script-runner.ts';
import type { ScriptRunner } from './script-runner.ts';
import { createShared } from './shared-attempt.ts';
import type { Timings } from './timings.ts';
import { createTrafficCounter } from './traffic-counter.ts';
import { upload } from './upload.ts';
import type { Uploaded, UploadRequest } from './upload.ts';

export interface OpenLink {
  readonly runner: ScriptRunner;
  /** Aborted with `connection-lost` or `cancelled` when this connection ends. */
  readonly lost: AbortSignal;
  reverseForward(onConnection: (stream: Duplex) => void): Promise<ReverseForward>;
  terminal(options: TerminalOptions, signal: AbortSignal): Promise<Omit<BoardTerminal, 'close'>>;
  upload(request: UploadRequest, signal: AbortSignal): Promise<Uploaded>;
  reach(target: { readonly address: string; readonly port: number }, signal: AbortSignal): Promise<Duplex>;
}

export interface Link {
  open(signal: AbortSignal): Promise<OpenLink>;
  connection(): Connection;
  onConnection(listener: (connection: Connection) => void): () => void;
  traffic(): { receivedBytes: number; sentBytes: number };
  disconnect(): Promise<void>;
}

/** Nobody is there to answer while a connection is renewed by itself. */
const nobody = (name: string): Asker => ({
  ask: () => Promise.reject(new CodedError('question-unanswered', `${name}: connecting again needs an answer of yours.`, { board: name, next: 'Connect again.' })),
});

const REPEATED_ATTEMPTS = 3;

/** How long a dead link may take to pass on our leave-taking before it is cut. */
const FAREWELL_MS = 1000;

/** One connection to one board: opened on demand, watched, and renewed with back-off when it is lost. */
export const createLink = (options: BoardSessionOptions & { readonly timings: Timings }): Link => {
  const { timings, secrets, trust } = options;
  const boardId = options.board().id;
  const listeners = new Set<(connection: Connection) => void>();
  const traffic = createTrafficCounter();
  let connection: Connection = { boardId, state: 'idle', roundTripMs: null, sudo: 'unknown', error: null };
  let current: { readonly link: OpenLink; end(error: CodedError): Promise<void> } | null = null;

  const tell = (change: Partial<Connection>): void => {
    connection = { ...connection, ...change };
    for (const listener of listeners) listener(connection);
  };

  const openOnce = async (asker: Asker, signal: AbortSignal): Promise<OpenLink> => {
    const sudoName = sudoPasswordName(boardId);
    for (let attempt = 1; ; attempt += 1) {
      const board = options.board();
      const boardAsker = createBoardAsker(asker, board, signal);
      try {
        const { hops, pins } = await boardRoute(board, options.practice, secrets);
        const route = await openRoute(board.name, hops, {
          boardId, asker: boardAsker, trust, secrets, timings, signal, pins,
          openAgent: () => openAgent(options.agentAddresses ?? agentAddresses(process.env, process.platform)),
        });
        const { user, address } = route.target;
        const channels: TerminalContext = { client: route.client, gate: createChannelGate(), peer: route.target, timings };
        return watch(route, channels, createScriptRunner({
          ...channels,
          password: async (tries, reason, callSignal) => {
            const kept = secrets.get(sudoName);
            if (kept !== undefined || tries === 0) return kept ?? null;
            const sudoAsker = createBoardAsker(options.asker, board, callSignal);
            const [answer = ''] = await sudoAsker.answers({ kind: 'sudo', user, host: address, reason, attempt: tries }, 'sudo-refused');
            secrets.keep(sudoName, answer);
            return answer;
          },
          forgetPassword: () => { secrets.forget(sudoName); },
          onSudo: (sudo) => { tell({ sudo }); },
        }));
      } catch (error) {
        const coded = CodedError.from(error);
        // A server waits for a log-in two minutes unless configured; a person may need longer. What they answered is known now.
        if (coded.code !== 'connection-lost' || boardAsker.asked() === 0 || attempt >= REPEATED_ATTEMPTS) throw coded;
      }
    }
  };

  const watch = (route: Route, channels: TerminalContext, runner: ScriptRunner): OpenLink => {
    const lost = new AbortController();
    // One listener for every call under way.
    setMaxListeners(0, lost.signal);
    const counted = traffic.count(route.socket);
    const monitor = monitorLink(route.client, route.socket, timings, {
      onChange: (state) => { tell({ state, roundTripMs: monitor.roundTripMs() }); },
      onDead: () => { route.destroy(); },
    });
    const closed = new Promise<void>((resolve) => { route.socket.once('close', () => { resolve(); }); });
    const end = (error: CodedError): void => {
      if (lost.signal.aborted) return;
      monitor.stop();
      current = null;
      lost.abort(error);
    };
    route.client.on('close', () => {
      if (lost.signal.aborted) return;
      const error = lostError(route.target, 'half-way');
      counted.stop();
      route.destroy();
      end(error);
      tell({ state: 'reconnecting', roundTripMs: null, error: error.toData() });
      reconnector.start();
    });
    const link: OpenLink = {
      runner, lost: lost.signal,
      reverseForward: (onConnection) => openReverseForward(route.client, route.target, onConnection, lost.signal),
      terminal: (wanted, signal) => openTerminal(channels, wanted, signal),
      upload: (request, signal) => upload({ ...channels, socket: route.socket }, request, signal),
      reach: (target, signal) => openForward(route.client, route.target, { ...route.target, ...target, hop: route.target.hop + 1, hops: route.target.hops + 1 }, {
        connectMs: timings.connectMs, signal, aborted: () => CodedError.from(signal.reason),
      }),
    };
    current = {
      link,
      end: async (error) => {
        end(error);
        route.close();
        const force = setTimeout(route.destroy, FAREWELL_MS);
        await closed;
        clearTimeout(force);
        counted.stop();
      },
    };
    return link;
  };

  const attempt = createShared((asker: Asker, signal) => {
    const again = connection.state === 'reconnecting';
    tell({ state: again ? 'reconnecting' : 'connecting', error: again ? connection.error : null });
    return openOnce(asker, signal).then((link) => {
      tell({ state: 'connected', roundTripMs: null, sudo: 'unknown', error: null });
      return link;
    }, (thrown: unknown) => {
      const error = CodedError.from(thrown);
      if (error.code === 'cancelled') tell({ state: 'idle', error: null });
      else tell({ state: reconnector.running() && isPassing(error) ? 'reconnecting' : 'failed', error: error.toData() });
      throw error;
    });
  });

  const reconnector = createReconnector(timings, async (signal) => {
    if (current !== null) return 'done';
    try {
      await attempt.join(nobody(options.board().name), signal);
      return 'done';
    } catch (error) {
      return isPassing(CodedError.from(error)) ? 'again' : 'done';
    }
  });

  return {
    open: async (signal) => {
      if (current !== null) return current.link;
      if (signal.aborted) throw signal.reason instanceof CodedError ? signal.reason : cancelled({ board: options.board().name });
      const link = await attempt.join(options.asker, signal);
      reconnector.stop();
      return link;
    },
    connection: () => connection,
    onConnection: (listener) => {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    traffic: () => traffic.total(),
    disconnect: async () => {
      reconnector.stop();
      attempt.cancel();
      const name = options.board().name;
      await current?.end(new CodedError('cancelled', `${name}: you disconnected.`, { board: name, state: 'Whatever had been started detached on the board goes on.' }));
      tell({ state: 'idle', roundTripMs: null, sudo: 'unknown', error: null });
    },
  };
};

/** Failures that may go away by themselves. */
const isPassing = (error: CodedError): boolean => ['connection-lost', 'connection-refused', 'connection-timeout', 'host-not-found'].includes(error.code);
