import { CodedError } from '../../../shared/contract/errors.ts';
import type { BoardScript, ExecResult } from '../ssh/board-session.ts';

/** Who has a board, as the board says. */
export interface Holder { readonly runId: string; readonly since: Date | null; readonly owner: string }

export type StartAnswer =
  | { readonly kind: 'started' | 'exists' }
  | { readonly kind: 'busy'; readonly holder: Holder }
  | { readonly kind: 'foreign'; readonly pid: string; readonly program: string }
  | { readonly kind: 'refused'; readonly why: string; readonly detail: string };

export type BoardRunState = 'none' | 'starting' | 'running' | 'ended' | 'rebooted' | 'killed' | 'disk-full';

export interface AttachAnswer {
  readonly state: BoardRunState;
  readonly bootId: string;
  readonly sizeBytes: number;
  /** SHA-256 of as many first bytes as the asker has; null when the board has fewer. */
  readonly prefixSha256: string | null;
}

export type CleanAnswer =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'busy'; readonly holder: Holder }
  | { readonly kind: 'removed'; readonly kib: number; readonly path: string }
  | { readonly kind: 'not-removed'; readonly path: string }
  | { readonly kind: 'vms'; readonly names: readonly string[] };

/** Last line of an answer in words. A script that failed or said nothing gives `board-command-failed`. */
function wordsOf(script: BoardScript, result: ExecResult): string[] {
  const line = result.stdout.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  if (result.exitCode !== 0 || line === '') throw unexpected(script, result);
  return line.split(' ');
}

export function unexpected(script: BoardScript, result: ExecResult): CodedError {
  const said = `${result.stdout.toString('utf8')}\n${result.stderr}`.trim().slice(0, 500);
  return new CodedError('board-command-failed', `The board could not carry out ${script.name} (${result.signal ?? `status ${result.exitCode ?? 'unknown'}`}).`, {
    ...(said === '' ? {} : { details: { said } }), next: 'Look at what the board said; a full disk or a missing tool is the usual reason.',
  });
}

export function startAnswer(script: BoardScript, result: ExecResult): StartAnswer {
  const [kind, first = '', ...rest] = wordsOf(script, result);
  switch (kind) {
    case 'started': case 'exists': return { kind };
    case 'busy': return { kind, holder: holderOf([first, ...rest]) };
    case 'foreign': return { kind, pid: first, program: rest[0] ?? 'cyclictest' };
    case 'refused': return { kind, why: first, detail: rest.join(' ') };
    default: throw unexpected(script, result);
  }
}

export function attachAnswer(script: BoardScript, result: ExecResult): AttachAnswer {
  const lines = new Map(result.stdout.toString('utf8').split('\n').map((line) => {
    const [key = '', ...value] = line.split(' ');
    return [key, value.join(' ')] as const;
  }));
  const states: readonly BoardRunState[] = ['none', 'starting', 'running', 'ended', 'rebooted', 'killed', 'disk-full'];
  const state = states.find((known) => known === lines.get('state'));
  const sizeBytes = Number(lines.get('size') ?? '0');
  if (result.exitCode !== 0 || state === undefined || !Number.isSafeInteger(sizeBytes)) throw unexpected(script, result);
  return { state, bootId: lines.get('boot') ?? '', sizeBytes, prefixSha256: lines.get('prefix') ?? null };
}

export function stopAnswer(script: BoardScript, result: ExecResult): 'asked' | 'orphan' | 'not-running' {
  const [kind] = wordsOf(script, result);
  if (kind === 'asked' || kind === 'orphan' || kind === 'not-running') return kind;
  throw unexpected(script, result);
}

export function cleanAnswer(script: BoardScript, result: ExecResult): CleanAnswer {
  const [kind, first = '', ...rest] = wordsOf(script, result);
  switch (kind) {
    case 'nothing': return { kind };
    case 'busy': return { kind, holder: holderOf([first, ...rest]) };
    case 'removed': return { kind, kib: Number(first), path: rest.join(' ') };
    case 'refused': return { kind: 'not-removed', path: rest.join(' ') };
    case 'vms': return { kind, names: [first, ...rest] };
    default: throw unexpected(script, result);
  }
}

/** Who has a board, from the words after `busy` of a script's answer. */
export function holderOf([runId = '', epoch = '', ...owner]: string[]): Holder {
  return { runId, since: /^\d{1,12}$/.test(epoch) ? new Date(Number(epoch) * 1000) : null, owner: owner.join(' ') };
}

/** Another run, or a change, has the board: who, and since when. */
export function boardBusy(boardName: string, { runId, since, owner }: Holder, state = 'Nothing was started.'): CodedError {
  const when = since === null ? '' : ` since ${since.toISOString().replace('T', ' ').slice(0, 16)} UTC`;
  const isChange = /^\d{8}T\d{6}Z$/.test(runId);
  const what = isChange ? `has been changing settings there${when} (change ${runId})` : `has been measuring there${when} (run ${runId})`;
  return new CodedError('board-busy', `${boardName} is in use: ${owner === '' ? 'someone' : owner} ${what}.`, {
    board: boardName, state, next: isChange ? 'Wait until it has ended; one that was interrupted is let go after half an hour.' : 'Wait until that run has ended, or ask for it to be stopped.',
    details: { runId, owner, since: since?.toISOString() ?? null },
  });
}
