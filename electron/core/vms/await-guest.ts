import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { CodedError } from '../../../shared/contract/errors.ts';
import { isLinkFailure } from '../runs/link-failures.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { askBoard, type BoardAsking } from './ask-board.ts';
import { makeScript } from './vm-make-scripts.ts';

export interface GuestAnswer {
  /** null: it runs, and no address of it is known. */
  readonly address: string | null;
  /** Whether its SSH server was heard; false where the host passes no connections on. */
  readonly answers: boolean;
}

export interface GuestPatience {
  readonly answerMs: number;
  readonly pollMs: number;
  readonly sshPort: number;
}

interface Waiting extends BoardAsking {
  readonly name: string;
  readonly patience: GuestPatience;
  readonly signal: AbortSignal;
  tell(message: string): void;
}

/**
 * Waits until a VM has an address and its SSH server says its first line, heard through the host as a jump. Where the host
 * passes no connections on, an address is all there is to be had. Errors: `vm-not-answering`, and what asking the board gives.
 */
export async function awaitGuest(waiting: Waiting): Promise<GuestAnswer> {
  const { session, boardName, name, patience, signal, tell } = waiting;
  const until = performance.now() + patience.answerMs;
  let heard = 'It has no address yet';
  for (;;) {
    const answer = await askBoard(waiting, makeScript, ['addresses', name]);
    const state = answer.fact('state') ?? 'gone';
    if (!/^(?:running|idle|paused)/.test(state)) throw silent(name, boardName, `it does not run any more (libvirt says “${state}”)`);
    // What a host alone can reach (fe80::…) is tried last.
    const addresses = answer.all('address').sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')));
    for (const address of addresses) {
      try {
        if (await saysSsh(session, address, patience, signal)) return { address, answers: true };
        heard = `${address} answers, but not as an SSH server`;
      } catch (thrown) {
        const error = CodedError.from(thrown);
        if (error.code === 'jump-forwarding-refused') return { address, answers: false };
        signal.throwIfAborted();
        if (!isLinkFailure(error)) throw error;
        heard = `It has the address ${address}; its SSH server does not answer yet`;
      }
    }
    if (performance.now() >= until) throw silent(name, boardName, `in ${String(Math.round(patience.answerMs / 60_000))} minutes: ${heard}`);
    tell(`Waiting for ${name}. ${heard}.`);
    await pause(patience.pollMs, undefined, { signal });
  }
}

const silent = (name: string, boardName: string, why: string): CodedError => new CodedError('vm-not-answering', `${name} on ${boardName} did not answer over SSH: ${why}.`, {
  board: boardName, state: 'The VM is made and defined.', next: 'Look at its console: cloud-init may still be at work, or it found no network. Making it again goes on with waiting; removing it takes everything away.',
});

/** Whether the first line is that of an SSH server (RFC 4253 §4.2). */
async function saysSsh(session: BoardSession, address: string, { sshPort, pollMs }: GuestPatience, signal: AbortSignal): Promise<boolean> {
  const stream = await session.reach({ address, port: sshPort }, signal);
  try {
    return (await firstBytes(stream, Math.max(5_000, pollMs), signal)).startsWith('SSH-');
  } finally {
    stream.destroy();
  }
}

const firstBytes = (stream: Duplex, withinMs: number, signal: AbortSignal): Promise<string> => new Promise((resolve) => {
  const finish = (text: string): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', none);
    stream.off('data', take).off('close', none).off('error', none);
    resolve(text);
  };
  const take = (chunk: Buffer): void => { finish(chunk.toString('latin1')); };
  const none = (): void => { finish(''); };
  const timer = setTimeout(none, withinMs);
  signal.addEventListener('abort', none, { once: true });
  stream.on('data', take).on('close', none).on('error', none);
});
