import { CodedError } from '../../../shared/contract/errors.ts';
import { isLinkFailure, pauseBeforeRetry } from '../runs/link-failures.ts';
import { boardBusy, holderOf, unexpected } from '../runs/run-answers.ts';
import type { BoardScript, BoardSession, ExecResult } from '../ssh/board-session.ts';

/** What a script about VMs answers: lines of facts, and a last line that says how it went. */
export interface VmAnswer {
  /** All values of lines that begin with this word. */
  all(key: string): string[];
  /** The first of them. */
  fact(key: string): string | null;
  /** All of it. */
  text(): string;
  /** First word of the last line. */
  readonly word: string;
  readonly rest: readonly string[];
}

export interface BoardAsking {
  readonly session: BoardSession;
  readonly boardName: string;
  readonly signal?: AbortSignal | undefined;
}

export const vmRoot = { root: 'required', reason: 'to make and remove virtual machines' } as const;
const longestMs = 600_000;
/** Link failures in a row that are ridden out: about half an hour. */
export const linkTries = 200;

export function readAnswer(script: BoardScript, result: ExecResult, boardName: string): VmAnswer {
  const text = result.stdout.toString('utf8');
  const lines = text.trimEnd().split('\n');
  const [word = '', ...rest] = lines.at(-1)?.split(' ') ?? [];
  if (result.exitCode !== 0 || word === '') throw unexpected(script, result);
  if (word === 'busy') throw boardBusy(boardName, holderOf(rest), 'Nothing was done.');
  const all = (key: string): string[] => lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return { word, rest, all, text: () => text, fact: (key) => all(key)[0] ?? null };
}

/**
 * Asks one of the scripts about VMs, as root. They can be asked twice, so lost links are ridden out. Errors: `board-busy`,
 * `board-command-failed`, and what the session rejects with.
 */
export async function askBoard({ session, boardName, signal }: BoardAsking, script: BoardScript, args: readonly string[]): Promise<VmAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return readAnswer(script, await session.exec(script, { ...vmRoot, args, timeoutMs: longestMs, ...(signal ? { signal } : {}) }), boardName);
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (!isLinkFailure(error) || attempt >= linkTries) throw error;
      await pauseBeforeRetry(session, attempt, signal);
    }
  }
}
