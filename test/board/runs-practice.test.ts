import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanBoard } from '../../electron/core/runs/clean-board.ts';
import { FileRunStore } from '../../electron/core/runs/file-run-store.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { startRun } from '../../electron/core/runs/start-run.ts';
import { stopRun } from '../../electron/core/runs/stop-run.ts';
import { createPracticeBoard } from '../../electron/practice-board/practice-board.ts';
import { runResultOf } from '../../shared/statistics/run-result.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import type { PracticePort } from '../../electron/core/boards/practice-port.ts';
import { asCyclictest, follow, isLive, newRun } from '../support/run-kit.ts';
import { answers, codedError, person, sessionKit } from '../support/session-kit.ts';

describe('a run on the practice board', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-practice-'));
  const store = new FileRunStore(join(scratch, 'project'));
  const options = { cpus: [16, 17], mainCpus: [0, 1] };
  let board: PracticePort;
  let session: BoardSession;
  beforeAll(async () => {
    board = createPracticeBoard({ stateDir: scratch });
    const login = await board.ensure((await board.state()).machine);
    const asker = person((body) => (body.kind === 'password' || body.kind === 'sudo' ? answers(login.password) : undefined));
    session = sessionKit({ target: { address: '127.0.0.1', port: login.port, user: login.user, login: { method: 'password' } }, asker }).session;
  });
  afterAll(async () => {
    await session.disconnect();
    await board.stop();
    rmSync(scratch, { recursive: true, force: true });
  });
  const start = (run: ReturnType<typeof newRun>) => startRun({ session, store, run, owner: 'ana@laptop' });
  const hidden = { name: 'fetch-journal', text: 'cat "/var/lib/rtvm-bench/runs/$1/journal"' };

  it('goes through the same scripts to a result', async () => {
    const run = newRun(options);
    const following = follow(session, store, await start(run));
    const ended = await following.ended;
    expect(ended).toMatchObject({ state: 'completed', stateReason: null });
    const boardCopy = await session.exec(hidden, { args: [run.id], root: 'required' });
    expect(boardCopy.stdout.equals(readFileSync(join(store.directory(run.id), 'journal')))).toBe(true);
    const journal = await loadJournal(store, run.id);
    expect(journal.problem).toBeNull();
    expect(journal.end?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const result = runResultOf(asCyclictest(ended), journal, { virtualised: false });
    expect(result.threads.map(({ cpu }) => cpu)).toEqual([16, 17]);
    expect(result.merged.samples).toBeGreaterThan(7_000);
    expect(result.warnings).toEqual([]);
    expect(result.verdict.grade).not.toBe('not comparable');
    expect(following.events.some(isLive)).toBe(true);
  });

  it('stops early, says who has the board, and can be cleaned', async () => {
    const run = newRun({ ...options, durationSeconds: 600, segmentSeconds: 300 });
    const following = follow(session, store, await start(run));
    await following.until(isLive);
    expect((await codedError(start(newRun(options)))).code).toBe('board-busy');
    expect(await stopRun({ session, store, run })).toBe('asked');
    expect((await following.ended).state).toBe('stopped');
    expect((await cleanBoard(session)).removed.map(({ path }) => path)).toEqual(['/var/lib/rtvm-bench']);
  });

  it('refuses a run on a full disk', async () => {
    const { faults } = await board.state();
    await board.setFaults({ ...faults, diskFull: true });
    expect((await codedError(start(newRun(options)))).code).toBe('board-disk-full');
    await board.setFaults(faults);
  });

  it('marks a run as interrupted when the board restarts', async () => {
    const run = newRun({ ...options, durationSeconds: 600, segmentSeconds: 300 });
    const following = follow(session, store, await start(run));
    await following.until(isLive);
    await session.exec({ name: 'reboot', text: 'reboot' }, { root: 'required' }).catch(() => undefined);
    const ended = await following.ended;
    expect(ended.state).toBe('interrupted');
    expect((await loadJournal(store, run.id)).statusCount).toBeGreaterThan(0);
  });
});
