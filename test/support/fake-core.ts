import { CodedError } from '../../shared/contract/errors.ts';
import { serveLink, type Handlers } from '../../shared/contract/dispatch.ts';
import type { Link } from '../../shared/contract/link.ts';
import type { EventName, EventPayload, MethodName, RunPreview } from '../../shared/contract/methods.ts';
import type { Job, JobEvent } from '../../shared/model/job.ts';
import type { ProjectInfo } from '../../shared/model/project.ts';
import type { Answer, Question, QuestionBody } from '../../shared/model/question.ts';
import type { CyclictestOptions, Run } from '../../shared/model/run.ts';
import { commandOf, defaultOptions, fakeBoards, fakeRuns, stampAgo, statusOf, type FakeBoard } from './fake-core/data.ts';
import { makeResult, liveReading } from './fake-core/results.ts';
import { snapshotOf } from './fake-core/machines.ts';
import { remarks } from './fake-core/snapshots.ts';

/** A core in memory with believable boards, for tests of screens: it forgets everything and touches nothing. */
export interface FakeCore {
  readonly handlers: Handlers;
  /** Answers given so far, by question id. */
  readonly answers: ReadonlyMap<string, Answer>;
  serve(link: Link): void;
  emit<E extends EventName>(event: E, payload: EventPayload<E>): void;
  /** The next call of this method fails with this error. */
  failNext(method: MethodName, error: CodedError): void;
  ask(boardId: string, body: QuestionBody): string;
  /** One more second of every run that is going on. */
  tick(): void;
  /** Says something in a running job. */
  tell(jobId: string, body: JobEvent['body']): void;
  readonly jobs: readonly Job[];
}

export interface FakeCoreOptions { readonly project?: Partial<ProjectInfo> | null; readonly elapsedSeconds?: number }

interface FakeJob { job: Job; events: JobEvent[] }

