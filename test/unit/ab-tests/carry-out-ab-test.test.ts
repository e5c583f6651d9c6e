import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { carryOutAbTest, type AbSteps } from '../../../electron/core/ab-tests/carry-out-ab-test.ts';
import { FileAbStore } from '../../../electron/core/ab-tests/file-ab-store.ts';
import { ProjectStore } from '../../../electron/core/project/project-store.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { AbTest } from '../../../shared/model/ab-test.ts';
import type { ChangeState } from '../../../shared/model/change.ts';
import type { RunState } from '../../../shared/model/run.ts';

const asked: AbTest = {
  schema: 1, id: 'ab-1', boardId: 'bench-1', boardName: 'Bench 1', createdAt: '20261121T100000Z', planId: '20261121T100001Z', title: 'Knob down', repeats: 2, before: [], after: [],
  request: { benchmark: 'oslat', options: { cpus: [1], mainCpus: [0], priority: null, durationSeconds: 2, deadlineUs: null, deadlineFraction: 1, values: {} } },
};

describe('an A/B test', () => {
  let store: FileAbStore;
  let runs: Map<string, RunState>;
  let change: ChangeState | null;
  let done: string[];
  let outcomes: RunState[];
  const stop = () => new AbortController();

  beforeEach(async () => {
    const home = mkdtempSync(join(tmpdir(), 'rtvm-ab-unit-'));
    const directory = join(home, 'p.rtvm');
    await ProjectStore.create(directory, 'Test');
    store = new FileAbStore(await ProjectStore.open(directory, null));
    [runs, change, done, outcomes] = [new Map(), null, [], []];
    return () => { rmSync(home, { recursive: true, force: true }); };
  });

  const steps = (changes: Partial<AbSteps> = {}): AbSteps => ({
    run: async (runId) => { const state = runs.get(runId); return state === undefined ? null : { state, stateReason: null }; },
    measure: async (runId) => { done.push(change === null ? 'run before' : 'run after'); runs.set(runId, outcomes.shift() ?? 'completed'); },
    bringHome: async (runId) => { done.push('brought home'); runs.set(runId, 'completed'); },
    change: async () => change,
    apply: async () => { done.push('applied'); change = 'done'; },
    resumeChange: async () => { done.push('change resumed'); change = 'done'; },
    ...changes,
  });
  const carryOut = (changes: Partial<AbSteps> = {}, signal: AbortSignal = stop().signal) => carryOutAbTest({ store, steps: steps(changes), abId: asked.id, tell: () => undefined, signal });
  const failure = async (work: Promise<void>): Promise<CodedError> => work.then(() => { throw new Error('it did not fail'); }, (thrown: unknown) => CodedError.from(thrown));
  const all = ['run before', 'run before', 'applied', 'run after', 'run after'];

  it('measures, changes, measures; done already is done', async () => {
    await store.save(asked);
    await carryOut();
    expect(done).toEqual(all);
    expect([...runs.keys()]).toEqual([...(await store.get('ab-1')).before, ...(await store.get('ab-1')).after]);
    await carryOut();
    expect(done).toEqual(all);
  });

  it('names a run before it is begun, so that one that was cut off is found again', async () => {
    await store.save(asked);
    await failure(carryOut({ measure: async (runId) => { runs.set(runId, 'running'); throw new CodedError('connection-lost', 'The link is lost.'); } }));
    expect((await store.get('ab-1')).before).toEqual([...runs.keys()]);
    await carryOut();
    expect(done).toEqual(['brought home', ...all.slice(1)]);
  });

  it.each<[RunState]>([['interrupted'], ['stopped'], ['failed']])('ends at a run that is %s, and measures it anew when resumed', async (state) => {
    await store.save(asked);
    outcomes = ['completed', state];
    expect(await failure(carryOut())).toMatchObject({ code: 'ab-interrupted', extras: { board: 'Bench 1', state: 'The change was not made. What was measured is kept.', next: expect.stringContaining('--resume ab-1') } });
    await carryOut();
    expect(done).toEqual(['run before', ...all]);
  });

  it('goes on with a change that was interrupted', async () => {
    await store.save(asked);
    await failure(carryOut({ apply: async () => { change = 'applying'; throw new CodedError('connection-lost', 'The link is lost.'); } }));
    await carryOut();
    expect(done).toEqual([...all.slice(0, 2), 'change resumed', ...all.slice(3)]);
  });

  it('says where the board stands when the change is made', async () => {
    await store.save(asked);
    outcomes = ['completed', 'completed', 'failed'];
    const error = await failure(carryOut());
    expect(error.extras).toMatchObject({
      state: 'The change 20261121T100001Z is done; nothing was put back. What was measured is kept.',
      next: 'Go on with: rtvm-bench ab bench-1 --resume ab-1. To put the change back: rtvm-bench undo 20261121T100001Z --board bench-1.',
      details: { abId: 'ab-1', changeId: '20261121T100001Z' },
    });
  });

  it.each<[ChangeState]>([['undone'], ['failed'], ['rolled-back'], ['fell-back']])('measures nothing after a change that is %s', async (state) => {
    await store.save(asked);
    expect((await failure(carryOut({ apply: async () => { change = state; throw new CodedError('step-failed', 'It could not be written.'); } }))).code).toBe('step-failed');
    expect(await failure(carryOut())).toMatchObject({ code: 'change-ended', message: expect.stringContaining(state) });
    expect(done).toEqual(all.slice(0, 2));
  });

  it('takes no run for one before the change once that was made', async () => {
    await store.save(asked);
    change = 'done';
    expect(await failure(carryOut())).toMatchObject({ code: 'ab-interrupted', message: expect.stringContaining('0 of 2 runs before') });
    expect(done).toEqual([]);
  });

  it('is cancelled between two steps, never within the change', async () => {
    await store.save(asked);
    const cancelling = stop();
    const error = await failure(carryOut({ apply: async () => { cancelling.abort(new CodedError('cancelled', 'Cancelled.')); done.push('applied'); change = 'done'; } }, cancelling.signal));
    expect(error).toMatchObject({ code: 'cancelled', extras: { state: expect.stringContaining('is done; nothing was put back') } });
    expect(done).toEqual(all.slice(0, 3));
    await carryOut();
    expect(done).toEqual(all);
  });
});
