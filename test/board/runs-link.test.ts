import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileRunStore } from '../../electron/core/runs/file-run-store.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { stopRun } from '../../electron/core/runs/stop-run.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { codedError } from '../support/session-kit.ts';
import { eventually, follow, isLive, newRun, oursOnBoard, startRunKit, type Following, type RunKit } from '../support/run-kit.ts';
import type { Run } from '../../shared/model/run.ts';

const commOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
};

describe('following a run over a bad link', () => {
  let kit: RunKit;
  let proxy: TcpProxy;
  beforeAll(async () => {
    kit = await startRunKit();
    proxy = await startTcpProxy(kit.server.port);
  });
  afterAll(async () => {
    await proxy.stop();
    await kit.stop();
  });
  const long = () => newRun({ durationSeconds: 600, segmentSeconds: 4 });
  const copied = (run: Run): boolean => kit.localJournal(run).equals(kit.boardJournal(run));
  const stopAndWait = async (run: Run, following: Following): Promise<Run> => {
    const direct = kit.session();
    await stopRun({ session: direct, store: kit.store, run });
    const ended = await following.ended;
    await direct.disconnect();
    return ended;
  };

  it('loses nothing and takes nothing twice over 50 random drops', async () => {
    const run = long();
    const session = kit.session(proxy.port);
    const following = follow(session, kit.store, await kit.start(run, session));
    await following.until(isLive);
    let seed = 20_261_120;
    for (let drop = 0; drop < 50; drop += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      // A drop falls into handshake, log-in, question or journal, wherever this many bytes end.
      const before = proxy.bytes();
      const wanted = seed % 12_000;
      await eventually(() => proxy.connections() > 0, 'the session connects again');
      proxy.dropAfter(wanted);
      await eventually(() => {
        const now = proxy.bytes();
        return proxy.connections() === 0 || now.toClient + now.toServer - before.toClient - before.toServer > wanted + 2_000 || oursOnBoard(kit.base).length === 0;
      }, 'bytes come until the link drops', 60_000);
    }
    const ended = await stopAndWait(run, following);
    expect(ended.state).toBe('stopped');
    expect(copied(run)).toBe(true);
    const journal = await loadJournal(kit.store, run.id);
    expect(journal.problem).toBeNull();
    expect(following.events.filter((event) => event.kind === 'link' && event.state === 'lost').length).toBeGreaterThan(10);
    await eventually(() => oursOnBoard(kit.base).length === 0, 'no tail of a lost connection is left on the board');
  }, 300_000);

  it('goes on when the laptop’s program died, with another one on the same files', async () => {
    const run = long();
    const session = kit.session();
    const first = follow(session, kit.store, await kit.start(run, session));
    await first.until(isLive);
    first.cancel();
    expect((await codedError(first.ended)).code).toBe('cancelled');
    await session.disconnect();
    const here = kit.localJournal(run).length;
    const store = new FileRunStore(join(kit.store.directory(run.id), '..', '..'));
    const second = follow(kit.session(), store, await store.get(run.id));
    await second.until(isLive);
    const ended = await stopAndWait(run, second);
    expect(ended.state).toBe('stopped');
    expect(here).toBeGreaterThan(0);
    expect(copied(run)).toBe(true);
  });

  it('follows again when its process on the board was killed, and when sshd is started anew', async () => {
    const run = long();
    const session = kit.session();
    const following = follow(session, kit.store, await kit.start(run, session));
    await following.until(isLive);
    const tails = oursOnBoard(kit.base).filter((pid) => commOf(pid) === 'tail');
    expect(tails).toHaveLength(1);
    for (const pid of tails) process.kill(pid, 'SIGKILL');
    await eventually(() => oursOnBoard(kit.base).some((pid) => commOf(pid) === 'tail' && !tails.includes(pid)), 'another tail follows');
    await kit.server.restart();
    await following.until((event) => event.kind === 'link' && event.state === 'lost');
    const seen = following.events.length;
    await eventually(() => following.events.slice(seen).some(isLive), 'readings come again');
    expect((await stopAndWait(run, following)).state).toBe('stopped');
    expect(copied(run)).toBe(true);
  });

  it('puts a damaged copy aside and fetches the board’s file again', async () => {
    const run = long();
    const session = kit.session();
    const first = follow(session, kit.store, await kit.start(run, session));
    await first.until(isLive);
    first.cancel();
    await codedError(first.ended);
    const damaged = kit.localJournal(run);
    damaged.fill(0, damaged.length - 20);
    writeFileSync(join(kit.store.directory(run.id), 'journal'), damaged);
    const second = follow(session, kit.store, run);
    await second.until(isLive);
    expect((await stopAndWait(run, second)).state).toBe('stopped');
    expect(copied(run)).toBe(true);
    expect(readFileSync(join(kit.store.directory(run.id), 'journal.unusable-1')).equals(damaged)).toBe(true);
    expect(second.events.some((event) => event.kind === 'progress' && event.message.includes('journal.unusable-1'))).toBe(true);
  });

  it('can be followed from two laptops at once', async () => {
    const run = long();
    const session = kit.session();
    const one = follow(session, kit.store, await kit.start(run, session));
    const elsewhere = new FileRunStore(join(kit.base, '..', 'other-project'));
    await elsewhere.save(run);
    const two = follow(kit.session(), elsewhere, run);
    await Promise.all([one.until(isLive), two.until(isLive)]);
    expect((await stopAndWait(run, one)).state).toBe('stopped');
    expect((await two.ended).state).toBe('stopped');
    expect(readFileSync(join(elsewhere.directory(run.id), 'journal')).equals(kit.localJournal(run))).toBe(true);
  });

  it('costs at most 200 bytes a second to watch two threads, encryption included', async () => {
    const run = newRun({ cpus: [0, 1], durationSeconds: 600, segmentSeconds: 300, intervalUs: 2_000 });
    const session = kit.session();
    const following = follow(session, kit.store, await kit.start(run, session));
    await following.until(isLive);
    const before = session.traffic();
    const begun = performance.now();
    const seen = following.events.filter(isLive).length;
    await eventually(() => following.events.filter(isLive).length >= seen + 15, 'fifteen more readings come', 90_000);
    const seconds = (performance.now() - begun) / 1_000;
    const after = session.traffic();
    const perSecond = (after.receivedBytes + after.sentBytes - before.receivedBytes - before.sentBytes) / seconds;
    expect(perSecond).toBeLessThan(200);
    await stopAndWait(run, following);
  });
});