export function createFakeCore(options: FakeCoreOptions = {}): FakeCore {
  let boards = fakeBoards();
  let runs = fakeRuns();
  let project: ProjectInfo | null = options.project === null ? null : {
    directory: '/home/engineer/sites/line4.rtvm', readOnly: false, readOnlyReason: null, quarantined: [],
    project: { schema: 1, name: 'Line 4 press controller', customer: '', notes: '', createdAt: '20261101T080000Z' }, ...options.project,
  };
  let practice = {
    machine: 'dual-xeon', address: '127.0.0.1', port: 40_222, faults: { slowLinkMs: 0, dropAfterBytes: 0, diskFull: false, wrongPassword: false },
    machines: [{ id: 'dual-xeon', title: 'Dual Xeon, 64 CPUs', description: 'Two sockets, PREEMPT_RT, CPUs 4 to 63 isolated.' }, { id: 'small-atom', title: 'Atom, 4 CPUs', description: 'A fresh Debian, nothing isolated.' }],
  };
  const jobs = new Map<string, FakeJob>();
  const questions = new Map<string, Question>();
  const answers = new Map<string, Answer>();
  const failures = new Map<MethodName, CodedError>();
  const seconds = new Map<string, number>([['going-on', options.elapsedSeconds ?? 11_520]]);
  const senders = new Set<<E extends EventName>(event: E, payload: EventPayload<E>) => void>();
  let counter = 1;

  function emit<E extends EventName>(event: E, payload: EventPayload<E>): void {
    for (const send of senders) send(event, payload);
  }

  const boardOf = (boardId: string): FakeBoard => {
    const found = boards.find((fake) => fake.board.id === boardId);
    if (!found) throw new CodedError('board-unknown', `There is no board “${boardId}” in this project.`);
    return found;
  };
  const runOf = (runId: string): Run => {
    const found = runs.find((run) => run.id === runId);
    if (!found) throw new CodedError('run-unknown', `There is no run “${runId}” in this project.`);
    return found;
  };
  const replaceRun = (changed: Run) => {
    runs = runs.map((run) => run.id === changed.id ? changed : run);
    return changed;
  };

  function newJob(kind: Job['kind'], title: string, boardId: string | null, runId: string | null): string {
    const id = `job-${String(counter++).padStart(8, '0')}`;
    jobs.set(id, { job: { id, kind, title, boardId, runId, startedAt: stampAgo(0), state: 'running', lastSeq: 0 }, events: [] });
    return id;
  }

  function tell(jobId: string, body: JobEvent['body']): void {
    const known = jobs.get(jobId);
    if (!known) throw new Error(`no job ${jobId}`);
    const seq = known.job.lastSeq + 1;
    const event: JobEvent = { jobId, seq, at: new Date().toISOString(), body };
    known.events.push(event);
    known.job = { ...known.job, lastSeq: seq, state: body.kind === 'done' ? 'done' : body.kind === 'failed' ? 'failed' : 'running' };
    emit('job', event);
  }

  const later = (work: () => void) => { setTimeout(work, 60); };
  const runJobOf = (runId: string) => [...jobs.values()].find(({ job }) => job.runId === runId);

  function endRun(runId: string, state: Run['state']): void {
    replaceRun({ ...runOf(runId), state, endedAt: stampAgo(0), stateReason: state === 'stopped' ? 'Stopped early by a person.' : null, journalSha256: 'ab'.repeat(32) });
    const known = runJobOf(runId);
    if (known) tell(known.job.id, { kind: 'done', result: {} });
    emit('runs-changed', { runId });
    emit('boards-changed', {});
  }

  function preview(boardId: string, wanted: CyclictestOptions): RunPreview {
    const { machine } = boardOf(boardId);
    const cpus = machine === null ? undefined : snapshotOf(machine, stampAgo(0)).cpus;
    const missing = wanted.cpus.filter((cpu) => !(cpus?.online ?? []).includes(cpu));
    const loose = wanted.cpus.filter((cpu) => !(cpus?.isolated ?? []).includes(cpu));
    const shared = wanted.mainCpus.filter((cpu) => wanted.cpus.includes(cpu));
    const busy = runs.some((run) => run.boardId === boardId && run.state === 'running');
    return {
      options: wanted, command: commandOf(wanted), commandText: commandOf(wanted).join(' '),
      conditions: [
        ...(wanted.holdDmaLatency ? ['cyclictest holds /dev/cpu_dma_latency at 0: idle states the product would enter are shut.'] : []),
        ...(loose.length > 0 ? [`not isolated: CPU ${loose.join(', ')}`] : []),
      ],
      problems: [
        ...(missing.length > 0 ? [{ field: 'cpus', severity: 'error' as const, message: `CPU ${missing.join(', ')} is not online on this board.` }] : []),
        ...(shared.length > 0 ? [{ field: 'mainCpus', severity: 'error' as const, message: `CPU ${shared.join(', ')} is measured: the main thread would disturb it.` }] : []),
        ...(wanted.histogramUs < 2 * (wanted.deadlineUs ?? 0) ? [{ field: 'histogramUs', severity: 'warning' as const, message: 'The histogram should reach twice the deadline.' }] : []),
        ...(busy ? [{ field: 'board', severity: 'error' as const, message: 'Another run is going on on this board.' }] : []),
      ],
      expectedSamples: Math.floor((wanted.durationSeconds * 1e6) / wanted.intervalUs) * wanted.cpus.length, boardBytes: 240_000,
    };
  }

  const proposal = (boardId: string) => {
    const { machine } = boardOf(boardId);
    const cpus = machine === null ? { isolated: [4, 5, 6, 7], online: [0, 1, 2, 3] } : snapshotOf(machine, stampAgo(0)).cpus;
    const measured = cpus.isolated.length > 0 ? cpus.isolated.slice(0, 8) : cpus.online.slice(1);
    return defaultOptions(measured, cpus.online.filter((cpu) => !measured.includes(cpu)).slice(0, 2));
  };

  const snapshotAnswer = (boardId: string, snapshotId: string) => {
    const fake = boardOf(boardId);
    if (fake.machine === null) throw new CodedError('file-unreadable', 'That reading is not in the project.');
    return { id: snapshotId, snapshot: snapshotOf(fake.machine, snapshotId), remarks: remarks.slice(0, Math.max(fake.attention ?? 0, fake.attention === 0 ? 0 : 2)) };
  };

  function inspect(boardId: string): string {
    const fake = boardOf(boardId);
    const jobId = newJob('inspect', `Read ${fake.board.name}`, boardId, null);
    later(() => {
      tell(jobId, { kind: 'progress', message: 'Reading the board', fraction: 0.5 });
      fake.machine ??= 'xeon';
      fake.attention ??= 2;
      fake.snapshotIds.unshift(stampAgo(0));
      fake.connection = { ...fake.connection, state: 'connected', roundTripMs: 0.4, sudo: 'not-needed' };
      emit('connection', fake.connection);
      tell(jobId, { kind: 'done', result: {} });
    });
    return jobId;
  }

  const plain: Handlers = {
    'app.info': async () => ({ version: '0.1.0', host: 'browser-window', node: process.version, platform: process.platform, probeVersion: '1' }),
    'project.current': async () => ({ info: project, recent: ['/home/engineer/sites/line4.rtvm', '/home/engineer/sites/weld-cell.rtvm'] }),
    'project.open': async ({ directory }) => openProject(directory, 'Weld cell'),
    'project.create': async ({ directory, name }) => openProject(directory, name),
    'boards.list': async () => boards.map((fake) => statusOf(fake, runs)),
    'boards.add': async (board) => {
      const id = board.name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'board';
      const added = { ...board, schema: 1 as const, id, hostKeys: [], addedAt: stampAgo(0) };
      boards = [...boards, { board: added, connection: { boardId: id, state: 'idle', roundTripMs: null, sudo: 'unknown', error: null }, machine: null, summary: null, attention: null, snapshotIds: [] }];
      emit('boards-changed', {});
      return added;
    },
    'boards.update': async ({ boardId, changes }) => {
      const fake = boardOf(boardId);
      const { name, role, reach, notes } = { ...fake.board, ...changes };
      fake.board = { ...fake.board, name, role, reach, notes };
      return fake.board;
    },
    'boards.remove': async ({ boardId }) => {
      boards = boards.filter((fake) => fake.board.id !== boardOf(boardId).board.id);
      emit('boards-changed', {});
      return {};
    },
    'boards.suggestions': async () => [
      { name: 'line4-press', source: 'ssh-config', target: { address: '192.0.2.17', port: 22, user: 'engineer', login: { method: 'key', keyFile: '/home/engineer/.ssh/id_ed25519' } }, jumps: [{ address: 'gate.example', port: 2222, user: 'jump', login: { method: 'agent' } }], notes: ['“ControlMaster” is not taken over.'] },
      { name: 'atom-7f.local', source: 'mdns', target: { address: 'atom-7f.local', port: 22, user: 'root', login: { method: 'password' } }, jumps: [], notes: [] },
    ],
    'boards.discover': async () => {
      const jobId = newJob('discover', 'Look for boards', null, null);
      later(() => { tell(jobId, { kind: 'done', result: {} }); });
      return { jobId };
    },
    'boards.connect': async ({ boardId }) => {
      const fake = boardOf(boardId);
      fake.connection = { ...fake.connection, state: 'connected', roundTripMs: 0.9, sudo: 'not-asked', error: null };
      return fake.connection;
    },
    'boards.disconnect': async ({ boardId }) => {
      const fake = boardOf(boardId);
      fake.connection = { ...fake.connection, state: 'idle', roundTripMs: null, sudo: 'unknown' };
      return {};
    },
    'boards.clean': async ({ boardId }) => {
      const jobId = newJob('clean', `Remove everything of ours from ${boardOf(boardId).board.name}`, boardId, null);
      later(() => { tell(jobId, { kind: 'done', result: {} }); });
      return { jobId };
    },
    'inspect.start': async ({ boardId }) => ({ jobId: inspect(boardId) }),
    'inspect.import': async ({ boardId, capture }) => {
      if (!capture.includes('rtvm')) throw new CodedError('capture-unreadable', 'This file is not a capture of the probe.', { next: 'Choose the file that “sh probe.sh > board.capture” wrote.' });
      const fake = boardOf(boardId);
      fake.machine ??= 'atom';
      fake.snapshotIds.unshift(stampAgo(0));
      return snapshotAnswer(boardId, fake.snapshotIds[0] ?? '');
    },
    'inspect.script': async () => ({ text: '#!/bin/sh\n# RTVM Bench probe: reads a board, changes nothing.\n' }),
    'snapshots.latest': async ({ boardId }) => {
      const latest = boardOf(boardId).snapshotIds[0];
      return latest === undefined ? null : snapshotAnswer(boardId, latest);
    },
    'snapshots.list': async ({ boardId }) => boardOf(boardId).snapshotIds,
    'snapshots.get': async ({ boardId, snapshotId }) => snapshotAnswer(boardId, snapshotId),
    'runs.propose': async ({ boardId }) => preview(boardId, proposal(boardId)),
    'runs.preview': async ({ boardId, options: wanted }) => preview(boardId, wanted),
    'runs.start': async ({ boardId, options: wanted, runId }) => {
      const known = runs.find((run) => run.id === runId);
      const run: Run = known ?? { ...fakeRunTemplate(runs), id: runId, boardId, boardName: boardOf(boardId).board.name, createdAt: stampAgo(0), options: wanted, command: commandOf(wanted), conditions: preview(boardId, wanted).conditions };
      if (!known) runs = [...runs, run];
      const jobId = runJobOf(runId)?.job.id ?? newJob('run', `cyclictest on ${run.boardName}`, boardId, runId);
      emit('runs-changed', { runId });
      emit('boards-changed', {});
      return { jobId, run };
    },
    'runs.attach': async ({ runId }) => ({ jobId: runJobOf(runId)?.job.id ?? null }),
    'runs.stop': async ({ runId }) => {
      endRun(runOf(runId).id, 'stopped');
      return {};
    },
    'runs.list': async () => runs,
    'runs.get': async ({ runId }) => runOf(runId),
    'runs.result': async ({ runId }) => {
      const run = runOf(runId);
      if (run.state === 'running') return null;
      return makeResult(run, run.id === 'overflowing' ? [6456] : run.id === 'all-cpus' ? [61, 74, 83, 58, 142] : [227, 258, 290, 201], run.options.durationSeconds);
    },
    'runs.live': async ({ runId }) => {
      const run = runOf(runId);
      const until = seconds.get(runId) ?? 0;
      const step = Math.max(1, Math.floor(until / 400));
      return Array.from({ length: Math.ceil(until / step) }, (_, at) => liveReading(run.options, at * step));
    },
    'runs.raw': async ({ runId }) => ({
      directory: `/home/engineer/sites/line4.rtvm/runs/${runOf(runId).id}`,
      files: [{ name: 'segment-0000.out', sizeBytes: 6120, text: '# /dev/cpu_dma_latency set to 0us\n# Histogram\n000006 000175\t000104\n000007 000942\t000871\n# Min Latencies: 00006 00006\n# Max Latencies: 00227 00258\n', truncated: true }, { name: 'journal.ndjson', sizeBytes: 812, text: '{"at":"2026-11-18T17:02:11Z","what":"segment 0 started"}\n', truncated: false }],
    }),
    'runs.set-deadline': async ({ runId, deadlineUs, deadlineFraction }) => {
      const run = runOf(runId);
      return replaceRun({ ...run, options: { ...run.options, deadlineUs, deadlineFraction } });
    },
    'jobs.list': async () => [...jobs.values()].map(({ job }) => job),
    'jobs.snapshot': async ({ jobId, afterSeq }) => {
      const known = jobs.get(jobId);
      if (!known) throw new CodedError('bad-request', 'There is no such job.');
      return { job: known.job, events: known.events.filter((event) => event.seq > afterSeq), missed: 0 };
    },
    'jobs.cancel': async ({ jobId }) => {
      tell(jobId, { kind: 'failed', error: { code: 'cancelled', message: 'Cancelled.' } });
      return {};
    },
    'questions.list': async () => [...questions.values()],
    'questions.answer': async ({ questionId, answer }) => {
      answers.set(questionId, answer);
      questions.delete(questionId);
      emit('question-settled', { questionId });
      return {};
    },
    'practice.state': async () => practice,
    'practice.set-faults': async (faults) => (practice = { ...practice, faults }),
    'practice.set-machine': async ({ machine }) => (practice = { ...practice, machine }),
    'practice.reset': async () => practice,
  };

  function openProject(directory: string, name: string): ProjectInfo {
    project = { directory, readOnly: false, readOnlyReason: null, quarantined: [], project: { schema: 1, name, customer: '', notes: '', createdAt: stampAgo(0) } };
    emit('project-changed', {});
    return project;
  }

  newJob('run', 'cyclictest on rack-epyc', 'rack-epyc', 'going-on');

  const handlers = withFailures(plain, failures);
  return {
    handlers, answers, emit, tell,
    get jobs() { return [...jobs.values()].map(({ job }) => job); },
    serve: (link) => {
      const send = serveLink(handlers, link);
      senders.add(send);
      link.onClose(() => { senders.delete(send); });
    },
    failNext: (method, error) => { failures.set(method, error); },
    ask: (boardId, body) => {
      const id = `question-${String(counter++)}`;
      const question = { id, boardId, boardName: boardOf(boardId).board.name, body };
      questions.set(id, question);
      emit('question-asked', question);
      return id;
    },
    tick: () => {
      for (const run of runs.filter((one) => one.state === 'running' || one.state === 'starting')) {
        const second = (seconds.get(run.id) ?? 0) + 1;
        seconds.set(run.id, second);
        const known = runJobOf(run.id);
        if (run.state === 'starting') {
          replaceRun({ ...run, state: 'running' });
          emit('runs-changed', { runId: run.id });
        }
        if (known) tell(known.job.id, { kind: 'live', status: liveReading(run.options, second) });
        if (second >= run.options.durationSeconds) endRun(run.id, 'completed');
      }
    },
  };
}

const fakeRunTemplate = (runs: readonly Run[]): Run => {
  const [template] = runs;
  if (!template) throw new Error('the fake core lost its runs');
  return { ...template, state: 'starting', stateReason: null, endedAt: null, journalSha256: null };
};

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
