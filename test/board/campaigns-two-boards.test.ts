import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCampaignLog } from '../../shared/parsers/campaign-log.ts';
import { campaignKit, shortWish, type CampaignKit, type OpenedApplication } from '../support/campaign-kit.ts';
import { eventually, oursOnBoard } from '../support/run-kit.ts';
import { startSshd, type SshdServer } from '../support/sshd-server.ts';

/** A board that was started 5000 s before the other: its time since then is another, as between any two machines. */
const elsewhen = ['unshare', '--time', '--boottime', '5000'];
const canUnshare = spawnSync(elsewhen[0] ?? '', [...elsewhen.slice(1), 'true']).status === 0;
const why = canUnshare ? '' : ' (skipped: this system lets no process have a time of its own)';

describe.skipIf(!canUnshare)(`a campaign over a host and its VM whose clocks differ${why}`, () => {
  let host: SshdServer;
  let guest: SshdServer;
  let scratch: string;
  let kit: CampaignKit;
  let app: OpenedApplication;
  let hostId: string;
  let guestId: string;
  const base = (name: 'host' | 'guest'): string => join(scratch, name);

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'rtvm-two-boards-'));
    host = await startSshd({ rootLogin: true, launcher: elsewhen, config: [`SetEnv RTVM_BENCH_DIR=${base('host')}`] });
    guest = await startSshd({ rootLogin: true, config: [`SetEnv RTVM_BENCH_DIR=${base('guest')}`] });
    kit = campaignKit();
    app = await kit.open();
    const hop = ({ port, keyFile }: SshdServer) => ({ address: '127.0.0.1', port, user: 'root', login: { method: 'key' as const, keyFile } });
    hostId = (await app.client.call('boards.add', { name: 'Host', role: 'host', notes: '', reach: { kind: 'ssh', target: hop(host), jumps: [] } })).id;
    guestId = (await app.client.call('boards.add', { name: 'VM', role: 'guest', notes: '', reach: { kind: 'ssh', target: hop(guest), jumps: [hop(host)] } })).id;
    for (const boardId of [hostId, guestId]) await app.untilDone((await app.client.call('inspect.start', { boardId, asRoot: true })).jobId);
  });
  afterAll(async () => {
    await app.close();
    for (const pid of [...oursOnBoard(base('host')), ...oursOnBoard(base('guest'))]) process.kill(pid, 'SIGKILL');
    await guest.stop();
    await host.stop();
    kit.dispose();
    rmSync(scratch, { recursive: true, force: true });
  });

  const logOf = (name: 'host' | 'guest'): string => { try { return readFileSync(join(base(name), 'campaigns', 'both-1', 'log'), 'utf8'); } catch { return ''; } };

  it('measures the VM while its host is loaded, tells what it cost the host, and compares nothing whose load was gone', async () => {
    const wish = shortWish(guestId, { loads: [{ workload: 'busy-loop', on: { kind: 'host' } }], repeats: 2 });
    const { jobId } = await app.client.call('campaigns.start', { campaignId: 'both', wish });
    await eventually(() => logOf('guest').includes('run 2 started'), 'the VM is measured a second time', 100_000);
    process.kill(Number(readFileSync(join(base('host'), 'workload', 'load'), 'utf8').split(' ')[0]), 'SIGKILL');
    await app.untilDone(jobId);
    const { cells, plan, boards, counts, summary } = await app.client.call('campaigns.get', { campaignId: 'both' });
    expect(plan.map(({ place, load, host: watched }) => [place.kind, load?.boardName, watched?.boardName])).toEqual([['VM', 'Host', 'Host'], ['VM', 'Host', 'Host']]);
    expect(boards.map(({ boardName, state }) => [boardName, state])).toEqual([['VM', 'ended'], ['Host', 'ended']]);
    expect(cells[0]).toMatchObject({ state: 'done', reason: null });
    expect(cells[0]?.loadBusyCpus?.after).toBeGreaterThan(0.05);
    expect(cells[0]?.hostBusyCpus).toBeGreaterThan(0.05);
    expect(cells[1]).toMatchObject({ state: 'not comparable', reason: expect.stringContaining('not at work when it ended') });
    expect(counts).toMatchObject({ done: 1, notComparable: 1, missing: 0 });
    expect(summary).toMatchObject([{ done: 1, cells: [1, 2] }]);

    // On the clocks of the two boards the load is 5000 s away from the run; on one clock it encloses it.
    const [load, run] = [parseCampaignLog(logOf('host')).rows.get(1), parseCampaignLog(logOf('guest')).rows.get(1)];
    expect(load?.loadBefore?.atSeconds).toBeGreaterThan((run?.runEndedAtSeconds ?? Infinity) + 4_000);
    expect((load?.loadBefore?.atSeconds ?? 0) - 5_000).toBeLessThan(run?.runStartedAtSeconds ?? 0);
    expect((load?.loadAfter?.atSeconds ?? 0) - 5_000).toBeGreaterThan(run?.runEndedAtSeconds ?? Infinity);
  });
});
