import { CodedError } from '../../../shared/contract/errors.ts';
import type { EventName, EventPayload, MethodOutput } from '../../../shared/contract/methods.ts';
import type { Checklist } from '../../../shared/model/checklist.ts';
import type { StoredCpuMap } from '../../../shared/model/cpu-map.ts';
import type { Job, JobEvent } from '../../../shared/model/job.ts';
import type { ProjectInfo } from '../../../shared/model/project.ts';
import type { Answer, Question } from '../../../shared/model/question.ts';
import type { CyclictestRun } from '../../../shared/model/run.ts';
import { fakeBoards, fakeRuns, stampAgo, type FakeBoard } from './data.ts';

type Send = <E extends EventName>(event: E, payload: EventPayload<E>) => void;
interface FakeJob { job: Job; events: JobEvent[] }

const projectOf = (directory: string, name: string): ProjectInfo => ({
  directory, readOnly: false, readOnlyReason: null, quarantined: [],
  project: { schema: 1, name, customer: '', notes: '', createdAt: '20261101T080000Z' },
});

/** Everything a fake core remembers. */
export class FakeState {
  boards = fakeBoards();
  runs = fakeRuns();
  project: ProjectInfo | null;
  practice: MethodOutput<'practice.state'> = {
    machine: 'dual-xeon', address: '127.0.0.1', port: 40_222, faults: { slowLinkMs: 0, dropAfterBytes: 0, diskFull: false, wrongPassword: false },
    machines: [{ id: 'dual-xeon', title: 'Dual Xeon, 64 CPUs', description: 'Two sockets, PREEMPT_RT, CPUs 4 to 63 isolated.' }, { id: 'small-atom', title: 'Atom, 4 CPUs', description: 'A fresh Debian, nothing isolated.' }],
  };
  readonly jobs = new Map<string, FakeJob>();
  readonly questions = new Map<string, Question>();
  readonly answers = new Map<string, Answer>();
  readonly cpuMaps = new Map<string, StoredCpuMap>();
  readonly checklists = new Map<string, Checklist>();
  readonly seconds: Map<string, number>;
  readonly senders = new Set<Send>();
  /** What defining a VM by a plan comes to. */
  tuned: (boardId: string, name: string, xml: string) => void = () => { /* no VMs */ };
  definitionOf: (boardId: string, name: string) => string = () => '';
  #counter = 1;

  constructor(project: Partial<ProjectInfo> | null, elapsedSeconds: number) {
    this.project = project === null ? null : { ...projectOf('/home/engineer/sites/line4.rtvm', 'Line 4 press controller'), ...project };
    this.seconds = new Map([['going-on', elapsedSeconds]]);
    this.newJob('run', 'cyclictest on rack-epyc', 'rack-epyc', 'going-on');
  }

  nextNumber(): number {
    return this.#counter++;
  }

  emit<E extends EventName>(event: E, payload: EventPayload<E>): void {
    for (const send of this.senders) send(event, payload);
  }

  boardOf(boardId: string): FakeBoard {
    const found = this.boards.find((fake) => fake.board.id === boardId);
    if (!found) throw new CodedError('board-unknown', `There is no board “${boardId}” in this project.`);
    return found;
  }

  runOf(runId: string): CyclictestRun {
    const found = this.runs.find((run) => run.id === runId);
    if (!found) throw new CodedError('run-unknown', `There is no run “${runId}” in this project.`);
    return found;
  }

  replaceRun(changed: CyclictestRun): CyclictestRun {
    this.runs = this.runs.map((run) => run.id === changed.id ? changed : run);
    return changed;
  }

  newJob(kind: Job['kind'], title: string, boardId: string | null, runId: string | null): string {
    const id = `job-${String(this.nextNumber()).padStart(8, '0')}`;
    this.jobs.set(id, { job: { id, kind, title, boardId, runId, startedAt: stampAgo(0), state: 'running', lastSeq: 0 }, events: [] });
    return id;
  }

  runJobOf(runId: string): FakeJob | undefined {
    return [...this.jobs.values()].find(({ job }) => job.runId === runId);
  }

  tell(jobId: string, body: JobEvent['body']): void {
    const known = this.jobs.get(jobId);
    if (!known) throw new Error(`no job ${jobId}`);
    const seq = known.job.lastSeq + 1;
    const event: JobEvent = { jobId, seq, at: new Date().toISOString(), body };
    known.events.push(event);
    known.job = { ...known.job, lastSeq: seq, state: body.kind === 'done' ? 'done' : body.kind === 'failed' ? 'failed' : 'running' };
    this.emit('job', event);
  }

  endRun(runId: string, state: CyclictestRun['state']): void {
    this.replaceRun({ ...this.runOf(runId), state, endedAt: stampAgo(0), stateReason: state === 'stopped' ? 'Stopped early by a person.' : null, journalSha256: 'ab'.repeat(32) });
    const known = this.runJobOf(runId);
    if (known) this.tell(known.job.id, { kind: 'done', result: {} });
    this.emit('runs-changed', { runId });
    this.emit('boards-changed', {});
  }

  openProject(directory: string, name: string): ProjectInfo {
    this.project = projectOf(directory, name);
    this.emit('project-changed', {});
    return this.project;
  }
}
