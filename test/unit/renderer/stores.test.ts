import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from '../../../shared/contract/client.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import { linkPair, type Link } from '../../../shared/contract/link.ts';
import { cyclictestOptionsOf } from '../../../shared/model/run.ts';
import { setCore } from '../../../renderer/api/core.ts';
import { liveMaxUs } from '../../../renderer/live/live-view.ts';
import { useApp } from '../../../renderer/stores/app.ts';
import { useBoards } from '../../../renderer/stores/boards.ts';
import { useJobs } from '../../../renderer/stores/jobs.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { useProject } from '../../../renderer/stores/project.ts';
import { useQuestions } from '../../../renderer/stores/questions.ts';
import { useRuns } from '../../../renderer/stores/runs.ts';
import { startSession } from '../../../renderer/stores/session.ts';
import { useSnapshots } from '../../../renderer/stores/snapshots.ts';
import { createFakeCore, type FakeCore, type FakeCoreOptions } from '../../support/fake-core.ts';

const open: Link[] = [];

async function openWindow(options: FakeCoreOptions = {}, core: FakeCore = createFakeCore(options)): Promise<{ core: FakeCore; link: Link }> {
  const [mine, theirs] = linkPair();
  open.push(theirs);
  core.serve(theirs);
  const client = createClient(mine);
  setCore(client);
  await startSession(client);
  return { core, link: theirs };
}

