import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { startRun } from '../../electron/core/runs/start-run.ts';
import { runResultOf } from '../../shared/statistics/run-result.ts';
import { codedError } from '../support/session-kit.ts';
import { asCyclictest, eventually, follow, newRun, oursOnBoard, startRunKit, type RunKit } from '../support/run-kit.ts';

/** Every program the scripts need is busybox's; nothing else is found. */
describe('runs on a board that has busybox only', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-busybox-'));
  let kit: RunKit;
  beforeAll(async () => {
    execFileSync('busybox', ['--install', '-s', scratch]);
    kit = await startRunKit({ path: scratch });
  });
  afterAll(async () => {
    await kit.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('says that there is no cyclictest', async () => {
    const run = newRun();
    const refused = await codedError(kit.start(run));
    expect(refused.code).toBe('board-tool-missing');
    expect(refused.extras.next).toContain('rt-tests');
    expect(existsSync(kit.boardFile(run, ''))).toBe(false);
  });

  it('goes from start to result and leaves no process behind', async () => {
    symlinkSync('/usr/bin/cyclictest', join(scratch, 'cyclictest'));
    const run = newRun();
    const session = kit.session();
    const ended = await follow(session, kit.store, await kit.start(run, session)).ended;
    expect(ended).toMatchObject({ state: 'completed', stateReason: null });
    expect(kit.localJournal(run).equals(kit.boardJournal(run))).toBe(true);
    const result = runResultOf(asCyclictest(ended), await loadJournal(kit.store, run.id), { virtualised: true });
    expect(result.segments.map(({ complete }) => complete)).toEqual([true, true]);
    expect(result.warnings.filter((warning) => warning.includes('placement'))).toEqual([]);
    await eventually(() => oursOnBoard(kit.base).length === 0, 'nothing of ours runs on the board any more');
  });

  it('takes hostile text as text: a canary never runs', async () => {
    const canary = join(scratch, 'canary');
    const session = kit.session();
    const owners = [`$(touch ${canary})`, `\`touch ${canary}\``, `'; touch ${canary}; '`, `"; touch ${canary} #`, `\n touch ${canary}\n`, `a\\nb %s %n && touch ${canary}`, '-n', '@FIFO@', '🦫 Zoë'];
    for (const owner of owners) {
      const run = newRun({ durationSeconds: 1, segmentSeconds: 1 });
      await startRun({ session, store: kit.store, run, owner });
      const ended = await follow(session, kit.store, run).ended;
      expect(ended.state).toBe('completed');
      expect((await loadJournal(kit.store, run.id)).header?.owner).toBe(owner.replaceAll('\n', ' ').trim());
    }
    for (const id of ['../../etc', '$(touch x)', 'a b', '-rf', '']) {
      expect((await codedError(startRun({ session, store: { ...kit.store, save: async () => undefined, update: async () => newRun(), get: kit.store.get, list: kit.store.list, journal: kit.store.journal, readJournal: kit.store.readJournal }, run: { ...newRun(), id }, owner: 'x' }))).code).toBe('run-refused');
    }
    expect(existsSync(canary)).toBe(false);
  });
});
