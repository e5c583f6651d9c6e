import type { Client } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Connection } from '../../../shared/model/connection.ts';
import type { BoardScript, ExecOptions, ExecResult } from './board-session.ts';
import type { ChannelGate } from './channel-gate.ts';
import type { Peer } from './connect-errors.ts';
import { followChannel } from './follow-channel.ts';
import type { ChannelEnd, LauncherWord } from './follow-channel.ts';
import { openChannel } from './open-channel.ts';
import type { OpenedChannel } from './open-channel.ts';
import { freeSudoCommand, newCallWords, passwordSudoCommand, plainCommand, probingCommand } from './remote-commands.ts';
import type { CallWords } from './remote-commands.ts';
import { scriptInput } from './script-input.ts';
import { strangeSudo, sudoError, wrongPasswords } from './sudo-errors.ts';
import type { Timings } from './timings.ts';

export interface RunnerContext {
  readonly client: Client;
  readonly gate: ChannelGate;
  readonly peer: Peer;
  readonly timings: Timings;
  /** The sudo password given before, if any; `attempt` 0 only looks and never asks. */
  password(attempt: number, reason: string, signal: AbortSignal): Promise<string | null>;
  forgetPassword(): void;
  onSudo(state: Connection['sudo']): void;
}

/** A script that has been started. */
export interface RunningScript {
  readonly done: Promise<ExecResult>;
}

export interface ScriptRunner {
  /** Resolves when the script's text is on its way, after sudo has let it in where that is needed. */
  start(script: BoardScript, options: ExecOptions, signal: AbortSignal, onStdout: StdoutListener | null): Promise<RunningScript>;
}

export type StdoutListener = (chunk: Buffer) => void | Promise<void>;

/** How root is reached on this connection, once it is known. */
type RootWay = 'unknown' | 'we-are-root' | 'sudo-free' | 'sudo-password' | 'refused';

const MAX_ATTEMPTS = 3;

/** Runs board scripts over one connection, as the login user or as root. Rejects with CodedError only. */
export const createScriptRunner = (context: RunnerContext): ScriptRunner => {
  const { client, gate, peer, timings, onSudo } = context;
  let way: RootWay = 'unknown';
  let granted = false;
  let turn: Promise<unknown> = Promise.resolve();

  const learn = (next: RootWay, state: Connection['sudo']): void => {
    way = next;
    onSudo(state);
  };

  const start: ScriptRunner['start'] = async (script, options, signal, onStdout) => {
    const input = scriptInput(script, options.args ?? []);
    const root = options.root ?? 'never';

    const begin = async (command: string, words: CallWords | null, password: string | null): Promise<Begun> =>
      beginScript(await openChannel(client, gate, command, peer, timings, signal), { words, password, signal, onStdout, silenceMs: timings.sudoSilenceMs });

    const run = (begun: Begun, asRoot: boolean): RunningScript => {
      begun.send(input);
      return { done: withTimeout(begun, script, options.timeoutMs, peer).then(({ exitCode, signal: name, stdout, stderr }) => ({ exitCode, signal: name, stdout, stderr, asRoot })) };
    };
    const plain = async (asRoot: boolean): Promise<RunningScript> => run(await begin(plainCommand, null, null), asRoot);

    const probe = async (): Promise<RunningScript | null> => {
      const words = newCallWords();
      const given = await context.password(0, '', signal) !== null;
      const begun = await begin(probingCommand(words, root === 'required' || given ? 'stop' : 'run-as-user'), words, null);
      const word = begun.word;
      if (word === null) throw strangeSudo(begun.said(), peer.board, peer.user);
      if (word.word === 'root') learn('we-are-root', 'not-needed');
      else if (word.word === 'sudo') learn('sudo-free', 'not-needed');
      else learn('sudo-password', granted ? 'granted' : 'not-asked');
      if (word.word !== 'denied') return run(begun, word.word !== 'user');
      begun.close();
      const error = sudoError(word.rest, peer.board, peer.user);
      if (error === null) return null;
      learn('refused', 'refused');
      if (root === 'required') throw error;
      return null;
    };

    const withPassword = async (ask: boolean): Promise<RunningScript | null> => {
      for (let attempt = 0; attempt <= MAX_ATTEMPTS; attempt += 1) {
        if (attempt > 0 && !ask) return null;
        const password = await context.password(attempt, options.reason ?? `to run ${script.name} as root`, signal);
        if (password === null) continue;
        const words = newCallWords();
        const begun = await begin(passwordSudoCommand(words), words, password);
        if (begun.word !== null) {
          granted = true;
          learn('sudo-password', 'granted');
          return run(begun, true);
        }
        begun.close();
        context.forgetPassword();
        const wrong = begun.wrongPassword() && sudoError(begun.said(), peer.board, peer.user) === null;
        if (!wrong) {
          learn('refused', 'refused');
          if (!ask) return null;
          throw strangeSudo(begun.said(), peer.board, peer.user);
        }
      }
      learn('refused', 'refused');
      throw wrongPasswords(peer.board, peer.user, MAX_ATTEMPTS);
    };

    const asRoot = async (): Promise<RunningScript> => {
      if (way === 'we-are-root') return plain(true);
      if (way === 'sudo-free') {
        const words = newCallWords();
        const begun = await begin(freeSudoCommand(words), words, null);
        if (begun.word !== null) return run(begun, true);
        way = 'unknown';
      }
      if (way === 'unknown' || (way === 'refused' && root === 'required')) {
        const running = await probe();
        if (running !== null) return running;
      }
      return (way === 'sudo-password' ? await withPassword(root === 'required') : null) ?? plain(false);
    };

    if (root === 'never') return plain(way === 'we-are-root');
    if (way === 'we-are-root' || way === 'sudo-free' || granted) return asRoot();
    // Until it is settled how root is reached, one at a time: a person is asked once, not once for every caller.
    const mine = turn.then(() => { signal.throwIfAborted(); return asRoot(); });
    turn = mine.catch(() => undefined);
    return mine;
  };
  return { start };
};

