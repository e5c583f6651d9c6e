import { CodedError } from '../../../shared/contract/errors.ts';
import { packageWords } from '../../../shared/benchmarks/plan-tool.ts';
import { benchmarkOf, titleOf, toolBenchmarkOf } from '../../../shared/benchmarks/catalogue.ts';
import { isCyclictestRun, type Run } from '../../../shared/model/run.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import { inOneLine } from '../owner-name.ts';
import type { BoardSession, ExecResult } from '../ssh/board-session.ts';
import { isLinkFailure, pauseBeforeRetry } from './link-failures.ts';
import { boardBusy, startAnswer, type StartAnswer } from './run-answers.ts';
import { startScript } from './run-scripts.ts';
import { kib, runSize, segmentSecondsOf, statusPeriodSeconds } from './run-size.ts';
import type { RunStore } from './run-store.ts';

export interface StartRequest {
  readonly session: BoardSession;
  readonly store: RunStore;
  /** The run to start, with its id, options and command; state `starting`. */
  readonly run: Run;
  /** Who starts it, for the colleague who finds the board in use: `user@laptop`. */
  readonly owner: string;
  /** The argument vector with marks where the parts of a run differ; of cyclictest it is made of the run's own command. */
  readonly command?: readonly string[];
  readonly signal?: AbortSignal;
}

const reason = 'to give the measurement its real-time priority';

/**
 * Starts a run on the board, detached: it goes on whatever becomes of this computer. The run is saved before and after.
 * Lost links are ridden out by asking again: the board starts one run id once. Follow it with `followRun`.
 * Errors: `board-busy`, `board-tool-missing`, `board-disk-full`, `rt-priority-not-permitted`, `run-refused`, `cancelled`,
 * and what the session rejects with. A refused run is saved as `failed`.
 */
export async function startRun({ session, store, run, owner, command, signal }: StartRequest): Promise<Run> {
  await store.save(run);
  try {
    const answer = await ask(session, run, startArguments(run, owner, command), signal);
    const problem = refusal(run, answer);
    if (problem !== null) throw problem;
  } catch (thrown) {
    const error = CodedError.from(thrown);
    // Cancelled or without a link it may be running all the same: attaching tells.
    if (error.code !== 'cancelled' && !isLinkFailure(error)) await store.update(run.id, { state: 'failed', stateReason: error.message, endedAt: stampOf(new Date()) });
    throw error;
  }
  return store.update(run.id, { state: 'running' });
}

async function ask(session: BoardSession, run: Run, args: string[], signal: AbortSignal | undefined): Promise<StartAnswer> {
  const options = { args, reason, timeoutMs: 60_000, ...(signal === undefined ? {} : { signal }) };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await session.exec(startScript, { ...options, root: 'if-possible' });
      const answer = startAnswer(startScript, result);
      if (!needsRoot(answer, result)) return answer;
      return startAnswer(startScript, await session.exec(startScript, { ...options, root: 'required' }).catch((thrown: unknown) => { throw withoutRoot(run, thrown); }));
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (!isLinkFailure(error) || attempt === 10) throw error;
      await pauseBeforeRetry(session, attempt, signal);
    }
  }
}

const needsRoot = (answer: StartAnswer, { asRoot }: ExecResult): boolean =>
  !asRoot && answer.kind === 'refused' && (answer.why === 'rt-priority' || answer.why === 'needs-root');

/** Root was to be had for the priority's sake only: that is what the user is told, and why root could not be had. */
function withoutRoot(run: Run, thrown: unknown): CodedError {
  const error = CodedError.from(thrown);
  if (error.code !== 'sudo-refused' && error.code !== 'sudo-needs-terminal' && error.code !== 'question-unanswered') return error;
  if (!isCyclictestRun(run) && toolBenchmarkOf(run.benchmark)?.root === 'needed') {
    return new CodedError(error.code, `${titleOf(run.benchmark)} needs root on ${run.boardName}, and root could not be had: ${error.message}`, {
      board: run.boardName, state: 'Nothing was started.', next: 'Log in as root or a user with sudo.',
    }, { cause: error });
  }
  return new CodedError('rt-priority-not-permitted', `Real-time priority ${run.options.priority} is not permitted to this user on ${run.boardName}, and root could not be had: ${error.message}`, {
    board: run.boardName, state: 'Nothing was started.', next: allowPriority,
  }, { cause: error });
}

const allowPriority = 'Log in as root or a user with sudo, or raise RLIMIT_RTPRIO (rtprio in /etc/security/limits.conf).';

/** What the board's script is given: see run-start.sh. */
export function startArguments(run: Run, owner: string, command: readonly string[] = run.command): string[] {
  const { options } = run;
  const size = runSize(run);
  return [
    run.id, inOneLine(owner), formatCpuList(options.mainCpus), formatCpuList(options.cpus), String(options.priority ?? 0),
    String(kib(size.boardBytes)), String(kib(size.spareBytes)), String(statusPeriodSeconds(options.durationSeconds)),
    String(segmentSecondsOf(run)), String(options.durationSeconds), ...toolArguments(run, command),
  ];
}

