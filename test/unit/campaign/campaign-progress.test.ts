import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { busyBetween, parseCampaignLog } from '../../../shared/parsers/campaign-log.ts';
import { campaignProgress } from '../../../shared/planning/campaign/campaign-progress.ts';
import { loadsOfCell } from '../../../shared/planning/campaign/cell-run.ts';
import { missingWords } from '../../../shared/planning/campaign/missing-words.ts';
import { campaignWith, cellOf, head } from './campaign-kit.ts';

const standing = (log: string, changes: Parameters<typeof campaignWith>[1] = {}, runs: Parameters<typeof campaignProgress>[1] = new Map()) =>
  campaignProgress(campaignWith(log, changes), runs).map(({ state, reason }) => (reason === null ? state : `${state}: ${reason}`));

const first = `${head}row 1 began 50010 ;\ncpu 1 before 50020 1000 0 500 90000 100 0 0 0 0 0 ;\nrun 1 started 50030 ;\n`;
const over = `${first}run 1 ended 56030 ;\ncpu 1 after 56040 7000 0 500 96000 100 0 0 0 0 0 ;\nrow 1 done 56050 ;\n`;

describe('how cells stand', () => {
  it('follows the log and the runs that are home', () => {
    expect(standing('')).toEqual(['waiting', 'waiting']);
    expect(standing(`${head}row 1 began 50010 ;\n`)).toEqual(['running', 'waiting']);
    expect(standing(over)).toEqual(['running', 'waiting']);
    expect(standing(over, {}, new Map([['run-1', { state: 'completed', reason: null }]]))).toEqual(['done', 'waiting']);
    expect(standing(over, {}, new Map([['run-1', { state: 'interrupted', reason: 'The board’s disk became full.' }]]))[0]).toBe('missing: The board’s disk became full.');
  });

  it('says of every missing cell why', () => {
    expect(standing(`${over}row 2 began 56100 ;\nrow 2 missing 56200 busy nightly 1763719200 bo@bench-7 ;\n`)[1]).toBe('missing: Host was in use by bo@bench-7 (run nightly).');
    expect(standing(over, { state: 'rebooted' })[1]).toBe('missing: Host was restarted; what was to be done on it ended with that.');
    expect(standing(over, { state: 'killed' })[1]).toBe('missing: What carried out the campaign on Host was killed there.');
    expect(standing(over, { state: 'gone' })[1]).toBe('missing: Host no longer has its part of the campaign.');
    expect(standing(`${over}end cancelled 57000 ;\n`, { state: 'ended' })[1]).toBe('missing: The campaign was cancelled.');
    expect(standing(`${over}end disk-full 57000 ;\n`, { state: 'ended' })[1]).toBe('missing: The disk of Host became full.');
  });

  it('is told by the newest table that has a cell', () => {
    const campaign = campaignWith(over, { state: 'ended' });
    const [laying] = campaign.layings;
    if (laying === undefined) throw new Error('there is one');
    const again = { ...laying, id: 'c-2', cells: [{ cell: 2, runId: 'again', startsAfterSeconds: 0, endsAfterSeconds: 60 }], queues: laying.queues.map((queue) => ({ ...queue, state: 'running' as const, log: `${head}row 2 began 90000 ;\nrun 2 started 90010 ;\n` })) };
    const progress = campaignProgress({ ...campaign, layings: [laying, again] }, new Map([['run-1', { state: 'completed', reason: null }], ['again', { state: 'completed', reason: null }]]));
    expect(progress.map(({ state, runId }) => [state, runId])).toEqual([['done', 'run-1'], ['done', 'again']]);
  });

  it('tells the CPU time of a cell', () => {
    const row = parseCampaignLog(over).rows.get(1);
    expect(busyBetween(row?.cpuBefore ?? null, row?.cpuAfter ?? null)).toBeCloseTo(6000 / 100 / 60.2, 6);
    expect(busyBetween(row?.cpuAfter ?? null, row?.cpuBefore ?? null)).toBeNull();
  });

  it('never throws, whatever a board wrote, and reads what is whole up to where it is cut', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(fc.constantFrom('row 1 began 5 ;', 'row 1 done ;', 'load 1 before x ;', 'cpu 1 after 5 1 ;', 'end ;', 'row 99 missing 5 a b ;', '\u0000 ;')).map((lines) => lines.join('\n'))), (log) => {
      expect(standing(log)).toHaveLength(2);
    }));
    fc.assert(fc.property(fc.nat({ max: over.length }), (length) => {
      const { rows, unreadable } = parseCampaignLog(over.slice(0, length));
      expect(unreadable).toEqual([]);
      expect(rows.get(1)?.done ?? false).toBe(length === over.length);
    }));
  });

  it('names the line of a log that cannot be read', () => {
    expect(parseCampaignLog(`${head}row one began 5 ;\nrow 1 began 50010 ;\n`)).toMatchObject({ unreadable: [4], bootId: 'b', beganAtSeconds: 500 });
  });

  it('puts every refusal of a board into words', () => {
    expect(missingWords('Host', 'foreign 4711 oslat')).toBe('Another oslat ran on Host (process 4711), not started by RTVM Bench.');
    expect(missingWords('Host', 'refused no-program cyclictest')).toBe('Host has no cyclictest: install it there.');
    expect(missingWords('Host', 'late')).toContain('still busy with the cell before');
    fc.assert(fc.property(fc.string(), (words) => { expect(missingWords('Host', words)).toMatch(/\.$/); }));
  });
});

