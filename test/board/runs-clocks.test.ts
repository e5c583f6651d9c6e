import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { dateOfStamp } from '../../shared/model/stamp.ts';
import { codedError } from '../support/session-kit.ts';
import { isRoot } from '../support/throwaway-user.ts';
import { follow, isLive, newRun, startRunKit, type RunKit } from '../support/run-kit.ts';

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const uptime = () => Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));
const now = () => Math.floor(Date.now() / 1000);
const hour = 3_600;

/** The clock of this machine is not set: a `date` of our own tells whatever time a file says. */
describe.skipIf(!isRoot())('a run on a board whose clock is set', () => {
  let kit: RunKit;
  const tools = mkdtempSync(join(tmpdir(), 'rtvm-clock-'));
  const setClock = (epoch: number): void => { writeFileSync(join(tools, 'epoch'), `${String(epoch)}\n`); };
  const changing = (text: string): void => {
    mkdirSync(join(kit.base, 'changing'), { recursive: true });
    writeFileSync(join(kit.base, 'changing', 'by'), text);
  };
  beforeAll(async () => {
    writeFileSync(join(tools, 'date'), `#!/bin/sh\n[ "$1" = +%s ] && exec cat ${tools}/epoch\nexec /bin/date "$@"\n`, { mode: 0o755 });
    setClock(now());
    kit = await startRunKit({ path: `${tools}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin` });
  });
  afterAll(async () => {
    await kit.stop();
    rmSync(tools, { recursive: true, force: true });
  });

  it.each([['in 1970', 12], ['in the year 33658', 999_999_999_999]])('goes through with the clock %s at its start, and right again in the middle', async (_, epoch) => {
    setClock(epoch);
    const session = kit.session();
    const run = await kit.start(newRun({ durationSeconds: 4, segmentSeconds: 2 }), session);
    const following = follow(session, kit.store, run);
    await following.until(isLive);
    setClock(now());
    const over = await following.ended;
    expect(over).toMatchObject({ state: 'completed', stateReason: null });
    const ended = dateOfStamp(over.endedAt ?? '').getTime() / 1000;
    expect(ended).toBeGreaterThanOrEqual(dateOfStamp(run.createdAt).getTime() / 1000);
    expect(ended).toBeLessThanOrEqual(now() + 1);
    const journal = await loadJournal(kit.store, run.id);
    expect(journal.problem).toBeNull();
    expect(journal.header?.startEpochSeconds).toBe(epoch);
    const times = journal.segments.flatMap(({ startedAtSeconds, endedAtSeconds }) => [startedAtSeconds, endedAtSeconds ?? Number.NaN]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(60);
    expect(kit.localJournal(run).equals(kit.boardJournal(run))).toBe(true);
  });

  it('is not started beside a change that was at work a moment ago, though the clock has leapt ahead of it since', async () => {
    setClock(now() + 5 * hour);
    changing(`20261121T100000Z ${String(now())} ${bootId} ${String(uptime())}\nmia@laptop7\n`);
    const refused = await codedError(kit.start(newRun()));
    expect(refused).toMatchObject({ code: 'board-busy' });
    expect(refused.message).toContain('mia@laptop7');
  });

  it.skipIf(uptime() < hour)(`is not kept out for years by a change that was left when the clock was ahead${uptime() < hour ? ' (skipped: this machine has not run for an hour)' : ''}`, async () => {
    setClock(now());
    for (const left of [`${bootId} ${String(uptime() - hour)}`, `00000000-0000-4000-8000-000000000000 ${String(uptime())}`, '']) {
      changing(`20261121T100000Z ${String(now() + 20_000 * hour)} ${left}\nmia@laptop7\n`);
      const session = kit.session();
      const run = await kit.start(newRun({ durationSeconds: 1, segmentSeconds: 1 }), session);
      expect((await follow(session, kit.store, run).ended).state).toBe('completed');
    }
    rmSync(join(kit.base, 'changing'), { recursive: true });
  });
});