/** How the runner treats the tool, then the tool and its arguments. */
function toolArguments(run: Run, command: readonly string[]): string[] {
  if (isCyclictestRun(run)) return ['status', '-', 'cyclictest', 'cyclictest', ...segmentArguments(command)];
  const benchmark = toolBenchmarkOf(run.benchmark);
  const needs = [...benchmark?.root === 'needed' ? ['root'] : [], ...benchmark?.tracer === true ? ['tracer'] : []];
  return [benchmark?.timed === false ? 'untimed' : 'timed', needs.length > 0 ? needs.join(',') : '-', benchmark?.program ?? command[0] ?? '', ...command];
}

/** cyclictest's arguments with marks where segments differ: the status pipe (`-F` is known since 2.3 only) and the seconds. */
export function segmentArguments(command: readonly string[]): string[] {
  const args: string[] = [];
  const rest = command.slice(1);
  for (let place = 0; place < rest.length; place += 1) {
    const argument = rest[place] ?? '';
    if (['-D', '--duration', '-F', '--fifo'].includes(argument)) place += 1;
    else if (!/^(?:--duration=|--fifo=|-[DF].)/.test(argument)) args.push(argument);
  }
  return [...args, '-D', '@SECONDS@', '--fifo', '@FIFO@'];
}

function refusal(run: Run, answer: StartAnswer): CodedError | null {
  const about = { board: run.boardName, state: 'Nothing was started.' };
  switch (answer.kind) {
    case 'started': case 'exists': return null;
    case 'busy': return boardBusy(run.boardName, answer.holder);
    case 'foreign': return new CodedError('board-busy', `Another ${answer.program} is running on ${run.boardName} (process ${answer.pid}), not started by RTVM Bench.`, {
      ...about, next: 'Two measurements disturb each other: end the other one first.', details: { pid: answer.pid, program: answer.program },
    });
    case 'refused': return refused(run, answer.why, answer.detail, about);
  }
}

/** What brings the program, by the name of its package: the plan to install it is made of the benchmark. */
function missing(run: Run, program: string, about: { board: string; state: string }): CodedError {
  const benchmark = benchmarkOf(run.benchmark);
  const own = benchmark?.program === program ? benchmark.packages : { debian: program, redHat: program };
  return new CodedError('board-tool-missing', `${run.boardName} has no ${program}.`, {
    ...about, next: `Install ${packageWords(own)}. The plan for it: plan tool ${run.benchmark} ${run.boardId}.`, details: { program, package: own.debian, benchmark: run.benchmark },
  });
}

function refused(run: Run, why: string, detail: string, about: { board: string; state: string }): CodedError {
  const needed = runSize(run).boardBytes;
  switch (why) {
    case 'no-program': return missing(run, detail, about);
    case 'needs-root': return new CodedError('run-refused', `${titleOf(run.benchmark)} needs root on ${run.boardName}.`, { ...about, next: 'Log in as root or a user with sudo.' });
    case 'no-tracer': return new CodedError('run-refused', `The kernel of ${run.boardName} has no tracer that can be used (tracefs is not there).`, { ...about, next: 'Mount tracefs on /sys/kernel/tracing, or use a kernel that has tracers.' });
    case 'tracer-busy': return new CodedError('board-busy', `The kernel’s tracer is in use on ${run.boardName} (${detail}), not by RTVM Bench.`, { ...about, next: 'End that trace first: there is one tracer, and this benchmark needs it.' });
    case 'no-tool': return new CodedError('board-tool-missing', `${run.boardName} has no ${detail}, which a run needs.`, { ...about, next: `Install ${detail} on the board.` });
    case 'disk-full': return new CodedError('board-disk-full', `${run.boardName} has too little free space: this run may write ${kib(needed)} KiB${detail === '' ? '' : `, ${detail} KiB are free`}.`, {
      ...about, next: 'Free space on the board, choose a smaller histogram, or remove what earlier runs left there.',
    });
    case 'not-writable': return new CodedError('board-disk-full', `${detail} on ${run.boardName} cannot be written.`, { ...about, next: 'The file system is full or mounted read-only: look at it with df and mount.' });
    case 'rt-priority': return new CodedError('rt-priority-not-permitted', `Real-time priority ${run.options.priority} is not permitted to this user on ${run.boardName}.`, {
      ...about, next: allowPriority,
    });
    case 'cpu-offline': return new CodedError('run-refused', `CPU ${detail} of ${run.boardName} is not online.`, { ...about, next: 'Inspect the board again and choose CPUs that are online.' });
    case 'silent': return new CodedError('run-refused', `The runner on ${run.boardName} did not answer within 15 seconds.`, {
      ...about, state: 'It may still come up; this run cannot be started a second time.', next: 'Attach to the run in a while, or start a new one.',
    });
    default: return new CodedError('run-refused', `${run.boardName} refused the run (${why}).`, about);
  }
}
