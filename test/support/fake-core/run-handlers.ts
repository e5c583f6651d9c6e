import { CodedError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/dispatch.ts';
import { cyclictestOptionsOf, type CyclictestOptions, type CyclictestRun, type RunRequest } from '../../../shared/model/run.ts';
import { commandOf, stampAgo } from './data.ts';
import { fakeExplanation } from './explanation.ts';
import { previewOf, proposalOf } from './preview.ts';
import { liveReading, makeResult } from './results.ts';
import type { FakeState } from './state.ts';

type RunMethod = Extract<keyof Handlers, `runs.${string}` | `jobs.${string}` | `questions.${string}` | `practice.${string}`>;

/** Runs and their results, jobs, questions, and the practice board's panel. */
export const runHandlers = (state: FakeState): Pick<Handlers, RunMethod> => ({
  'runs.propose': async ({ boardId }) => previewOf(state, boardId, proposalOf(state, boardId)),
  'runs.preview': async ({ boardId, ...request }) => previewOf(state, boardId, ownOptions(request)),
  'runs.start': async ({ boardId, runId, ...request }) => {
    const wanted = ownOptions(request);
    const known = state.runs.find((run) => run.id === runId);
    const run: CyclictestRun = known ?? { ...fakeRunTemplate(state.runs), id: runId, boardId, boardName: state.boardOf(boardId).board.name, createdAt: stampAgo(0), options: wanted, command: commandOf(wanted), conditions: previewOf(state, boardId, wanted).conditions };
    if (!known) state.runs = [...state.runs, run];
    const jobId = state.runJobOf(runId)?.job.id ?? state.newJob('run', `cyclictest on ${run.boardName}`, boardId, runId);
    state.emit('runs-changed', { runId });
    state.emit('boards-changed', {});
    return { jobId, run };
  },
  'runs.attach': async ({ runId }) => ({ jobId: state.runJobOf(runId)?.job.id ?? null }),
  'runs.stop': async ({ runId }) => {
    state.endRun(state.runOf(runId).id, 'stopped');
    return {};
  },
  'runs.list': async () => state.runs,
  'runs.get': async ({ runId }) => state.runOf(runId),
  'runs.result': async ({ runId }) => {
    const run = state.runOf(runId);
    if (run.state === 'running') return null;
    return makeResult(run, run.id === 'overflowing' ? [6456] : run.id === 'all-cpus' ? [61, 74, 83, 58, 142] : [227, 258, 290, 201], run.options.durationSeconds);
  },
  'runs.explain': async ({ runId }) => (state.runOf(runId).state === 'running' ? null : fakeExplanation(runId)),
  'runs.live': async ({ runId }) => {
    const run = state.runOf(runId);
    const until = state.seconds.get(runId) ?? 0;
    const step = Math.max(1, Math.floor(until / 400));
    return Array.from({ length: Math.ceil(until / step) }, (_, at) => liveReading(run.options, at * step));
  },
  'runs.raw': async ({ runId }) => ({
    directory: `/home/engineer/sites/line4.rtvm/runs/${state.runOf(runId).id}`,
    files: [{ name: 'segment-0000.out', sizeBytes: 6120, text: '# /dev/cpu_dma_latency set to 0us\n# Histogram\n000006 000175\t000104\n000007 000942\t000871\n# Min Latencies: 00006 00006\n# Max Latencies: 00227 00258\n', truncated: true }, { name: 'journal.ndjson', sizeBytes: 812, text: '{"at":"2026-11-18T17:02:11Z","what":"segment 0 started"}\n', truncated: false }],
  }),
  'runs.set-deadline': async ({ runId, deadlineUs, deadlineFraction }) => {
    const run = state.runOf(runId);
    return state.replaceRun({ ...run, options: { ...run.options, deadlineUs, deadlineFraction } });
  },
  'jobs.list': async () => [...state.jobs.values()].map(({ job }) => job),
  'jobs.snapshot': async ({ jobId, afterSeq }) => {
    const known = state.jobs.get(jobId);
    if (!known) throw new CodedError('bad-request', 'There is no such job.');
    return { job: known.job, events: known.events.filter((event) => event.seq > afterSeq), missed: 0 };
  },
  'jobs.cancel': async ({ jobId }) => {
    state.tell(jobId, { kind: 'failed', error: { code: 'cancelled', message: 'Cancelled.' } });
    return {};
  },
  'questions.list': async () => [...state.questions.values()],
  'questions.answer': async ({ questionId, answer }) => {
    state.answers.set(questionId, answer);
    state.questions.delete(questionId);
    state.emit('question-settled', { questionId });
    return {};
  },
  'practice.state': async () => state.practice,
  'practice.set-faults': async (faults) => (state.practice = { ...state.practice, faults }),
  'practice.set-machine': async ({ machine }) => (state.practice = { ...state.practice, machine }),
  'practice.reset': async () => state.practice,
});

/** The fake core measures with cyclictest alone. */
function ownOptions(request: RunRequest): CyclictestOptions {
  const options = cyclictestOptionsOf(request);
  if (options === null) throw new CodedError('bad-request', 'The fake core has no other benchmark.');
  return options;
}

function fakeRunTemplate(runs: readonly CyclictestRun[]): CyclictestRun {
  const [template] = runs;
  if (!template) throw new Error('the fake core lost its runs');
  return { ...template, state: 'starting', stateReason: null, endedAt: null, journalSha256: null };
}
