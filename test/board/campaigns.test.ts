import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignDetail } from '../../shared/model/campaign.ts';
import { cyclictestOptionsSchema } from '../../shared/model/run.ts';
import { campaignKit, shortWish, type CampaignKit, type OpenedApplication } from '../support/campaign-kit.ts';
import { eventually, oursOnBoard } from '../support/run-kit.ts';
import { codedError } from '../support/session-kit.ts';
import { startSshd, type SshdServer } from '../support/sshd-server.ts';

describe('a campaign on a real sshd', () => {
  let server: SshdServer;
  let scratch: string;
  let base: string;
  let kit: CampaignKit;
  let boardId: string;
  let app: OpenedApplication;

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'rtvm-board-'));
    base = join(scratch, 'ours');
    server = await startSshd({ rootLogin: true, config: [`SetEnv RTVM_BENCH_DIR=${base}`] });
    kit = campaignKit();
    app = await kit.open();
    const board = await app.client.call('boards.add', {
      name: 'Bench 1', role: 'host', notes: '',
      reach: { kind: 'ssh', target: { address: '127.0.0.1', port: server.port, user: 'root', login: { method: 'key', keyFile: server.keyFile } }, jumps: [] },
    });
    boardId = board.id;
    await app.untilDone((await app.client.call('inspect.start', { boardId, asRoot: true })).jobId);
  });
  afterAll(async () => {
    await app.close();
    for (const pid of oursOnBoard(base)) process.kill(pid, 'SIGKILL');
    await server.stop();
    kit.dispose();
    rmSync(scratch, { recursive: true, force: true });
  });
  afterEach(async () => { await eventually(() => oursOnBoard(base).length === 0, 'nothing of ours runs on the board any more', 30_000); });

  const detail = (campaignId: string): Promise<CampaignDetail> => app.client.call('campaigns.get', { campaignId });
  const sameAsOnBoard = (runId: string): boolean => readFileSync(join(base, 'runs', runId, 'journal')).equals(readFileSync(join(kit.projectDirectory, 'runs', runId, 'journal')));

  it('goes on with the link dropped and the application gone, and comes home as the board wrote it', async () => {
    const { jobId } = await app.client.call('campaigns.start', { campaignId: 'whole', wish: shortWish(boardId) });
    await eventually(() => { try { return readFileSync(join(base, 'campaigns', 'whole-1', 'log'), 'utf8').includes('run 1 started'); } catch { return false; } }, 'the first cell is measured');
    server.killConnections();
    app.untilDone(jobId).catch(() => undefined);
    await app.close();
    app = await kit.open();
    const attached = await app.client.call('campaigns.attach', { campaignId: 'whole' });
    if (attached.jobId === null) throw new Error('there was nothing to attach to');
    server.killConnections();
    expect(await app.untilDone(attached.jobId)).toMatchObject({ done: 2, missing: 0 });

    const { cells, state, plan, summary, boards } = await detail('whole');
    expect(state).toBe('complete');
    expect(cells.map((cell) => [cell.number, cell.state, cell.reason])).toEqual([[1, 'done', null], [2, 'done', null]]);
    for (const { runId } of cells) expect(runId !== null && sameAsOnBoard(runId)).toBe(true);
    const runs = await Promise.all(cells.map(({ runId }) => app.client.call('runs.get', { runId: runId ?? '' })));
    expect(runs.map(({ command }) => command)).toEqual(plan.map(({ command }) => command));
    expect(runs[0]?.loads).toEqual([]);
    expect(runs[1]?.loads).toMatchObject([{ kind: 'stress-cpu', boardId, atEnd: { running: true } }]);
    expect(cells[1]?.loadBusyCpus?.before).toBeGreaterThan(0.2);
    expect(cells[1]?.hostBusyCpus).toBeGreaterThan(0.2);
    expect(summary.map(({ done, figures }) => [done, figures.some(({ figure }) => figure === 'max')])).toEqual([[1, true], [1, true]]);
    expect(boards).toMatchObject([{ boardId, state: 'ended' }]);
    const stored = kit.readCampaign('whole');
    expect(stored).toMatchObject({ layings: [{ queues: [{ log: readFileSync(join(base, 'campaigns', 'whole-1', 'log'), 'utf8') }] }] });
  });

  const logOf = (queue: string): string => { try { return readFileSync(join(base, 'campaigns', queue, 'log'), 'utf8'); } catch { return ''; } };
  const start = async (campaignId: string, changes: Parameters<typeof shortWish>[1] = {}): Promise<string> => (await app.client.call('campaigns.start', { campaignId, wish: shortWish(boardId, changes) })).jobId;
  const idle = [{ workload: null, on: { kind: 'measured' } }] as const;

  it('leaves nothing at work when it is cancelled, keeps what was measured, and resumes what is missing', async () => {
    const jobId = await start('broken-off', { loads: [{ workload: 'stress-cpu', on: { kind: 'measured' } }, ...idle], durationSeconds: 60 });
    await eventually(() => logOf('broken-off-1').includes('run 1 started'), 'the loaded cell is measured');
    await app.untilDone((await app.client.call('campaigns.cancel', { campaignId: 'broken-off' })).jobId);
    expect(oursOnBoard(base)).toEqual([]);
    expect(existsSync(join(base, 'workload'))).toBe(false);
    expect(logOf('broken-off-1')).toMatch(/\nend cancelled \d+ ;\n$/);
    await app.untilDone(jobId);
    const broken = await detail('broken-off');
    expect(broken.state).toBe('cancelled');
    expect(broken.cells.map(({ state, reason }) => [state, reason])).toEqual([['missing', 'Stopped early on request.'], ['missing', 'The campaign was cancelled.']]);
    expect(sameAsOnBoard(broken.cells[0]?.runId ?? '')).toBe(true);

    const campaign = await app.client.call('campaigns.get', { campaignId: 'broken-off' });
    expect(campaign.counts).toMatchObject({ cells: 2, missing: 2, left: 0 });
    const { jobId: resumed } = await app.client.call('campaigns.resume', { campaignId: 'broken-off' });
    await eventually(() => logOf('broken-off-2').includes('run 1 started'), 'it is measured anew');
    await expect(app.client.call('campaigns.resume', { campaignId: 'broken-off' })).rejects.toMatchObject({ code: 'campaign-running' });
    await app.untilDone((await app.client.call('campaigns.cancel', { campaignId: 'broken-off' })).jobId);
    await app.untilDone(resumed);
    expect((await detail('broken-off')).cells[0]?.runId).not.toBe(broken.cells[0]?.runId);
    await expect(app.client.call('campaigns.cancel', { campaignId: 'broken-off' }), 'it is over on all boards').rejects.toMatchObject({ code: 'campaign-refused' });
  });

  it('has a cell missing, with who was there, when its board is in use for longer than it waits', async () => {
    const { options } = await app.client.call('runs.propose', { boardId });
    const running = await app.client.call('runs.start', { boardId, runId: 'somebodys', benchmark: 'cyclictest', options: cyclictestOptionsSchema.parse({ ...options, durationSeconds: 60, segmentSeconds: 60 }) });
    const result = await app.untilDone(await start('in-use', { loads: [...idle], patienceSeconds: 1 }));
    expect(result).toMatchObject({ done: 0, missing: 1 });
    expect((await detail('in-use')).cells[0]?.reason).toMatch(/^Bench 1 was in use by \S+@\S+ \(run somebodys\)\.$/);
    await app.client.call('runs.stop', { runId: 'somebodys' });
    await app.untilDone(running.jobId);
    const { jobId } = await app.client.call('campaigns.resume', { campaignId: 'in-use' });
    expect(await app.untilDone(jobId)).toMatchObject({ done: 1, missing: 0 });
    expect(await detail('in-use')).toMatchObject({ state: 'complete', cells: [{ state: 'done' }] });
  });

  it('lets a second campaign wait for no board that carries out another', async () => {
    const jobId = await start('first', { loads: [...idle], durationSeconds: 60 });
    await eventually(() => logOf('first-1').includes('run 1 started'), 'the first one measures');
    const refused = await codedError(start('second').then((second) => app.untilDone(second)));
    expect(refused.code).toBe('board-busy');
    expect((await detail('second')).cells.every(({ state, reason }) => state === 'missing' && reason?.startsWith('Bench 1 is in use'))).toBe(true);
    // The last resort of a person on the board: what carries it out is killed, and what it had on is ended when that is noticed.
    const [pid = ''] = readFileSync(join(base, 'campaigns', 'first-1', 'runner'), 'utf8').split(' ');
    process.kill(Number(pid), 'SIGKILL');
    await app.untilDone(jobId);
    const killed = await detail('first');
    expect(killed.boards[0]?.state).toBe('killed');
    expect(killed.cells[0]?.state).toBe('missing');
    expect(sameAsOnBoard(killed.cells[0]?.runId ?? '')).toBe(true);
  });

  it('measures nothing on a board that runs another kernel, and a load that cannot start makes its cell missing', async () => {
    const kernel = (await app.client.call('snapshots.latest', { boardId }))?.snapshot.kernel.realtime === true ? 'standard' : 'realtime';
    await app.untilDone(await start('other-kernel', { places: [{ boardId, kernel }], loads: [...idle] }));
    expect((await detail('other-kernel')).cells[0]).toMatchObject({ state: 'missing', reason: expect.stringMatching(/^Bench 1 runs a .* kernel \(.*\)\. Start it with a .* one and resume the campaign\.$/) });
    expect(existsSync(join(base, 'campaigns', 'other-kernel-1'))).toBe(false);
    expect(await app.untilDone(await start('no-source', { loads: [{ workload: 'kernel-compile', on: { kind: 'measured' } }, ...idle] }))).toMatchObject({ done: 1, missing: 1 });
    expect((await detail('no-source')).cells[0]?.reason).toMatch(/^Bench 1 (lacks|has no kernel source)/);
  });
});
