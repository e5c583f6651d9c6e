import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileRunStore } from '../../electron/core/runs/file-run-store.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { codedError } from '../support/session-kit.ts';
import { isRoot } from '../support/throwaway-user.ts';
import { follow, isLive, newRun, startRunKit, type RunKit } from '../support/run-kit.ts';

/** Mounting a small file system needs root. */
describe.skipIf(!isRoot())(`this computer’s disk becomes full during a run${isRoot() ? '' : ' (skipped: a small disk is mounted by root only)'}`, () => {
  let kit: RunKit;
  const disk = mkdtempSync(join(tmpdir(), 'rtvm-small-laptop-'));
  const filler = join(disk, 'somebody-elses');
  const fill = (): void => {
    const { bavail, bsize } = statfsSync(disk);
    try {
      writeFileSync(filler, Buffer.alloc(bavail * bsize + 4_096));
    } catch {
      // It takes all there is, and that is the point.
    }
  };
  beforeAll(async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk]);
    kit = await startRunKit();
  });
  afterAll(async () => {
    await kit.stop();
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it('stops following with everything so far readable; the run goes on on the board, and is whole once there is room', async () => {
    const store = new FileRunStore(join(disk, 'p.rtvm'));
    const session = kit.session();
    const run = newRun({ durationSeconds: 6, segmentSeconds: 2 });
    await store.save(run);
    await kit.start(run, session);
    const following = follow(session, store, run);
    await following.until(isLive);
    fill();
    const stopped = await codedError(following.ended);
    expect(stopped.code).toBe('disk-full');
    expect(stopped.extras.state).toContain('intact');
    const copy = join(store.directory(run.id), 'journal');
    const soFar = readFileSync(copy);
    expect(kit.boardJournal(run).subarray(0, soFar.length).equals(soFar)).toBe(true);
    expect((await loadJournal(store, run.id)).problem).toBeNull();
    expect((await store.get(run.id)).state).toBe('starting');
    expect(await store.list()).toHaveLength(1);

    rmSync(filler);
    expect(existsSync(filler)).toBe(false);
    const over = await follow(session, store, await store.get(run.id)).ended;
    expect(over).toMatchObject({ state: 'completed', stateReason: null });
    expect(readFileSync(copy).equals(kit.boardJournal(run))).toBe(true);
    expect((await loadJournal(store, run.id)).segments).toHaveLength(3);
  });

  it('a run is not started when it could not be kept', async () => {
    const store = new FileRunStore(join(disk, 'q.rtvm'));
    fill();
    const run = newRun();
    const refused = await codedError(store.save(run));
    expect(refused.code).toBe('disk-full');
    rmSync(filler);
    expect(await store.list()).toEqual([]);
  });
});
