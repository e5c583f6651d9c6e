import type { CodedError } from '../../shared/contract/errors.ts';
import { serveLink, type Handlers } from '../../shared/contract/dispatch.ts';
import type { Link } from '../../shared/contract/link.ts';
import type { EventName, EventPayload, MethodName } from '../../shared/contract/methods.ts';
import type { Job, JobEvent } from '../../shared/model/job.ts';
import type { ProjectInfo } from '../../shared/model/project.ts';
import type { Answer, QuestionBody } from '../../shared/model/question.ts';
import { boardHandlers } from './fake-core/board-handlers.ts';
import { abHandlers } from './fake-core/ab-handlers.ts';
import { campaignHandlers } from './fake-core/campaign-handlers.ts';
import { changeHandlers } from './fake-core/change-handlers.ts';
import { checklistHandlers } from './fake-core/checklist-handlers.ts';
import { compareHandlers } from './fake-core/compare-handlers.ts';
import { consoleHandlers } from './fake-core/console-handlers.ts';
import { cpuMapHandlers } from './fake-core/cpu-map-handlers.ts';
import { guideHandlers } from './fake-core/guide-handlers.ts';
import { liveReading } from './fake-core/results.ts';
import { reportHandlers } from './fake-core/report-handlers.ts';
import { runHandlers } from './fake-core/run-handlers.ts';
import { vmHandlers } from './fake-core/vm-handlers.ts';
import { FakeState } from './fake-core/state.ts';
import { workloadHandlers } from './fake-core/workload-handlers.ts';

/** A core in memory with believable boards, for tests of screens: it forgets everything and touches nothing. */
export interface FakeCore {
  readonly handlers: Handlers;
  /** Answers given so far, by question id. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly jobs: readonly Job[];
  serve(link: Link): void;
  emit<E extends EventName>(event: E, payload: EventPayload<E>): void;
  /** The next call of this method fails with this error. */
  failNext(method: MethodName, error: CodedError): void;
  ask(boardId: string, body: QuestionBody): string;
  /** One more second of every run that is going on. */
  tick(): void;
  /** Says something in a running job. */
  tell(jobId: string, body: JobEvent['body']): void;
}

export interface FakeCoreOptions {
  /** What is special about the project; null: none is open. */
  readonly project?: Partial<ProjectInfo> | null;
  /** How long the run that is going on has been going on. */
  readonly elapsedSeconds?: number;
}

export function createFakeCore(options: FakeCoreOptions = {}): FakeCore {
  const state = new FakeState(options.project === undefined ? {} : options.project, options.elapsedSeconds ?? 11_520);
  const failures = new Map<MethodName, CodedError>();
  const runs = runHandlers(state);
  const handlers = withFailures({ ...boardHandlers(state), ...guideHandlers(state), ...checklistHandlers(state), ...cpuMapHandlers(state), ...changeHandlers(state), ...runs, ...compareHandlers(state, runs['runs.result']), ...reportHandlers(), ...campaignHandlers(state), ...abHandlers(state), ...vmHandlers(state), ...workloadHandlers(state), ...consoleHandlers(state) }, failures);
  return {
    handlers,
    answers: state.answers,
    get jobs() { return [...state.jobs.values()].map(({ job }) => job); },
    serve: (link) => {
      const send = serveLink(handlers, link);
      state.senders.add(send);
      link.onClose(() => { state.senders.delete(send); });
    },
    emit: (event, payload) => { state.emit(event, payload); },
    failNext: (method, error) => { failures.set(method, error); },
    ask: (boardId, body) => {
      const id = `question-${String(state.nextNumber())}`;
      const question = { id, boardId, boardName: state.boardOf(boardId).board.name, body };
      state.questions.set(id, question);
      state.emit('question-asked', question);
      return id;
    },
    tick: () => { tick(state); },
    tell: (jobId, body) => { state.tell(jobId, body); },
  };
}

function tick(state: FakeState): void {
  for (const run of state.runs.filter((one) => one.state === 'running' || one.state === 'starting')) {
    const second = (state.seconds.get(run.id) ?? 0) + 1;
    state.seconds.set(run.id, second);
    if (run.state === 'starting') {
      state.replaceRun({ ...run, state: 'running' });
      state.emit('runs-changed', { runId: run.id });
    }
    const known = state.runJobOf(run.id);
    if (known) state.tell(known.job.id, { kind: 'live', status: liveReading(run.options, second) });
    if (second >= run.options.durationSeconds) state.endRun(run.id, 'completed');
  }
}

/** The same handlers, where a prepared failure comes first. */
function withFailures(handlers: Handlers, failures: Map<MethodName, CodedError>): Handlers {
  return new Proxy(handlers, {
    get(target, name, receiver) {
      const prepared = [...failures.keys()].find((method) => method === name);
      if (prepared === undefined) return Reflect.get(target, name, receiver);
      const error = failures.get(prepared);
      failures.delete(prepared);
      return async () => { throw error; };
    },
  });
}
