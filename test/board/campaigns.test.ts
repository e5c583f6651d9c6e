import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignDetail } from '../../shared/model/campaign.ts';
import { campaignKit, shortWish, type CampaignKit, type OpenedApplication } from '../support/campaign-kit.ts';
import { eventually, oursOnBoard } from '../support/run-kit.ts';
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
});
