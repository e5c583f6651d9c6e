import type { ClientChannel } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { CallWords } from './remote-commands.ts';

const MAX_STDOUT_BYTES = 256 * 1024 * 1024;
const MAX_STDERR_BYTES = 4 * 1024 * 1024;

/** What the launcher says on standard error before the script begins: `MARK sudo`, `MARK denied REASON` … */
export interface LauncherWord {
  readonly word: string;
  readonly rest: string;
}

export interface ChannelEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** Everything on standard error before the script began, words of the launcher taken out: what sudo had to say. */
  readonly said: string;
}

export interface ChannelListener {
  readonly words: CallWords | null;
  onPrompt(): void;
  onWord(word: LauncherWord): void;
  /** A promise holds further output back until it settles. */
  readonly onStdout: ((chunk: Buffer) => void | Promise<void>) | null;
}

/** Reads a channel to its end. Rejects only when output is too large or `onStdout` throws; then the channel is closed. */
export const followChannel = (channel: ClientChannel, listener: ChannelListener): Promise<ChannelEnd> => new Promise((resolve, reject) => {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let stdoutBytes = 0;
  let stderrBytes = 0;
  let talk = listener.words === null ? null : '';
  let said = '';
  let exitCode: number | null = null;
  let signal: string | null = null;
  const giveUp = (error: unknown): void => {
    channel.close();
    reject(CodedError.from(error));
  };
  channel.on('data', (chunk: Buffer) => {
    if (listener.onStdout === null) {
      stdoutBytes += chunk.length;
      if (stdoutBytes > MAX_STDOUT_BYTES) giveUp(new CodedError('too-large', 'The board sent more than 256 MiB of output.', { next: 'Ask for less at a time.' }));
      else stdout.push(chunk);
      return;
    }
    try {
      const taken = listener.onStdout(chunk);
      if (taken === undefined) return;
      channel.pause();
      taken.then(() => { channel.resume(); }, giveUp);
    } catch (error) {
      giveUp(error);
    }
  });
  const keepStderr = (chunk: Buffer): void => {
    if (stderrBytes > MAX_STDERR_BYTES) return;
    stderrBytes += chunk.length;
    stderr.push(chunk);
  };
  channel.stderr.on('data', (chunk: Buffer) => {
    if (talk === null) { keepStderr(chunk); return; }
    talk += chunk.toString('latin1');
    for (let part = nextPart(talk, listener.words); part !== null && talk !== null; part = talk === null ? null : nextPart(talk, listener.words)) {
      said += part.before;
      talk = part.after;
      if (part.kind === 'prompt') { listener.onPrompt(); continue; }
      if (part.word.word !== 'denied') {
        keepStderr(Buffer.from(talk, 'latin1'));
        talk = null;
      }
      listener.onWord(part.word);
    }
    if (talk !== null && talk.length > MAX_STDERR_BYTES) giveUp(new CodedError('too-large', 'sudo on the board says too much.', { next: 'Look at what "sudo -n true" prints on the board.' }));
  });
  channel.on('exit', (code: number | null, name?: string) => {
    exitCode = code;
    signal = name ?? null;
  });
  channel.on('close', () => {
    resolve({ exitCode, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8'), said: Buffer.from(said + (talk ?? ''), 'latin1').toString('utf8') });
  });
});

type Part =
  | { readonly kind: 'prompt'; readonly before: string; readonly after: string }
  | { readonly kind: 'word'; readonly before: string; readonly after: string; readonly word: LauncherWord };

/** The first prompt or complete line of the launcher in what has come so far. */
const nextPart = (text: string, words: CallWords | null): Part | null => {
  if (words === null) return null;
  const prompt = text.indexOf(words.prompt);
  const mark = text.indexOf(`${words.mark} `);
  if (prompt >= 0 && (mark < 0 || prompt < mark)) {
    return { kind: 'prompt', before: text.slice(0, prompt), after: text.slice(prompt + words.prompt.length) };
  }
  if (mark < 0) return null;
  const end = text.indexOf('\n', mark);
  if (end < 0) return null;
  const line = text.slice(mark + words.mark.length + 1, end).trim();
  const space = line.indexOf(' ');
  const word = space < 0 ? { word: line, rest: '' } : { word: line.slice(0, space), rest: line.slice(space + 1) };
  return { kind: 'word', before: text.slice(0, mark), after: text.slice(end + 1), word };
};
