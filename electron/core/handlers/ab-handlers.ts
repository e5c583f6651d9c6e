import { CodedError } from '../../../shared/contract/errors.ts';
import type { AbTest, AbTestView } from '../../../shared/model/ab-test.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { isToolRequest } from '../../../shared/model/run.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { carryOutAbTest, measuredRuns, type AbSteps } from '../ab-tests/carry-out-ab-test.ts';
import { FileAbStore } from '../ab-tests/file-ab-store.ts';
import type { CoreParts } from '../create-core.ts';
import type { HandlerGroup } from './handler-group.ts';

/** What an A/B test is composed of: each part does what it does for everybody. */
type Parts = HandlerGroup<'runs'> & HandlerGroup<'changes'> & HandlerGroup<'compare'>;

export function abHandlers({ project, jobs }: CoreParts, parts: Parts): HandlerGroup<'ab'> {
  const storeNow = () => new FileAbStore(project.context.store);
  const runOf: AbSteps['run'] = (runId) => project.context.runs.get(runId).catch((thrown: unknown) => {
    if (CodedError.from(thrown).code === 'run-unknown') return null;
    throw thrown;
  });
  const changeOf = async ({ boardId, planId }: AbTest) => {
    try {
      return (await project.context.changes.change(boardId, planId)).state;
    } catch (thrown) {
      if (CodedError.from(thrown).code === 'change-unknown') return null;
      throw thrown;
    }
  };
  const stepsOf = (test: AbTest, signal: AbortSignal): AbSteps => {
    const { boardId, planId, request } = test;
    return {
      run: runOf,
      measure: async (runId) => {
        const { jobId } = await parts['runs.start'](isToolRequest(request) ? { ...request, boardId, runId } : { ...request, boardId, runId });
        await jobs.resultOf(jobId, signal);
      },
      bringHome: async (runId) => {
        const { jobId } = await parts['runs.attach']({ runId });
        if (jobId !== null) await jobs.resultOf(jobId, signal);
      },
      change: () => changeOf(test),
      apply: async () => { await jobs.resultOf((await parts['changes.apply']({ boardId, planId, mayEnd: [] })).jobId); },
      resumeChange: async () => { await jobs.resultOf((await parts['changes.resume']({ boardId, changeId: planId, direction: 'apply', mayEnd: [] })).jobId); },
    };
  };
  /** Which test a job of a board is for. */
  const carriedOut = new Map<string, string>();
  const jobOf = ({ id, boardId }: AbTest) => {
    const job = jobs.running('ab', boardId);
    return job !== undefined && carriedOut.get(job.id) === id ? job.id : null;
  };
  const start = (test: AbTest): string => {
    const busy = jobs.running('ab', test.boardId);
    if (busy) throw new CodedError('board-busy', `${test.boardName} is being tried already: ${busy.title}.`, { board: test.boardName, state: 'Nothing was begun.', next: 'Wait until that has ended, or cancel it.' });
    const store = storeNow();
    const job = jobs.start({ kind: 'ab', title: `A/B of “${test.title}” on ${test.boardName}`, boardId: test.boardId, runId: null }, async ({ jobId, tell, signal }) => {
      try {
        await carryOutAbTest({ store, steps: stepsOf(test, signal), abId: test.id, tell, signal });
        return { abId: test.id, changeId: test.planId };
      } finally {
        carriedOut.delete(jobId);
      }
    });
    carriedOut.set(job.id, test.id);
    return job.id;
  };
  const viewOf = async (test: AbTest): Promise<AbTestView> => {
    const measured = { before: await measuredRuns({ run: runOf }, test.before), after: await measuredRuns({ run: runOf }, test.after) };
    const isWhole = measured.before.length >= test.repeats && measured.after.length >= test.repeats;
    return {
      test, measured, change: await changeOf(test), jobId: jobOf(test),
      compared: isWhole ? await parts['compare.runs']({ sides: [{ name: 'before', runs: measured.before }, { name: 'after', runs: measured.after }] }) : null,
    };
  };

  return {
    'ab.start': async ({ abId, boardId, planId, repeats, ...request }) => {
      const store = storeNow();
      if (await store.has(abId)) throw new CodedError('ab-exists', `There is an A/B test ${abId} already.`, { next: 'Resume it, or begin one with another id.' });
      const board = await project.context.store.board(boardId);
      const plan = await project.context.changes.plan(boardId, planId);
      mustTakeEffectAtOnce(plan);
      const test: AbTest = { schema: 1, id: abId, boardId, boardName: board.name, createdAt: stampOf(new Date()), planId, title: plan.title, request, repeats, before: [], after: [] };
      await store.save(test);
      return { jobId: start(test) };
    },
    'ab.resume': async ({ abId }) => ({ jobId: start(await storeNow().get(abId)) }),
    'ab.list': () => storeNow().list(),
    'ab.get': async ({ abId }) => viewOf(await storeNow().get(abId)),
  };
}

/** Without a person there, no board is started again; and what waits for a start would be measured without being in effect. */
function mustTakeEffectAtOnce({ id, boardId, boardName, title, restart }: Plan): void {
  if (restart === 'none') return;
  throw new CodedError('plan-refused', `“${title}” takes effect with a start of ${boardName} only: an A/B test tries what takes effect at once.`, {
    board: boardName, state: 'Nothing was measured or changed.',
    next: `Measure (rtvm-bench run), then rtvm-bench apply ${id} --board ${boardId}${restart === 'needed' ? `, rtvm-bench restart ${boardId}` : ''}, measure again, and compare the runs: rtvm-bench compare RUN… --with RUN….`,
  });
}
