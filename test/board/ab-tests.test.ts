import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FileChangeStore } from '../../electron/core/changes/file-change-store.ts';
import { makePlan } from '../../electron/core/changes/make-plan.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import type { Board } from '../../shared/model/board.ts';
import type { Plan, Proposal } from '../../shared/model/plan.ts';
import { campaignKit, type CampaignKit, type OpenedApplication } from '../support/campaign-kit.ts';
import { proposalOf, valueStep } from '../support/change-kit.ts';
import { eventually, oursOnBoard, shortOptions } from '../support/run-kit.ts';
import { codedError, sessionKit } from '../support/session-kit.ts';
import { startSshd, type SshdServer } from '../support/sshd-server.ts';

describe('one change tried by measuring, on a real sshd', () => {
  let server: SshdServer;
  let scratch: string;
  let base: string;
  let knob: string;
  let kit: CampaignKit;
  let app: OpenedApplication;
  let board: Board;
  let session: BoardSession;

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'rtvm-ab-'));
    base = join(scratch, 'ours');
    mkdirSync(join(scratch, 'sys'));
    knob = join(scratch, 'sys', 'knob');
    server = await startSshd({ rootLogin: true, config: [`SetEnv RTVM_BENCH_DIR=${base}`] });
    const target = { address: '127.0.0.1', port: server.port, user: 'root', login: { method: 'key' as const, keyFile: server.keyFile } };
    session = sessionKit({ target }).session;
    kit = campaignKit();
    app = await kit.open();
    board = await app.client.call('boards.add', { name: 'Bench 1', role: 'host', notes: '', reach: { kind: 'ssh', target, jumps: [] } });
    await app.untilDone((await app.client.call('inspect.start', { boardId: board.id, asRoot: true })).jobId);
  });
  afterAll(async () => {
    await app.close();
    await session.disconnect();
    for (const pid of oursOnBoard(base)) process.kill(pid, 'SIGKILL');
    await server.stop();
    kit.dispose();
    rmSync(scratch, { recursive: true, force: true });
  });
  beforeEach(() => { writeFileSync(knob, '1\n'); });
  afterEach(async () => { await eventually(() => oursOnBoard(base).length === 0, 'nothing of ours runs on the board any more', 30_000); });

  /** A plan that waits in the project, for a value that belongs to the test alone. */
  const planFor = async (changes: Partial<Proposal> = {}): Promise<Plan> => {
    const store = new FileChangeStore(kit.projectDirectory, { readOnlyReason: () => null, unreadable: (file, error) => { throw new Error(`${file}: ${error.message}`); } });
    const plan = await makePlan({ session, board, id: await store.newId(board.id), snapshotId: null, proposal: proposalOf([valueStep(knob, '0')], { title: 'Knob down', ...changes }) });
    await store.savePlan(plan);
    return plan;
  };
  const start = async (abId: string, plan: Plan, repeats: number, durationSeconds = 1) =>
    app.client.call('ab.start', { abId, boardId: board.id, planId: plan.id, repeats, benchmark: 'cyclictest', options: { ...shortOptions, durationSeconds, segmentSeconds: durationSeconds } });

  it('measures, changes, measures again, and tells what differs; the change can be put back', async () => {
    const plan = await planFor();
    const { jobId } = await start('whole', plan, 2);
    expect((await codedError(start('another', await planFor(), 1))).code).toBe('board-busy');
    expect(await app.untilDone(jobId)).toEqual({ abId: 'whole', changeId: plan.id });
    expect(readFileSync(knob, 'utf8')).toBe('0\n');

    const { test, measured, change, compared } = await app.client.call('ab.get', { abId: 'whole' });
    expect([measured.before.length, measured.after.length, change]).toEqual([2, 2, 'done']);
    expect(measured).toEqual({ before: test.before, after: test.after });
    expect(compared?.comparison.sides).toMatchObject([{ name: 'before', repeats: test.before }, { name: 'after', repeats: test.after }]);
    expect(compared?.differences[0]).toContainEqual(expect.objectContaining({ kind: 'change', what: 'Bench 1: Knob down' }));

    const { plan: undoing } = await app.client.call('plans.propose', { boardId: board.id, want: { kind: 'undo', changeId: plan.id } });
    if (undoing === null) throw new Error('nothing to undo');
    await app.untilDone((await app.client.call('changes.apply', { boardId: board.id, planId: undoing.id, mayEnd: [] })).jobId);
    expect(readFileSync(knob, 'utf8')).toBe('1\n');
    expect((await app.client.call('ab.get', { abId: 'whole' })).change).toBe('undone');
    expect((await codedError(start('whole', plan, 1))).code).toBe('ab-exists');
  });

  it('stands where it says after the application went in the middle of a run, and goes on from there', async () => {
    const plan = await planFor();
    const earlier = new Set((await app.client.call('jobs.list', {})).map(({ id }) => id));
    const { jobId } = await start('resumed', plan, 1, 3);
    const first = app.until(({ jobId: id, body }) => body.kind === 'live' && !earlier.has(id));
    const ended = codedError(app.untilDone(jobId));
    await first;
    await app.client.call('jobs.cancel', { jobId });
    const error = await ended;
    expect(error).toMatchObject({ code: 'cancelled', extras: { state: expect.stringMatching(/The change was not made\. The run \S+ goes on on the board\./) } });
    await app.close();
    expect(readFileSync(knob, 'utf8')).toBe('1\n');

    app = await kit.open();
    const before = await app.client.call('ab.get', { abId: 'resumed' });
    expect([before.test.before.length, before.test.after.length, before.change, before.compared]).toEqual([1, 0, null, null]);
    await app.untilDone((await app.client.call('ab.resume', { abId: 'resumed' })).jobId);
    const after = await app.client.call('ab.get', { abId: 'resumed' });
    expect(after.test.before).toEqual(before.test.before);
    expect([after.measured.after.length, after.change]).toEqual([1, 'done']);
    expect(readFileSync(knob, 'utf8')).toBe('0\n');
  });

  it('refuses what takes effect with a start only, before anything is measured', async () => {
    const plan = await planFor({ restart: 'needed' });
    const error = await codedError(start('later', plan, 1));
    expect(error).toMatchObject({ code: 'plan-refused', extras: { state: 'Nothing was measured or changed.', next: expect.stringContaining(`apply ${plan.id}`) } });
    expect(existsSync(join(kit.projectDirectory, 'ab', 'later.json'))).toBe(false);
    expect((await codedError(app.client.call('ab.get', { abId: 'later' }))).code).toBe('ab-unknown');
  });
});
