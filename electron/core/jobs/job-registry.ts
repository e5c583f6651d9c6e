import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Job, JobEvent } from '../../../shared/model/job.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import type { EventBus } from '../event-bus.ts';

/** Older events of a long job are dropped; a window that catches up is told how many it missed. */
const keptEvents = 4_000;
/** Ended jobs are kept so that a reopened window sees how they ended. */
const keptEndedJobs = 100;

type Body = JobEvent['body'];
type Result = Record<string, z.infer<ReturnType<typeof z.json>>>;

export interface JobContext {
  readonly jobId: string;
  readonly signal: AbortSignal;
  tell(body: Exclude<Body, { kind: 'done' | 'failed' }>): void;
}

interface Entry { job: Job; events: JobEvent[]; missed: number; abort: AbortController; finished: Promise<void> }

/** Long work with an id: numbered events, catching up, cancelling. */
export class JobRegistry {
  readonly #entries = new Map<string, Entry>();
  readonly #bus: EventBus;

  constructor(bus: EventBus) {
    this.#bus = bus;
  }

  /** Starts work. Whatever `work` throws becomes the job's `failed` event. */
  start(about: Pick<Job, 'kind' | 'title' | 'boardId' | 'runId'>, work: (context: JobContext) => Promise<Result>): Job {
    const job: Job = { ...about, id: `job-${randomUUID()}`, startedAt: stampOf(new Date()), state: 'running', lastSeq: 0 };
    const abort = new AbortController();
    const entry: Entry = { job, events: [], missed: 0, abort, finished: Promise.resolve() };
    this.#entries.set(job.id, entry);
    this.#forgetOldJobs();
    this.#bus.emit('jobs-changed', { jobId: job.id });
    entry.finished = work({ jobId: job.id, signal: abort.signal, tell: (body) => { this.#tell(entry, body); } })
      .then(
        (result) => { this.#end(entry, 'done', { kind: 'done', result }); },
        (thrown: unknown) => { this.#end(entry, 'failed', { kind: 'failed', error: CodedError.from(thrown).toData() }); },
      );
    return { ...job };
  }

  list(): Job[] {
    return [...this.#entries.values()].map((entry) => ({ ...entry.job }));
  }

  /** The job and its events after `afterSeq`; `missed` counts those that are no longer kept. */
  snapshot(jobId: string, afterSeq: number): { job: Job; events: JobEvent[]; missed: number } {
    const entry = this.#get(jobId);
    const events = entry.events.filter((event) => event.seq > afterSeq);
    return { job: { ...entry.job }, events, missed: Math.max(0, entry.missed - afterSeq) };
  }

  cancel(jobId: string): void {
    this.#get(jobId).abort.abort(new CodedError('cancelled', 'Cancelled.'));
  }

  running(kind: Job['kind'], boardId: string): Job | undefined {
    return this.list().find((job) => job.state === 'running' && job.kind === kind && job.boardId === boardId);
  }

  /** Waits for a job that this registry has: its result, or its error. Aborting ends the waiting with the signal's reason, not the job. */
  async resultOf(jobId: string, signal?: AbortSignal): Promise<Result> {
    const { events, finished } = this.#get(jobId);
    signal?.throwIfAborted();
    await (signal === undefined ? finished : Promise.race([finished, aborting(signal)]));
    const last = events.at(-1)?.body;
    if (last?.kind === 'failed') throw CodedError.fromData(last.error);
    return last?.kind === 'done' ? last.result : {};
  }

  /** Ends all work and waits until it has ended. */
  async close(): Promise<void> {
    for (const entry of this.#entries.values()) entry.abort.abort(new CodedError('cancelled', 'The application is closing.'));
    await Promise.all([...this.#entries.values()].map((entry) => entry.finished));
  }

  #get(jobId: string): Entry {
    const entry = this.#entries.get(jobId);
    if (!entry) throw new CodedError('bad-request', `There is no job ${jobId}: it ended before the application was last started.`);
    return entry;
  }

  #tell(entry: Entry, body: Body): void {
    if (entry.job.state !== 'running') return;
    const event: JobEvent = { jobId: entry.job.id, seq: entry.job.lastSeq + 1, at: new Date().toISOString(), body };
    entry.job.lastSeq = event.seq;
    entry.events.push(event);
    if (entry.events.length > keptEvents) {
      entry.events.shift();
      entry.missed += 1;
    }
    this.#bus.emit('job', event);
  }

  #end(entry: Entry, state: 'done' | 'failed', body: Body): void {
    this.#tell(entry, body);
    entry.job.state = state;
    this.#bus.emit('jobs-changed', { jobId: entry.job.id });
  }

  #forgetOldJobs(): void {
    const ended = [...this.#entries.values()].filter((entry) => entry.job.state !== 'running');
    for (const entry of ended.slice(0, Math.max(0, ended.length - keptEndedJobs))) this.#entries.delete(entry.job.id);
  }
}

/** Never resolves: rejects when the signal is aborted. */
const aborting = (signal: AbortSignal): Promise<never> => new Promise((_, fail) => {
  signal.addEventListener('abort', () => { fail(CodedError.from(signal.reason)); }, { once: true });
});
