import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { core } from '../api/core.ts';
import type { Job, JobEvent } from '../../shared/model/job.ts';

export interface JobView {
  readonly job: Job;
  /** Number of the last event taken; events come once and in order. */
  readonly lastSeq: number;
  readonly progress: { readonly message: string; readonly fraction: number | null } | null;
  readonly link: { readonly state: 'following' | 'slow' | 'lost' | 'reconnecting'; readonly message: string } | null;
}

type Taker = (event: JobEvent, job: Job) => void;

/** Long work, wherever it was started: what each job does now. A window that opens late catches up from the events it missed. */
export const useJobs = defineStore('jobs', () => {
  const views = shallowRef<ReadonlyMap<string, JobView>>(new Map());
  const takers = new Set<Taker>();
  const catchingUp = new Map<string, Promise<void>>();

  const put = (view: JobView) => { views.value = new Map(views.value).set(view.job.id, view); };

  /** Calls back for each event of each job, once and in order. Returns how to stop. */
  function onEvent(taker: Taker): () => void {
    takers.add(taker);
    return () => { takers.delete(taker); };
  }

  function apply(event: JobEvent): void {
    const view = views.value.get(event.jobId);
    if (!view || event.seq <= view.lastSeq) return;
    put(after(view, event));
    for (const taker of takers) taker(event, view.job);
  }

  /** Takes an event as it comes; where some were missed before it, fetches those first. */
  async function take(event: JobEvent): Promise<void> {
    const view = views.value.get(event.jobId);
    if (view && event.seq === view.lastSeq + 1) {
      apply(event);
      return;
    }
    if (view && event.seq <= view.lastSeq) return;
    await catchUp(event.jobId);
    // A catch-up that was already under way may have been answered before this event happened.
    if (event.seq > (views.value.get(event.jobId)?.lastSeq ?? 0)) await catchUp(event.jobId);
  }

  /** Fetches what was missed of a job. Calls while one is under way share it. */
  function catchUp(jobId: string): Promise<void> {
    const running = catchingUp.get(jobId);
    if (running) return running;
    const work = fetchMissed(jobId).finally(() => { catchingUp.delete(jobId); });
    catchingUp.set(jobId, work);
    return work;
  }

  async function fetchMissed(jobId: string): Promise<void> {
    const known = views.value.get(jobId);
    const { job, events } = await core().call('jobs.snapshot', { jobId, afterSeq: known?.lastSeq ?? 0 });
    const now = views.value.get(jobId);
    put({ job, lastSeq: now?.lastSeq ?? 0, progress: now?.progress ?? null, link: now?.link ?? null });
    for (const event of events) apply(event);
  }

  async function load(): Promise<void> {
    const jobs = await core().call('jobs.list', {});
    await Promise.all(jobs.filter((job) => job.state === 'running').map((job) => catchUp(job.id)));
  }

  const running = (kind: Job['kind'], boardId: string | null): JobView | undefined =>
    [...views.value.values()].find(({ job }) => job.kind === kind && job.boardId === boardId && job.state === 'running');

  async function cancel(jobId: string): Promise<void> {
    await core().call('jobs.cancel', { jobId });
  }

  return { views, onEvent, take, catchUp, load, running, cancel };
});

function after(view: JobView, event: JobEvent): JobView {
  const next = { ...view, lastSeq: event.seq };
  switch (event.body.kind) {
    case 'progress': return { ...next, progress: { message: event.body.message, fraction: event.body.fraction } };
    case 'link': return { ...next, link: { state: event.body.state, message: event.body.message } };
    case 'live': return next;
    case 'done': return { ...next, job: { ...view.job, state: 'done', lastSeq: event.seq } };
    case 'failed': return { ...next, job: { ...view.job, state: 'failed', lastSeq: event.seq } };
  }
}