describe('the load of a cell', () => {
  const cell = cellOf(1, { load: { boardId: 'guest', boardName: 'VM', workload: 'busy-loop' } });
  const clock = { bootId: 'b', atMs: 1_000_000, uptimeSeconds: 500, errorMs: 1 };
  const elsewhere = { bootId: 'c', atMs: 1_000_000, uptimeSeconds: 90_000, errorMs: 1 };
  const run = parseCampaignLog(over).rows.get(1);
  const loadLog = (before: number, after: number, state = 'running') => parseCampaignLog(`load 1 started ${String(before - 100)} ;\nload 1 before ${String(before)} running 100 100 100 ;\nload 1 after ${String(after)} ${state} 100 100 100 ;\n`).rows.get(1);
  const works = (row: ReturnType<typeof loadLog>) => loadsOfCell(cell, { row: run, clock }, { row, clock: elsewhere })[0]?.atEnd?.running;

  it('counts when it encloses the run on one clock, whatever the boards call the time', () => {
    expect(works(loadLog(9_000_000, 9_007_000))).toBe(true);
    expect(loadsOfCell(cell, { row: run, clock }, { row: loadLog(9_000_000, 9_007_000), clock: elsewhere })).toMatchObject([{ busyAtStart: 1, startedAt: new Date(999_000).toISOString() }]);
  });

  it('does not when it began late, ended early, was idle at the end or never was', () => {
    expect(works(loadLog(9_000_100, 9_007_000))).toBe(false);
    expect(works(loadLog(9_000_000, 9_006_000))).toBe(false);
    expect(works(loadLog(9_000_000, 9_007_000, 'ended'))).toBe(false);
    expect(works(undefined)).toBe(false);
    expect(loadsOfCell(cellOf(1), { row: run, clock }, { row: undefined, clock })).toEqual([]);
  });

  it('holds what two clocks may part by against it', () => {
    const nextWeek = 7 * 86_400;
    const shift = (row: ReturnType<typeof loadLog>) => row && { ...row, loadBefore: row.loadBefore && { ...row.loadBefore, atSeconds: row.loadBefore.atSeconds + nextWeek }, loadAfter: row.loadAfter && { ...row.loadAfter, atSeconds: row.loadAfter.atSeconds + nextWeek } };
    const later = run && { ...run, runStartedAtSeconds: (run.runStartedAtSeconds ?? 0) + nextWeek, runEndedAtSeconds: (run.runEndedAtSeconds ?? 0) + nextWeek };
    const worksLater = (row: ReturnType<typeof loadLog>) => loadsOfCell(cell, { row: later, clock }, { row: shift(row), clock: elsewhere })[0]?.atEnd?.running;
    expect(worksLater(loadLog(9_000_000, 9_007_000))).toBe(false);
    expect(worksLater(loadLog(8_990_000, 9_020_000))).toBe(true);
  });
});