describe('a window', () => {
  beforeEach(() => { setActivePinia(createPinia()); });
  afterEach(() => { for (const link of open.splice(0)) link.close(); });

  it('opens with the project, its boards, its runs, and a run that is going on caught up', async () => {
    await openWindow();
    expect(useProject().info?.project.name).toBe('Line 4 press controller');
    expect(useBoards().list.map((status) => status.board.id)).toContain('press-host');
    const view = useRuns().live.get('going-on');
    expect(view && liveMaxUs(view)).toBe(61);
    expect(useNotices().items).toEqual([]);
  });

  it('follows a run: each reading once, in order, until it is done', async () => {
    const { core } = await openWindow({ elapsedSeconds: 40 });
    for (let second = 0; second < 3; second += 1) core.tick();
    await vi.waitFor(() => { expect(useRuns().live.get('going-on')?.lastAtSeconds).toBe(43); });
    expect(useRuns().live.get('going-on')?.strip.map((point) => point.atSeconds).slice(-3)).toEqual([41, 42, 43]);
  });

  it('fetches what it missed when an event is not the next one', async () => {
    const { core } = await openWindow({ elapsedSeconds: 40 });
    const [job] = core.jobs;
    const jobId = job?.id ?? '';
    core.tick();
    await vi.waitFor(() => { expect(useJobs().views.get(jobId)?.lastSeq).toBe(1); });
    const taken: number[] = [];
    useJobs().onEvent((event) => { taken.push(event.seq); });
    const missed = core.jobs.find((one) => one.id === jobId)?.lastSeq ?? 0;
    const silent = vi.spyOn(core.handlers, 'jobs.snapshot');
    core.tell(jobId, { kind: 'progress', message: 'second segment', fraction: 0.5 });
    core.tell(jobId, { kind: 'link', state: 'lost', message: 'The link is gone.' });
    await vi.waitFor(() => { expect(useJobs().views.get(jobId)?.link?.state).toBe('lost'); });
    expect(taken).toEqual([missed + 1, missed + 2]);
    expect(silent).not.toHaveBeenCalled();

    await useJobs().take({ jobId, seq: missed + 2, at: '', body: { kind: 'progress', message: 'an old one', fraction: 0 } });
    expect(useJobs().views.get(jobId)?.progress?.message).toBe('second segment');
  });

  it('catches up in a window that opens in the middle', async () => {
    const { core } = await openWindow({ elapsedSeconds: 10 });
    const jobId = core.jobs[0]?.id ?? '';
    core.tell(jobId, { kind: 'progress', message: 'segment 2', fraction: 0.1 });
    core.tick();
    setActivePinia(createPinia());
    await openWindow({}, core);
    expect(useJobs().views.get(jobId)?.progress?.message).toBe('segment 2');
    expect(useRuns().live.get('going-on')?.lastAtSeconds).toBe(11);
  });

  it('shows a reading when its job is done', async () => {
    await openWindow();
    const snapshots = useSnapshots();
    await snapshots.load('practice');
    expect(snapshots.of('practice')).toBeNull();
    await useJobs().catchUp(await snapshots.inspect('practice', false));
    await vi.waitFor(() => { expect(snapshots.of('practice')?.snapshot.cpus.online).toHaveLength(64); });
  });

  it('starts a run once, however often it is asked with the same id', async () => {
    await openWindow();
    const runs = useRuns();
    const options = cyclictestOptionsOf(await runs.propose('press-host', 'cyclictest'));
    if (options === null) throw new Error('cyclictest was asked for');
    const request = { options };
    const first = await runs.start('press-host', request, '20261120t141000z-cyclictest-aa');
    expect(await runs.start('press-host', request, '20261120t141000z-cyclictest-aa')).toBe(first);
    await runs.load();
    expect(runs.list.filter((run) => run.id === '20261120t141000z-cyclictest-aa')).toHaveLength(1);
  });

  it('asks one question at a time and forgets it when it is settled elsewhere', async () => {
    const { core } = await openWindow();
    const questions = useQuestions();
    const first = core.ask('press-host', { kind: 'password', user: 'u', host: 'h', attempt: 1 });
    const second = core.ask('press-host', { kind: 'passphrase', keyFile: '/k', attempt: 1 });
    await vi.waitFor(() => { expect(questions.waiting).toHaveLength(2); });
    expect(questions.current?.id).toBe(first);
    await questions.answer(first, { kind: 'answers', answers: ['secret'] });
    expect(core.answers.get(first)).toEqual({ kind: 'answers', answers: ['secret'] });
    expect(questions.current?.id).toBe(second);
    core.emit('question-settled', { questionId: second });
    await vi.waitFor(() => { expect(questions.current).toBeNull(); });
    expect(JSON.stringify(useQuestions().$state)).not.toContain('secret');
  });

  it('shows a failure of a job with what to do, but not that it was cancelled', async () => {
    const { core } = await openWindow();
    const jobId = await useSnapshots().inspect('press-host', false);
    core.tell(jobId, { kind: 'failed', error: { code: 'auth-failed', message: 'The board refused the password.', next: 'Try again.' } });
    await vi.waitFor(() => { expect(useNotices().items.map((item) => item.error?.next)).toEqual(['Try again.']); });
    useNotices().dismiss(useNotices().items[0]?.id ?? -1);
    const other = await useSnapshots().inspect('press-host', false);
    await useJobs().cancel(other);
    await vi.waitFor(() => { expect(useJobs().views.get(other)?.job.state).toBe('failed'); });
    expect(useNotices().items).toEqual([]);
  });

  it('keeps a failed call in sight until it is put away', async () => {
    const { core } = await openWindow();
    core.failNext('boards.list', new CodedError('project-locked', 'Another window has it.', { next: 'Close it.' }));
    core.emit('boards-changed', {});
    await vi.waitFor(() => { expect(useNotices().items[0]?.error?.code).toBe('project-locked'); });
    expect(useNotices().items[0]?.tone).toBe('alert');
  });

  it('knows when its core is gone', async () => {
    const { link } = await openWindow();
    link.close();
    expect(useApp().linkLost).toBe(true);
    await useNotices().attempt(() => useBoards().load());
    expect(useNotices().items[0]?.error?.code).toBe('link-lost');
  });

  it('opens another project and forgets the one before', async () => {
    await openWindow();
    await useSnapshots().load('press-host');
    await useProject().open('/home/engineer/sites/weld-cell.rtvm');
    await vi.waitFor(() => { expect(useSnapshots().of('press-host')).toBeUndefined(); });
    expect(useProject().info?.project.name).toBe('Weld cell');
  });

  it('judges by a new deadline', async () => {
    await openWindow();
    const runs = useRuns();
    await runs.loadResult('night-run');
    expect(runs.results.get('night-run')?.verdict.grade).toBe('good');
    await runs.setDeadline('night-run', 100, 1);
    expect(runs.results.get('night-run')?.verdict.grade).toBe('poor');
  });
});
