import { CodedError } from '../../../shared/contract/errors.ts';
import type { BoardClock, QueueState } from '../../../shared/model/campaign.ts';
import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import type { QueueRow } from '../../../shared/planning/campaign/time-table.ts';
import { inOneLine } from '../owner-name.ts';
import { isLinkFailure, pauseBeforeRetry } from '../runs/link-failures.ts';
import { boardBusy, holderOf, unexpected } from '../runs/run-answers.ts';
import type { BoardScript, BoardSession, ExecOptions, ExecResult } from '../ssh/board-session.ts';
import { cancelQueueScript, clockScript, goScript, layScript, readQueueScript } from './campaign-scripts.ts';

/** What a board says of its time and its kernel. `realtime` null: it does not say. */
export interface BoardMoment { readonly clock: BoardClock; readonly atPerformanceMs: number; readonly realtime: boolean | null; readonly kernel: string }

/** A row with the arguments of the scripts that start its load and its run. */
export interface LaidRow { readonly row: QueueRow; readonly loadArguments: readonly string[]; readonly runArguments: readonly string[] }

interface On { readonly session: BoardSession; readonly boardName: string; readonly signal?: AbortSignal }

/** Each reading is as far off as half of its way; the quickest of so many counts. */
const readings = 3;

/** Relates the time since the board was started to this computer's clock. Errors: those of the session, `board-command-failed`. */
export async function readMoment({ session, boardName, signal }: On): Promise<BoardMoment> {
  let best: BoardMoment | null = null;
  for (let turn = 0; turn < readings; turn += 1) {
    const before = performance.now();
    const result = await asked(session, clockScript, { ...withSignal(signal), timeoutMs: 30_000 });
    const after = performance.now();
    const lines = factsOf(result);
    const hundredths = Number(lines.get('up') ?? 'NaN');
    if (result.exitCode !== 0 || !Number.isFinite(hundredths)) throw unexpected(clockScript, result);
    const errorMs = (after - before) / 2;
    if (best !== null && errorMs >= best.clock.errorMs) continue;
    const clock = { bootId: lines.get('boot') ?? '', atMs: Date.now() - errorMs, uptimeSeconds: hundredths / 100, errorMs: Math.round(errorMs * 10) / 10 };
    best = { clock, atPerformanceMs: before + errorMs, realtime: isRealtime(lines), kernel: lines.get('release') ?? '' };
  }
  if (best === null) throw new CodedError('board-command-failed', `${boardName} did not tell its time.`);
  return best;
}

/** Mainline real-time kernels have no /sys/kernel/realtime, and say PREEMPT_RT in their version. */
function isRealtime(facts: ReadonlyMap<string, string>): boolean | null {
  if (facts.get('realtime') === '1') return true;
  const version = facts.get('version') ?? '';
  return version === '' ? null : /PREEMPT[_ ]RT/.test(version);
}

/**
 * Puts a board's part in place. Asked again after a lost answer it puts the same there again. Gives whether root did it.
 * Errors: `board-busy`, `rt-priority-not-permitted`, `board-disk-full`, `board-command-failed`, those of the session.
 */
export async function layQueue({ session, boardName, signal }: On, id: string, owner: string, rows: readonly LaidRow[], { priority, root: rootNeeded }: { readonly priority: number | null; readonly root: boolean }): Promise<boolean> {
  const args = [id, inOneLine(owner), priority === null ? '-' : String(priority), ...rows.flatMap(rowArguments)];
  const lay = async (root: 'if-possible' | 'required') => asked(session, layScript, { args, root, reason: 'to measure, which asks for real-time priority or the kernel’s tracer', timeoutMs: 60_000, ...withSignal(signal) });
  let result = await lay(rootNeeded ? 'required' : 'if-possible');
  if (!result.asRoot && lastLine(result).startsWith('refused rt-priority')) result = await lay('required');
  const [word = '', ...words] = lastLine(result).split(' ');
  if (word === 'laid' || word === 'exists') return result.asRoot;
  const about = { board: boardName, state: 'Nothing was started there.' };
  if (word === 'busy') throw boardBusy(boardName, holderOf(words), about.state);
  if (words[0] === 'rt-priority') throw new CodedError('rt-priority-not-permitted', `Real-time priority ${words[1] ?? ''} is not permitted to this user on ${boardName}.`, { ...about, next: 'Log in as root or a user with sudo.' });
  if (words[0] === 'disk-full' || words[0] === 'not-writable') throw new CodedError('board-disk-full', `${words.slice(1).join(' ')} on ${boardName} cannot be written: its file system is full or mounted read-only.`, { ...about, next: 'Free some space there.' });
  throw unexpected(layScript, result);
}

