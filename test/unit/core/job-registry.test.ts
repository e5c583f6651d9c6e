import { describe, expect, test } from 'vitest';
import { EventBus } from '../../../electron/core/event-bus.ts';
import { JobRegistry, type JobContext } from '../../../electron/core/jobs/job-registry.ts';
import { QuestionDesk } from '../../../electron/core/questions/question-desk.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import { jobEventSchema, type JobEvent } from '../../../shared/model/job.ts';

const about = { kind: 'run', title: 'cyclictest on press-host', boardId: 'press-host', runId: null } as const;

function registry() {
  const bus = new EventBus();
  const heard: JobEvent[] = [];
  const ended = new Promise<void>((done) => {
    bus.subscribe((event, payload) => {
      const told = event === 'job' ? jobEventSchema.parse(payload) : null;
      if (!told) return;
      heard.push(told);
      if (told.body.kind === 'done' || told.body.kind === 'failed') done();
    });
  });
  return { jobs: new JobRegistry(bus), heard, ended };
}

describe('jobs', () => {
  test('number their events without gaps, and a window that comes later catches up', async () => {
    const { jobs, heard, ended } = registry();
    const job = jobs.start(about, async ({ tell }) => {
      for (let index = 0; index < 5; index += 1) tell({ kind: 'progress', message: String(index), fraction: index / 5 });
      return { runId: 'r' };
    });
    await ended;
    expect(heard.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(jobs.snapshot(job.id, 4)).toMatchObject({ job: { state: 'done', lastSeq: 6 }, events: [{ seq: 5 }, { seq: 6, body: { kind: 'done', result: { runId: 'r' } } }], missed: 0 });
  });

  test('give their result to who waits for it, and their error; who stops waiting does not end them', async () => {
    const { jobs } = registry();
    expect(await jobs.resultOf(jobs.start(about, async () => ({ runId: 'r' })).id)).toEqual({ runId: 'r' });
    const refused = jobs.start(about, () => Promise.reject(new CodedError('board-busy', 'In use.')));
    await expect(jobs.resultOf(refused.id)).rejects.toMatchObject({ code: 'board-busy' });
    const stop = new AbortController();
    let end: () => void = () => undefined;
    const long = jobs.start(about, () => new Promise<{ runId: string }>((resolve) => { end = () => { resolve({ runId: 'long' }); }; }));
    const waiting = jobs.resultOf(long.id, stop.signal);
    stop.abort(new CodedError('cancelled', 'Cancelled.'));
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await expect(jobs.resultOf(long.id, stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
    end();
    expect(await jobs.resultOf(long.id)).toEqual({ runId: 'long' });
  });

  test('say how many events are no longer kept', async () => {
    const { jobs, ended } = registry();
    const job = jobs.start(about, async ({ tell }) => {
      for (let index = 0; index < 5_000; index += 1) tell({ kind: 'progress', message: '', fraction: null });
      return {};
    });
    await ended;
    const { events, missed } = jobs.snapshot(job.id, 0);
    expect(missed + events.length).toBe(5_001);
    expect(events[0]?.seq).toBe(missed + 1);
    expect(jobs.snapshot(job.id, 4_990).missed).toBe(0);
  });

  test('end with the coded error of what went wrong', async () => {
    const { jobs, ended } = registry();
    const job = jobs.start(about, async () => { throw new CodedError('board-busy', 'In use.'); });
    await ended;
    expect(jobs.snapshot(job.id, 0).events).toMatchObject([{ body: { kind: 'failed', error: { code: 'board-busy' } } }]);
  });

  test('are told to stop, and closing waits for them', async () => {
    const { jobs } = registry();
    const untilAborted = ({ signal }: JobContext) => new Promise<Record<string, never>>((_settle, fail) => { signal.addEventListener('abort', () => { fail(signal.reason); }); });
    const first = jobs.start(about, untilAborted);
    const second = jobs.start(about, untilAborted);
    jobs.cancel(first.id);
    await jobs.close();
    expect([first.id, second.id].map((id) => jobs.snapshot(id, 0).events.at(-1)?.body)).toMatchObject([{ kind: 'failed', error: { code: 'cancelled' } }, { kind: 'failed', error: { code: 'cancelled' } }]);
  });
});

describe('questions', () => {
  test('go to whoever watches; the first answer counts', async () => {
    const bus = new EventBus();
    const desk = new QuestionDesk(bus);
    const settled: string[] = [];
    bus.subscribe((event, payload) => { if (event === 'question-settled' && 'questionId' in payload) settled.push(payload.questionId); });
    const answer = desk.ask({ id: 'b', name: 'B' }, { kind: 'password', user: 'u', host: 'h', attempt: 1 });
    const [question] = desk.list();
    if (!question) throw new Error('no question');
    desk.answer(question.id, { kind: 'answers', answers: ['secret'] });
    expect(await answer).toEqual({ kind: 'answers', answers: ['secret'] });
    expect(settled).toEqual([question.id]);
    expect(() => { desk.answer(question.id, { kind: 'refuse' }); }).toThrow(CodedError);
    expect(desk.list()).toEqual([]);
  });

  test('are refused when the attempt that asked is over', async () => {
    const desk = new QuestionDesk(new EventBus());
    const attempt = new AbortController();
    const answer = desk.ask({ id: 'b', name: 'B' }, { kind: 'password', user: 'u', host: 'h', attempt: 1 }, attempt.signal);
    attempt.abort();
    expect(await answer).toEqual({ kind: 'refuse' });
  });
});
