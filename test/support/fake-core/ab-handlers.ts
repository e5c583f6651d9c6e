import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { AbTest } from '../../../shared/model/ab-test.ts';
import { defaultOptions } from './data.ts';
import type { FakeState } from './state.ts';

type AbMethod = Extract<keyof Handlers, `ab.${string}`>;

const test: AbTest = {
  schema: 1, id: 'ab-1', boardId: 'rack-epyc', boardName: 'rack-epyc', createdAt: '20261121T101500Z', planId: '20261121T101500Z', title: 'No merging of equal pages (KSM)',
  request: { benchmark: 'cyclictest', options: defaultOptions([4, 5], [0]) }, repeats: 4, before: ['night-run'], after: [],
};

/** One A/B test that has measured one of its runs. */
export const abHandlers = (state: FakeState): Pick<Handlers, AbMethod> => ({
  'ab.start': async ({ boardId }) => ({ jobId: state.newJob('ab', 'A/B', boardId, null) }),
  'ab.resume': async () => ({ jobId: state.newJob('ab', 'A/B', test.boardId, null) }),
  'ab.list': async () => [test],
  'ab.get': async () => ({ test, measured: { before: test.before, after: test.after }, change: null, jobId: null, compared: null }),
});
