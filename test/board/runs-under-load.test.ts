import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRunId } from '../../electron/core/runs/run-id.ts';
import type { RunResult } from '../../shared/model/run.ts';
import { cyclictestProposal, latencyResult } from '../support/cyclictest-calls.ts';
import { openCoreWindow, type CoreWindow } from '../support/core-window.ts';
import { startSshd, type SshdServer } from '../support/sshd-server.ts';

describe('a run under load', () => {
  let server: SshdServer;
  let window: CoreWindow;
  beforeAll(async () => {
    server = await startSshd({ rootLogin: true });
    window = await openCoreWindow({ host: '127.0.0.1', port: server.port, user: 'root', keyFile: server.keyFile });
    await window.inspect();
  });
  afterAll(async () => {
    await window.client.call('workloads.stop', { boardId: window.board.id }).then(({ jobId }) => window.untilDone(jobId));
    await window.close();
    await server.stop();
  });

  const startLoad = async (seconds: number) => {
    const { jobId } = await window.client.call('workloads.start', { boardId: window.board.id, workload: 'busy-loop', seconds });
    await window.untilDone(jobId);
  };
  const runFor = async (durationSeconds: number): Promise<RunResult | null> => {
    const { board: { id: boardId }, client } = window;
    const options = await cyclictestProposal(client, boardId);
    const { jobId, run } = await client.call('runs.start', { boardId, runId: newRunId(boardId, new Date()), options: { ...options, durationSeconds, segmentSeconds: durationSeconds } });
    await window.untilDone(jobId);
    return latencyResult(client, run.id);
  };

  it('states the load that was at work from its beginning to its end', async () => {
    await startLoad(600);
    const result = await runFor(3);
    expect(result?.conditions.join('\n')).toMatch(/Load busy-loop on Bench 1 \(.*\): \d+\.\d\d CPUs busy when the run began, \d+\.\d\d when it ended\./);
    expect(result?.verdict.grade).not.toBe('not comparable');
  });

  it('is compared with nothing when its load ended before it', async () => {
    const { jobId } = await window.client.call('workloads.stop', { boardId: window.board.id });
    await window.untilDone(jobId);
    await startLoad(4);
    const result = await runFor(8);
    expect(result?.verdict.grade).toBe('not comparable');
    expect(result?.verdict.reasons.join('\n')).toContain('but not at work when it ended');
  });

  it('says nothing of loads where there is none', async () => {
    const { jobId } = await window.client.call('workloads.stop', { boardId: window.board.id });
    await window.untilDone(jobId);
    expect((await runFor(2))?.conditions.join('\n')).not.toContain('Load ');
  });
});
