import type { Board, Hop, PinnedHostKey } from '../../shared/model/board.ts';
import type { Connection } from '../../shared/model/connection.ts';
import type { Answer, QuestionBody } from '../../shared/model/question.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import { createBoardSession } from '../../electron/core/ssh/create-board-session.ts';
import type { BoardSessionOptions } from '../../electron/core/ssh/create-board-session.ts';
import { createHostTrust } from '../../electron/core/ssh/host-trust.ts';
import { createSecretKeeper } from '../../electron/core/ssh/secret-keeper.ts';
import { CodedError } from '../../shared/contract/errors.ts';
import type { SshdServer } from './sshd-server.ts';

/** A person at the screen: accepts host keys unless told otherwise, answers from what it was given, remembers every question. */
export interface ScriptedPerson {
  readonly questions: QuestionBody[];
  ask(board: { id: string; name: string }, body: QuestionBody, signal?: AbortSignal): Promise<Answer>;
}

export const person = (answer: (body: QuestionBody) => Answer | Promise<Answer> | undefined = () => undefined): ScriptedPerson => {
  const questions: QuestionBody[] = [];
  return {
    questions,
    ask: async (_board, body) => {
      questions.push(body);
      const given = await answer(body);
      if (given !== undefined) return given;
      return body.kind === 'host-key' ? { kind: 'accept' } : { kind: 'refuse' };
    },
  };
};

export const answers = (...texts: string[]): Answer => ({ kind: 'answers', answers: texts });

export interface KitOptions {
  readonly target: Hop;
  readonly jumps?: readonly Hop[];
  readonly pins?: readonly PinnedHostKey[];
  readonly knownHostsFiles?: readonly string[];
  readonly asker?: BoardSessionOptions['asker'];
  readonly timings?: BoardSessionOptions['timings'];
  readonly agentAddresses?: readonly string[];
  readonly secrets?: BoardSessionOptions['secrets'];
}

export interface SessionKit {
  readonly session: BoardSession;
  readonly pins: PinnedHostKey[];
  readonly states: Connection[];
  /** Resolves at the first change to a connection for which `wanted` holds (or at once, if it does). */
  until(wanted: (connection: Connection) => boolean): Promise<Connection>;
}

/** A session with a board that exists only in the test, with short pauses and no files of the user's. */
export const sessionKit = (options: KitOptions): SessionKit => {
  const pins: PinnedHostKey[] = [...(options.pins ?? [])];
  const board = (): Board => ({
    schema: 1, id: 'board-1', name: 'Bench 1', role: 'bare', notes: '', hostKeys: pins, addedAt: '20261120T141000Z',
    reach: { kind: 'ssh', target: options.target, jumps: [...(options.jumps ?? [])] },
  });
  const session = createBoardSession({
    board, asker: options.asker ?? person(), secrets: options.secrets ?? createSecretKeeper(),
    trust: createHostTrust({ savePin: (_board, pin) => { pins.push(pin); }, knownHostsFiles: options.knownHostsFiles ?? [] }),
    timings: { firstRetryMs: 50, longestRetryMs: 200, ...options.timings },
    agentAddresses: options.agentAddresses ?? [],
  });
  const states: Connection[] = [];
  session.onConnection((connection) => { states.push(connection); });
  const until: SessionKit['until'] = (wanted) => new Promise((resolve) => {
    if (wanted(session.connection())) { resolve(session.connection()); return; }
    const stop = session.onConnection((connection) => {
      if (!wanted(connection)) return;
      stop();
      resolve(connection);
    });
  });
  return { session, pins, states, until };
};

export const keyHop = (server: SshdServer, port = server.port): Hop =>
  ({ address: '127.0.0.1', port, user: server.user, login: { method: 'key', keyFile: server.keyFile } });

export const passwordHop = (server: SshdServer, port = server.port): Hop =>
  ({ address: '127.0.0.1', port, user: server.user, login: { method: 'password' } });

/** The coded error a promise rejects with; anything else is a failure of the test. */
export const codedError = async (promise: Promise<unknown>): Promise<CodedError> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw new Error('rejected with something that is no CodedError', { cause: error });
  }
  throw new Error('did not reject');
};
