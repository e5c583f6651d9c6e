import { CodedError } from '../../../shared/contract/errors.ts';
import type { AbSide, AbTest } from '../../../shared/model/ab-test.ts';
import type { ChangeState } from '../../../shared/model/change.ts';
import type { Run, RunState } from '../../../shared/model/run.ts';
import type { JobContext } from '../jobs/job-registry.ts';
import { newRunId } from '../runs/run-id.ts';
import type { FileAbStore } from './file-ab-store.ts';

/** What an A/B test uses of runs and changes. */
export interface AbSteps {
  /** Null: it was never begun. */
  run(runId: string): Promise<Pick<Run, 'state' | 'stateReason'> | null>;
  /** Starts a run and resolves when it has ended and is here. */
  measure(runId: string): Promise<void>;
  /** The same for one that was started before. */
  bringHome(runId: string): Promise<void>;
  /** Null: it was not begun. */
  change(): Promise<ChangeState | null>;
  apply(): Promise<void>;
  /** Goes on with a change that was interrupted. */
  resumeChange(): Promise<void>;
}

interface CarryOut extends Pick<JobContext, 'tell' | 'signal'> {
  readonly store: FileAbStore;
  readonly steps: AbSteps;
  readonly abId: string;
}

/**
 * Measures before, changes, measures after; whatever of it is done already is not done again. Nothing is put back here.
 * Errors: `cancelled`, `ab-interrupted` (a run was cut short, or can no longer be measured on its side), `change-ended`, and what runs and
 * changes reject with; each tells where the board stands.
 */
export async function carryOutAbTest(work: CarryOut): Promise<void> {
  try {
    await measureSide(work, 'before');
    await makeChange(work);
    await measureSide(work, 'after');
  } catch (thrown) {
    throw await withStanding(work, CodedError.from(thrown));
  }
}

/** Runs of a side that measured all they were asked for. */
export async function measuredRuns({ run }: Pick<AbSteps, 'run'>, runIds: readonly string[]): Promise<string[]> {
  const measured: string[] = [];
  for (const runId of runIds) if ((await run(runId))?.state === 'completed') measured.push(runId);
  return measured;
}

const isGoingOn = (state: RunState | undefined): boolean => state === 'starting' || state === 'running';

async function measureSide({ store, steps, abId, tell, signal }: CarryOut, side: AbSide): Promise<void> {
  for (const runId of (await store.get(abId))[side]) {
    if (isGoingOn((await steps.run(runId))?.state)) await steps.bringHome(runId);
  }
  for (;;) {
    const test = await store.get(abId);
    const { length: done } = await measuredRuns(steps, test[side]);
    if (done >= test.repeats) return;
    signal.throwIfAborted();
    if (side === 'before' && await steps.change() !== null) {
      throw new CodedError('ab-interrupted', `The change was made already, and only ${done} of ${test.repeats} runs before it are here.`, { next: 'Undo the change and begin a new A/B test.' });
    }
    const runId = newRunId(test.boardId, new Date());
    await store.addRun(abId, side, runId);
    tell({ kind: 'progress', message: `${side === 'before' ? 'Before' : 'After'} the change: run ${done + 1} of ${test.repeats}.`, fraction: ((side === 'before' ? 0 : test.repeats) + done) / (2 * test.repeats) });
    await steps.measure(runId);
    const run = await steps.run(runId);
    if (run?.state !== 'completed') {
      throw new CodedError('ab-interrupted', `The run ${runId} did not measure all it was asked for: it is ${run?.state ?? 'gone'}${run?.stateReason ? `: ${run.stateReason}` : ''}.`);
    }
  }
}

async function makeChange({ store, steps, abId, tell, signal }: CarryOut): Promise<void> {
  signal.throwIfAborted();
  const state = await steps.change();
  if (state === 'done') return;
  const { planId, title } = await store.get(abId);
  if (state !== null && state !== 'applying' && state !== 'restarting') {
    throw new CodedError('change-ended', `The change ${planId} is ${state}: there is nothing to measure after it.`, { next: 'Make a new plan and begin a new A/B test.' });
  }
  tell({ kind: 'progress', message: `Changing: ${title}.`, fraction: 0.5 });
  // Never cut short half-way: who cancels now is heard when the change has ended.
  await (state === null ? steps.apply() : steps.resumeChange());
}

async function withStanding({ store, steps, abId }: CarryOut, error: CodedError): Promise<CodedError> {
  const test = await store.get(abId);
  const change = await steps.change();
  const going: string[] = [];
  for (const runId of [...test.before, ...test.after]) if (isGoingOn((await steps.run(runId))?.state)) going.push(runId);
  const standing = [
    ...(error.extras.state === undefined ? [] : [error.extras.state]),
    change === null ? 'The change was not made.' : `The change ${test.planId} is ${change}; nothing was put back.`,
    ...going.map((runId) => `The run ${runId} goes on on the board.`), 'What was measured is kept.',
  ].join(' ');
  return new CodedError(error.code, error.message, {
    ...error.extras, board: test.boardName, state: standing, next: error.extras.next ?? nextOf(test, change),
    details: { ...error.extras.details, abId, changeId: change === null ? null : test.planId, before: test.before, after: test.after },
  }, { cause: error });
}

const nextOf = ({ id, planId, boardId }: AbTest, change: ChangeState | null): string =>
  `Go on with: rtvm-bench ab ${boardId} --resume ${id}.${change === 'done' ? ` To put the change back: rtvm-bench undo ${planId} --board ${boardId}.` : ''}`;