/** Seconds become hundredths nowhere but on the board: what is laid stays readable there. */
function rowArguments({ row, loadArguments, runArguments }: LaidRow): string[] {
  const { cell, kind, atSeconds, patienceSeconds, lengthSeconds, leadSeconds, coolDownSeconds } = row;
  if ([...loadArguments, ...runArguments].some((argument) => /[\r\n]/.test(argument))) {
    throw new CodedError('bad-request', `An argument of cell ${cell} has a line break, which cannot be kept on the board.`, { state: 'Nothing was started.' });
  }
  const whole = [cell, kind, atSeconds ?? '-', patienceSeconds, lengthSeconds, leadSeconds, coolDownSeconds].map(String);
  return [...whole, String(loadArguments.length), ...loadArguments, String(runArguments.length), ...runArguments];
}

/** Lets a part begin. `beginSeconds`: from which time since the board was started its rows count. */
export async function beginQueue({ session, boardName, signal }: On, id: string, housekeeping: readonly number[], beginSeconds: number, asRoot: boolean): Promise<void> {
  const args = [id, formatCpuList(housekeeping), String(Math.max(0, Math.round(beginSeconds * 100)))];
  const result = await asked(session, goScript, { args, root: asRoot ? 'required' : 'never', reason: 'to begin the campaign', timeoutMs: 60_000, ...withSignal(signal) });
  const word = lastLine(result);
  if (word === 'started' || word === 'exists') return;
  if (word.startsWith('refused')) throw new CodedError('run-refused', `The campaign did not begin on ${boardName} (${word.slice(8)}).`, { board: boardName, state: 'Nothing of it runs there.', next: 'Resume the campaign.' });
  throw unexpected(goScript, result);
}

export interface QueueReading { readonly state: QueueState; readonly sizeBytes: number; readonly log: Buffer }

/** How a board's part stands, and its log from a byte on. Errors: `board-command-failed`, those of the session. */
export async function readQueue({ session, signal }: On, id: string, fromByte: number, asRoot: boolean): Promise<QueueReading> {
  const result = await session.exec(readQueueScript, { args: [id, String(fromByte + 1)], root: asRoot ? 'required' : 'never', reason: 'to read how the campaign stands', timeoutMs: 60_000, ...withSignal(signal) });
  const at = result.stdout.indexOf('\nlog\n');
  const facts = factsOf({ ...result, stdout: at < 0 ? result.stdout : result.stdout.subarray(0, at) });
  const state = queueStates.find((known) => known === facts.get('state'));
  if (result.exitCode !== 0 || facts.get('state') === undefined) throw unexpected(readQueueScript, result);
  return { state: state ?? 'gone', sizeBytes: Number(facts.get('size') ?? '0'), log: at < 0 ? Buffer.alloc(0) : result.stdout.subarray(at + 5) };
}

const queueStates: readonly QueueState[] = ['laid', 'running', 'ended', 'killed', 'rebooted'];

/** Ends a board's part with everything it has on. Errors: `board-command-failed`, those of the session. */
export async function cancelQueue({ session, boardName, signal }: On, id: string, asRoot: boolean): Promise<'stopped' | 'tidied' | 'none'> {
  const result = await asked(session, cancelQueueScript, { args: [id], root: asRoot ? 'required' : 'never', reason: 'to end the campaign', timeoutMs: 150_000, ...withSignal(signal) });
  const word = lastLine(result);
  if (word === 'stopped' || word === 'tidied' || word === 'none') return word;
  if (word.startsWith('refused')) throw new CodedError('board-command-failed', `The campaign on ${boardName} was told to end and has not yet.`, { board: boardName, state: 'It may still be at work.', next: 'Cancel once more in a minute.' });
  throw unexpected(cancelQueueScript, result);
}

/** Lost links are ridden out by asking again: what is asked here may be asked twice. */
async function asked(session: BoardSession, script: BoardScript, options: ExecOptions): Promise<ExecResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await session.exec(script, options);
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (!isLinkFailure(error) || attempt === 5) throw error;
      await pauseBeforeRetry(session, attempt, options.signal);
    }
  }
}

const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });
const lastLine = (result: ExecResult): string => result.stdout.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
const factsOf = ({ stdout }: Pick<ExecResult, 'stdout'>): Map<string, string> => new Map(stdout.toString('utf8').split('\n').map((line) => {
  const [key = '', ...value] = line.split(' ');
  return [key, value.join(' ')] as const;
}));