interface Begun {
  readonly ended: Promise<ChannelEnd>;
  /** What the launcher said; null when it ended, fell silent or asked for the password again. */
  readonly word: LauncherWord | null;
  said(): string;
  wrongPassword(): boolean;
  send(input: Buffer): void;
  close(): void;
}

interface BeginOptions {
  readonly words: CallWords | null;
  readonly password: string | null;
  readonly signal: AbortSignal;
  readonly onStdout: StdoutListener | null;
  readonly silenceMs: number;
}

/** Follows a channel until the script may be sent. The password is written when, and only when, our own prompt shows up. */
const beginScript = async ({ channel, leave }: OpenedChannel, { words, password, signal, onStdout, silenceMs }: BeginOptions): Promise<Begun> => {
  let prompts = 0;
  let said = '';
  let settle: (word: LauncherWord | null) => void = () => undefined;
  const settled = new Promise<LauncherWord | null>((resolve) => { settle = resolve; });
  const following = followChannel(channel, {
    words,
    onStdout,
    onPrompt: () => {
      prompts += 1;
      if (prompts === 1 && password !== null) channel.write(`${password}\n`);
      else settle(null);
    },
    onWord: (word) => { settle(word); },
  });
  const close = (): void => {
    if (channel.writable) channel.signal('TERM');
    channel.close();
  };
  const onAbort = (): void => { close(); settle(null); };
  signal.addEventListener('abort', onAbort, { once: true });
  channel.once('close', () => { signal.removeEventListener('abort', onAbort); leave(); });
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => { reject(CodedError.from(signal.reason)); }, { once: true });
    if (signal.aborted) { onAbort(); reject(CodedError.from(signal.reason)); }
  });
  const ended = Promise.race([following, aborted]);
  ended.then((end) => { said = end.said; settle(null); }, () => { settle(null); });
  const silence = setTimeout(() => { close(); }, silenceMs);
  const word = words === null ? { word: 'user', rest: '' } : await settled;
  clearTimeout(silence);
  signal.throwIfAborted();
  return {
    ended, word, close,
    said: () => said,
    wrongPassword: () => prompts > 1 || (prompts === 1 && /incorrect password|try again|authentication failure/i.test(said)),
    // Not ended: a channel whose input has ended takes no signal any more, and the script does not read it anyway.
    send: (input) => { channel.write(input); },
  };
};

/** The limit counts from when the script was sent: log-in and password are not the board's time. */
const withTimeout = (begun: Begun, script: BoardScript, timeoutMs: number | undefined, peer: Peer): Promise<ChannelEnd> => {
  if (timeoutMs === undefined) return begun.ended;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      begun.close();
      reject(new CodedError('board-timeout', `${peer.board}: ${script.name} did not finish within ${String(timeoutMs / 1000)} s.`, {
        board: peer.board, state: 'It was told to stop.', next: 'The board may be very busy: try again, and look at its load.',
      }));
    }, timeoutMs);
  });
  return Promise.race([begun.ended, late]).finally(() => { clearTimeout(timer); });
};
