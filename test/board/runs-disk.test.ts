import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runResultOf } from '../../shared/statistics/run-result.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { codedError } from '../support/session-kit.ts';
import { isRoot } from '../support/throwaway-user.ts';
import { asCyclictest, follow, isLive, newRun, startRunKit, type RunKit } from '../support/run-kit.ts';

/** Mounting a small file system needs root. */
describe.skipIf(!isRoot())('a run on a board whose disk is small', () => {
  let kit: RunKit;
  const disk = mkdtempSync(join(tmpdir(), 'rtvm-small-disk-'));
  beforeAll(async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', disk]);
    kit = await startRunKit({ base: join(disk, 'ours') });
  });
  afterAll(async () => {
    await kit.stop();
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it('is refused when it would not fit, and leaves nothing', async () => {
    const refused = await codedError(kit.start(newRun({ histogramUs: 100_000 })));
    expect(refused.code).toBe('board-disk-full');
    expect(refused.message).toMatch(/\d+ KiB are free/);
  });

  it('keeps what was measured when the disk fills up, and says so', async () => {
    const run = newRun({ durationSeconds: 60, segmentSeconds: 3 });
    const session = kit.session();
    const following = follow(session, kit.store, await kit.start(run, session));
    await following.until((event) => event.kind === 'live' && event.status.segment === 2);
    try {
      writeFileSync(join(disk, 'somebody-elses'), Buffer.alloc(4_000_000));
    } catch {
      // It takes all there is, and that is the point.
    }
    const ended = await following.ended;
    expect(ended).toMatchObject({ state: 'interrupted', stateReason: 'The board’s disk became full.' });
    expect(kit.localJournal(run).equals(kit.boardJournal(run))).toBe(true);
    const journal = await loadJournal(kit.store, run.id);
    expect(journal.problem).toBeNull();
    const result = runResultOf(asCyclictest(ended), journal, { virtualised: null });
    expect(result.segments[0]?.complete).toBe(true);
    expect(result.merged.samples).toBeGreaterThan(1_000);
    expect(result.verdict.grade).toBe('not comparable');
    expect(following.events.filter(isLive).length).toBeGreaterThan(0);
  });
});
