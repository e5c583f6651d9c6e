import type { Client, PseudoTtyOptions } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { BoardTerminal, TerminalOptions } from './board-terminal.ts';
import type { ChannelGate } from './channel-gate.ts';
import type { Peer } from './connect-errors.ts';
import { openChannel } from './open-channel.ts';
import type { Timings } from './timings.ts';

const mostUnwrittenBytes = 1024 * 1024;

export interface TerminalContext {
  readonly client: Client;
  readonly gate: ChannelGate;
  readonly peer: Peer;
  readonly timings: Timings;
}

/** Opens a channel with a terminal on it (RFC 4254 §6.2); `signal` ends it. Errors: those of `openChannel`, what `signal` was aborted with. */
export const openTerminal = async (context: TerminalContext, options: TerminalOptions, signal: AbortSignal): Promise<Omit<BoardTerminal, 'close'>> => {
  const { client, gate, peer, timings } = context;
  signal.throwIfAborted();
  const tty: PseudoTtyOptions = { term: 'xterm-256color', cols: options.columns, rows: options.rows, width: 0, height: 0 };
  const { channel, leave } = await openChannel(client, gate, { command: options.command, tty }, peer, timings, signal);
  const done = new Promise<Awaited<BoardTerminal['done']>>((resolve, reject) => {
    let end: Awaited<BoardTerminal['done']> = { exitCode: null, signal: null };
    let over = false;
    const giveUp = (reason: unknown): void => {
      over = true;
      channel.close();
      // A channel that is held back never comes to its end.
      channel.resume();
      reject(CodedError.from(reason));
    };
    const onAbort = (): void => { giveUp(signal.reason); };
    const take = (chunk: Buffer): void => {
      if (over) return;
      const taken = options.onOutput(chunk);
      if (taken === undefined) return;
      channel.pause();
      taken.then(() => { channel.resume(); }, giveUp);
    };
    channel.on('data', take);
    channel.stderr.on('data', take);
    channel.on('exit', (exitCode: number | null, name?: string) => { end = { exitCode, signal: name ?? null }; });
    channel.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      leave();
      resolve(end);
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  done.catch(() => undefined);
  return {
    done,
    write: (text) => {
      if (!channel.writable) return;
      if (channel.writableLength > mostUnwrittenBytes) {
        throw new CodedError('too-large', `${peer.board} does not take what is typed as fast as it comes.`, { board: peer.board, state: 'What came last was not sent.', next: 'Wait until the board has taken what was pasted before.' });
      }
      channel.write(text);
    },
    resize: (columns, rows) => { if (channel.writable) channel.setWindow(rows, columns, 0, 0); },
  };
};
