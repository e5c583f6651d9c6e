import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../shared/model/run.ts';
import { runResultOf } from '../../shared/statistics/run-result.ts';
import { cleanBoard } from '../../electron/core/runs/clean-board.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { stopRun } from '../../electron/core/runs/stop-run.ts';
import { codedError } from '../support/session-kit.ts';
import { asCyclictest, eventually, follow, isLive, newRun, oursOnBoard, startRunKit, type RunKit } from '../support/run-kit.ts';

describe('a run on a real sshd with a real cyclictest', () => {
  let kit: RunKit;
  beforeAll(async () => { kit = await startRunKit(); });
  afterAll(async () => { await kit.stop(); });
  afterEach(async () => { await eventually(() => oursOnBoard(kit.base).length === 0, 'nothing of ours runs on the board any more'); });

  const result = async (run: Run) => runResultOf(asCyclictest(run), await loadJournal(kit.store, run.id), { virtualised: true });
  const copied = (run: Run): boolean => kit.localJournal(run).equals(kit.boardJournal(run));
  const pidOf = (run: Run, file: 'child' | 'runner'): number => Number(readFileSync(kit.boardFile(run, file), 'utf8').split(/\s/)[0]);

  it('goes from start to result, and the copy is the board’s file byte for byte', async () => {
    const run = newRun();
    const session = kit.session();
    const started = await kit.start(run, session);
    expect(started.state).toBe('running');
    const following = follow(session, kit.store, started);
    const ended = await following.ended;
    expect(ended).toMatchObject({ state: 'completed', stateReason: null });
    expect(copied(run)).toBe(true);
    expect(ended.journalSha256).toBe(createHash('sha256').update(kit.boardJournal(run)).digest('hex'));
    expect(await kit.store.get(run.id)).toEqual(ended);

    const journal = await loadJournal(kit.store, run.id);
    expect(journal.problem).toBeNull();
    expect(journal.segments.map(({ exitCode, askedSeconds }) => [exitCode, askedSeconds])).toEqual([[0, 2], [0, 2]]);
    expect(journal.header?.owner).toBe('ana@laptop');
    const { merged, threads, measuredSeconds, gapSeconds, warnings, verdict } = await result(ended);
    expect(measuredSeconds).toBe(4);
    expect(threads.map(({ cpu }) => cpu)).toEqual([1]);
    expect(merged.samples).toBe((merged.histogram ?? []).reduce((sum, [, count]) => sum + count, 0) + merged.overflows);
    expect(merged.samples).toBeGreaterThan(1_000);
    expect(gapSeconds).toBeGreaterThan(0);
    expect(warnings.filter((warning) => warning.includes('placement'))).toEqual([]);
    expect(verdict.grade).not.toBe('not comparable');
    expect(following.events.some((event) => event.kind === 'live' && event.status.threads[0]?.cpu === 1)).toBe(true);
    const fractions = following.events.flatMap((event) => (event.kind === 'progress' && event.fraction !== null ? [event.fraction] : []));
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(existsSync(kit.boardFile(run, 'spare'))).toBe(false);
  });

  it('stops early and keeps what there is', async () => {
    const run = newRun({ durationSeconds: 600, segmentSeconds: 300 });
    const session = kit.session();
    const following = follow(session, kit.store, await kit.start(run, session));
    await following.until(isLive);
    expect(await stopRun({ session, store: kit.store, run })).toBe('asked');
    const ended = await following.ended;
    expect(ended).toMatchObject({ state: 'stopped', stateReason: 'Stopped early on request.' });
    expect(copied(run)).toBe(true);
    const { merged, conditions, verdict, segments } = await result(ended);
    expect(merged.samples).toBeGreaterThan(100);
    expect(merged.histogram?.length).toBeGreaterThan(0);
    expect(segments[0]?.complete).toBe(false);
    expect(conditions.join()).toContain('Stopped early');
    expect(verdict.indicative).toBe(true);
    expect(await stopRun({ session, store: kit.store, run: ended })).toBe('not-running');
  });

  it('marks a run whose cyclictest was killed as interrupted, with the parts before', async () => {
    const run = newRun({ durationSeconds: 600, segmentSeconds: 2 });
    const session = kit.session();
    const following = follow(session, kit.store, await kit.start(run, session));
    await following.until((event) => event.kind === 'live' && event.status.segment === 2);
    process.kill(pidOf(run, 'child'), 'SIGKILL');
    const ended = await following.ended;
    expect(ended).toMatchObject({ state: 'interrupted', stateReason: 'cyclictest was killed on the board (signal 9).' });
    expect(copied(run)).toBe(true);
    const { merged, verdict, segments, warnings } = await result(ended);
    expect(segments.map(({ complete }) => complete)).toEqual([true, false]);
    expect(merged.samples).toBeGreaterThan(1_000);
    expect(warnings.join()).toContain('Part 2 left no counts');
    expect(verdict.grade).toBe('not comparable');
  });

  it('marks a run whose runner was killed as interrupted, and ends the orphan', async () => {
    const run = newRun({ durationSeconds: 600, segmentSeconds: 300 });
    const session = kit.session();
    const following = follow(session, kit.store, await kit.start(run, session));
    await following.until(isLive);
    const child = pidOf(run, 'child');
    process.kill(pidOf(run, 'runner'), 'SIGKILL');
    const ended = await following.ended;
    expect(ended).toMatchObject({ state: 'interrupted', stateReason: 'The runner on the board was killed.' });
    await eventually(() => !existsSync(`/proc/${child}`), 'the orphaned cyclictest ends');
    expect(copied(run)).toBe(true);
    const { verdict, merged } = await result(ended);
    expect(verdict.grade).toBe('not comparable');
    expect(merged.samples).toBeGreaterThan(100);
    // The lock it left is stale: the next run takes it over.
    const next = newRun({ durationSeconds: 1, segmentSeconds: 1 });
    expect((await follow(session, kit.store, await kit.start(next, session)).ended).state).toBe('completed');
  });

  it('knows a restart of the board by its boot id', async () => {
    const run = newRun({ durationSeconds: 600, segmentSeconds: 300 });
    const session = kit.session();
    const following = follow(session, kit.store, await kit.start(run, session));
    await following.until(isLive);
    // A restart, seen from the laptop: the processes are gone, the files are there, the boot id is another one.
    writeFileSync(kit.boardFile(run, 'runner'), readFileSync(kit.boardFile(run, 'runner'), 'utf8').replace(/\S+\n$/, '00000000-0000-0000-0000-000000000000\n'));
    for (const pid of oursOnBoard(kit.base)) process.kill(pid, 'SIGKILL');
    const ended = await following.ended;
    expect(ended).toMatchObject({ state: 'interrupted', stateReason: 'The board restarted during the run.' });
    expect(copied(run)).toBe(true);
    expect((await result(ended)).verdict.grade).toBe('not comparable');
  });

  it('starts one run once, however often and from however many sides it is asked', async () => {
    const run = newRun({ durationSeconds: 3, segmentSeconds: 3 });
    const [one, two] = [kit.session(), kit.session()];
    const started = await Promise.all([kit.start(run, one), kit.start(run, two), kit.start(run, one)]);
    expect(started.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
    expect(oursOnBoard(kit.base).filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'cyclictest\n').length).toBeLessThanOrEqual(1);
    const ended = await follow(one, kit.store, run).ended;
    expect(ended.state).toBe('completed');
    expect((await loadJournal(kit.store, run.id)).segments).toHaveLength(1);
    expect((await kit.start(run, two)).state).toBe('running');
    expect(kit.boardJournal(run).equals(kit.localJournal(run))).toBe(true);
  });

  it('tells a second engineer who has the board and since when, and lets nobody clean it meanwhile', async () => {
    const run = newRun({ durationSeconds: 600, segmentSeconds: 300 });
    const session = kit.session();
    const following = follow(session, kit.store, await kit.start(run, session));
    const second = newRun();
    const busy = await codedError(kit.start(second));
    expect(busy.code).toBe('board-busy');
    expect(busy.message).toContain('ana@laptop');
    expect(busy.extras.details).toMatchObject({ runId: run.id, owner: 'ana@laptop' });
    expect((await kit.store.get(second.id)).state).toBe('failed');
    expect(existsSync(kit.boardFile(second, ''))).toBe(false);
    expect((await codedError(cleanBoard(session))).code).toBe('board-busy');
    await following.until(isLive);
    await stopRun({ session, store: kit.store, run });
    await following.ended;
    expect((await cleanBoard(session)).removed.map(({ path }) => path)).toEqual([kit.base]);
    expect(existsSync(kit.base)).toBe(false);
    expect((await cleanBoard(session)).removed).toEqual([]);
  });

  it('takes over a lock whose holder is gone, be its number used again or its board restarted', async () => {
    const session = kit.session();
    await follow(session, kit.store, await kit.start(newRun({ durationSeconds: 1, segmentSeconds: 1 }), session)).ended;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const longEnoughToBeSeen = { durationSeconds: 2, segmentSeconds: 2 };
    for (const stale of [`old-run 999999999 1 ${boot} 1795200000\nx\n`, `old-run ${process.pid} 1 ${boot} 1795200000\nx\n`, `old-run 1 ${startTime(1)} another-boot 1795200000\nx\n`, '', 'nonsense']) {
      writeFileSync(join(kit.base, 'lock'), stale);
      expect(await follow(session, kit.store, await kit.start(newRun(longEnoughToBeSeen), session)).ended).toMatchObject({ state: 'completed', stateReason: null });
      expect(existsSync(join(kit.base, 'lock'))).toBe(false);
    }
  });

  it('refuses beside a cyclictest of someone else, on CPUs that are not there, and without real-time priority', async () => {
    const session = kit.session();
    const foreign = await codedError(kit.start(newRun({ cpus: [4095] }), session));
    expect(foreign).toMatchObject({ code: 'run-refused' });
    expect(foreign.message).toContain('CPU 4095');
    const { sessionKit, keyHop } = await import('../support/session-kit.ts');
    const user = sessionKit({ target: keyHop(kit.server) });
    expect((await codedError(kit.start(newRun(), user.session))).code).toBe('rt-priority-not-permitted');
    await user.session.disconnect();
  });
});

const startTime = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '';
