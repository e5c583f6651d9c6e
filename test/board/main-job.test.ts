import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCore, type Core } from '../../electron/core/create-core.ts';
import type { PracticePort } from '../../electron/core/boards/practice-port.ts';
import { newRunId } from '../../electron/core/runs/run-id.ts';
import { CodedError } from '../../shared/contract/errors.ts';
import { createClient, type Client } from '../../shared/contract/client.ts';
import { linkPair } from '../../shared/contract/link.ts';
import type { JobEvent } from '../../shared/model/job.ts';
import type { Run, RunResult } from '../../shared/model/run.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { cyclictestProposal, latencyResult } from '../support/cyclictest-calls.ts';
import { startSshd, type SshdServer } from '../support/sshd-server.ts';

/** The main job through the contract, as a window does it: a real sshd, real cyclictest, a real project folder. */
let server: SshdServer;
let home: string;
beforeAll(async () => {
  server = await startSshd({ rootLogin: true });
  home = await mkdtemp(join(tmpdir(), 'rtvm-bench-main-job-'));
});
afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

const noPractice: PracticePort = {
  ensure: () => Promise.reject(new CodedError('practice-only', 'This test has no practice board.')),
  state: () => Promise.reject(new CodedError('practice-only', 'This test has no practice board.')),
  setFaults: async () => undefined, setMachine: async () => undefined, reset: async () => undefined, stop: async () => undefined,
};

function window(): { core: Core; client: Client } {
  const core = createCore({ hostKind: 'cli', version: '0.0.0', paths: { stateDirectory: join(home, 'state'), defaultProject: join(home, 'p.rtvm') }, practice: noPractice });
  const [mine, theirs] = linkPair();
  core.serve(theirs);
  return { core, client: createClient(mine) };
}

const untilEnd = (client: Client, jobId: string) => new Promise<JobEvent['body']>((ended) => {
  const look = ({ jobId: id, body }: JobEvent) => { if (id === jobId && (body.kind === 'done' || body.kind === 'failed')) ended(body); };
  client.on('job', look);
  void client.call('jobs.snapshot', { jobId, afterSeq: 0 }).then(({ events }) => { events.forEach(look); });
});

describe('the main job', () => {
  let result: RunResult | null = null;
  let run: Run;

  test('add, trust, inspect, run, verdict', async () => {
    const { core, client } = window();
    const asked: string[] = [];
    client.on('question-asked', ({ id, body }) => {
      asked.push(body.kind === 'host-key' ? `${body.kind} ${body.sha256}` : body.kind);
      void client.call('questions.answer', { questionId: id, answer: { kind: 'accept' } });
    });
    await client.call('project.create', { directory: join(home, 'p.rtvm'), name: 'Line 4' });
    const board = await client.call('boards.add', {
      name: 'This machine', role: 'bare', notes: '', reach: { kind: 'ssh', target: { address: '127.0.0.1', port: server.port, user: 'root', login: { method: 'key', keyFile: server.keyFile } }, jumps: [] },
    });
    const inspect = await client.call('inspect.start', { boardId: board.id, asRoot: false });
    expect(await untilEnd(client, inspect.jobId)).toMatchObject({ kind: 'done' });
    expect(asked).toEqual([`host-key ${server.hostKeys[0]?.sha256 ?? ''}`]);
    const latest = await client.call('snapshots.latest', { boardId: board.id });
    expect(latest?.snapshot.cpus.online.length).toBeGreaterThan(0);
    expect(latest?.snapshot.asRoot).toBe(true);

    const options = await cyclictestProposal(client, board.id);
    const runId = newRunId(board.id, new Date());
    const started = await client.call('runs.start', { boardId: board.id, runId, options: { ...options, durationSeconds: 4, segmentSeconds: 2 } });
    await expect(client.call('runs.start', { boardId: board.id, runId, options })).rejects.toMatchObject({ code: 'run-exists' });
    await expect(client.call('runs.start', { boardId: board.id, runId: newRunId(board.id, new Date()), options })).rejects.toMatchObject({ code: 'board-busy' });
    expect(await untilEnd(client, started.jobId)).toMatchObject({ kind: 'done', result: { state: 'completed' } });
    run = await client.call('runs.get', { runId });
    result = await latencyResult(client, runId);
    const status = (await client.call('boards.list', {})).find((one) => one.board.id === board.id);
    // The run that was refused is kept too, with its reason.
    expect(status).toMatchObject({ runs: 2, activeRunId: null });
    await core.close();

    expect(run).toMatchObject({ state: 'completed', conditions: expect.arrayContaining([expect.stringMatching(/isolated/)]) });
    expect(result?.threads.map(({ cpu }) => cpu)).toEqual(options.cpus);
    for (const thread of result?.threads ?? []) {
      // Two segments of two seconds at 1 ms.
      expect(thread.samples).toBeGreaterThan(3_000);
      expect(thread.samples).toBeLessThanOrEqual(4_100);
      expect((thread.histogram ?? []).reduce((sum, [, count]) => sum + count, 0) + thread.overflows).toBe(thread.samples);
    }
    expect(result?.segments).toHaveLength(2);
    expect(result?.verdict.rule).not.toBe('');
  });

  test('the project opens again with everything, in another core', async () => {
    const { core, client } = window();
    await client.call('project.open', { directory: join(home, 'p.rtvm') });
    expect(await client.call('runs.get', { runId: run.id })).toEqual(run);
    expect(await client.call('runs.result', { runId: run.id })).toEqual(result);
    const raw = await client.call('runs.raw', { runId: run.id });
    expect(raw.files.map(({ name }) => name)).toEqual(expect.arrayContaining(['journal', 'run.json']));
    const journal = await readFile(join(raw.directory, 'journal'), 'utf8');
    expect(journal).toContain('# Histogram');
    await core.close();
  });

  test('a second core opens the project read-only while the first has it', async () => {
    const first = window();
    await first.client.call('project.open', { directory: join(home, 'p.rtvm') });
    const second = window();
    expect(await second.client.call('project.open', { directory: join(home, 'p.rtvm') })).toMatchObject({ readOnly: true });
    await expect(second.client.call('boards.add', { name: 'x', role: 'host', notes: '', reach: { kind: 'practice', machine: 'dual-xeon' } })).rejects.toMatchObject({ code: 'project-locked' });
    await second.core.close();
    await first.core.close();
  });

  test('nothing of ours is left on the board when asked for', async () => {
    const { core, client } = window();
    await client.call('project.open', { directory: join(home, 'p.rtvm') });
    const { jobId } = await client.call('boards.clean', { boardId: run.boardId });
    expect(await untilEnd(client, jobId)).toMatchObject({ kind: 'done' });
    await expect(readFile(`/var/lib/rtvm-bench/runs/${run.id}/journal`)).rejects.toMatchObject({ code: 'ENOENT' });
    await core.close();
  });
});
