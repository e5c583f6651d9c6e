import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute } from '../../../renderer/route.ts';
import { commandLineTokens, diffCommandLines } from '../../../renderer/text/command-line-diff.ts';
import { durationText, parseDurationText } from '../../../renderer/text/duration-text.ts';
import { formatAgo, formatBytes, formatCount, formatDuration, formatUs } from '../../../renderer/text/format.ts';
import { promptFields, refusalOf } from '../../../renderer/views/questions/question-words.ts';
import { segmentGaps } from '../../../renderer/views/results/segment-gaps.ts';
import { factGroups } from '../../../renderer/views/overview/facts.ts';
import { snapshotOf } from '../../support/fake-core/machines.ts';

describe('figures in words', () => {
  it('groups digits, rounds bytes, tells two units of time', () => {
    expect(formatCount(86_399_992)).toBe('86\u202f399\u202f992');
    expect(formatBytes(60 * 2 ** 20)).toBe('60 MiB');
    expect(formatBytes(2.5 * 2 ** 20)).toBe('2.5 MiB');
    expect([45, 600, 11_520, 86_400, 270_000, 0, 0.25].map(formatDuration)).toEqual(['45 s', '10 min', '3 h 12 min', '24 h', '3 d 3 h', '0 s', '250 ms']);
    expect([formatUs(4.26), formatUs(290), formatUs(null)]).toEqual(['4.3', '290', '–']);
  });

  it('says how long ago a reading was', () => {
    const now = Date.UTC(2026, 10, 20, 14, 12, 0);
    expect(formatAgo('20261120T141000Z', now)).toBe('2 min ago');
    expect(formatAgo('20261120T111000Z', now)).toBe('3 h ago');
    expect(formatAgo('not a stamp', now)).toBe('not a stamp');
  });

  it('reads back every length of time it writes', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 31 * 86_400 }), (seconds) => { expect(parseDurationText(durationText(seconds))).toBe(seconds); }));
    expect(['90', '1h 30m', '10min', '1.5h', '1w', '', '-3'].map(parseDurationText)).toEqual([90, 5400, 600, null, null, null, null]);
  });
});

describe('places', () => {
  it('finds its way back to every place, whatever the ids', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), fc.option(fc.string({ minLength: 1 })), (boardId, runId) => {
      const route = { kind: 'board', boardId, station: 'results', runId } as const;
      expect(parseRoute(formatRoute(route))).toEqual(route);
    }));
    expect(parseRoute('#/runs')).toEqual({ kind: 'runs' });
    expect(parseRoute('#/board/a/nowhere')).toEqual({ kind: 'board', boardId: 'a', station: 'overview', runId: null });
    expect(parseRoute('#/board/%E0%A4%A')).toMatchObject({ kind: 'board', boardId: '%E0%A4%A' });
  });
});

describe('command lines', () => {
  it('splits at blanks outside quotes', () => {
    expect(commandLineTokens('quiet dyndbg="file a +p"  ro')).toEqual(['quiet', 'dyndbg="file a +p"', 'ro']);
  });

  it('tells what the next boot adds and takes away, and passes over the boot loader’s own words', () => {
    const diff = diffCommandLines('BOOT_IMAGE=/a ro intel_pstate=disabled quiet', 'BOOT_IMAGE=/b ro quiet intel_pstate=disable');
    expect(diff.map((token) => `${token.change} ${token.text}`)).toEqual(['same ro', 'removed intel_pstate=disabled', 'same quiet', 'added intel_pstate=disable']);
  });

  it('counts a parameter given twice', () => {
    expect(diffCommandLines('a a', 'a').filter((token) => token.change !== 'same')).toEqual([{ text: 'a', change: 'removed' }]);
  });
});

describe('questions', () => {
  it('asks as many things as the board does, hidden where it says so', () => {
    const body = { kind: 'keyboard-interactive', host: 'h', user: 'u', name: '', instructions: '', prompts: [{ prompt: 'Password: ', echo: false }, { prompt: ' ', echo: true }] } as const;
    expect(promptFields({ ...body, prompts: [...body.prompts] })).toEqual([{ label: 'Password:', echo: false }, { label: 'Answer', echo: true }]);
  });

  it('says from the second attempt on that the first was refused', () => {
    expect(refusalOf({ kind: 'password', user: 'u', host: 'h', attempt: 1 })).toBeNull();
    expect(refusalOf({ kind: 'sudo', user: 'u', host: 'h', reason: '', attempt: 2 })).toContain('sudo did not accept');
  });
});

describe('segments', () => {
  const segment = (index: number, startedAtSeconds: number, endedAtSeconds: number) => ({ index, startedAtSeconds, endedAtSeconds, complete: true, maxUs: 1, threads: [] });

  it('shows the time between segments', () => {
    expect(segmentGaps([segment(1, 62, 120), segment(0, 0, 60), segment(2, 120.02, 180)])).toEqual([{ fromSeconds: 60, toSeconds: 62 }]);
  });
});

describe('facts', () => {
  it('says “not known” by null, never by a guess', () => {
    const snapshot = snapshotOf('atom', '20261120T141000Z');
    const facts = factGroups({ ...snapshot, limits: { rtPriority: null, lockedMemoryBytes: null, rtRuntimeUs: null } }).flatMap((group) => group.facts);
    expect(facts.find((fact) => fact.name === 'Locked memory allowed')?.value).toBeNull();
    expect(facts.find((fact) => fact.name === 'Serial number')?.value).toBeNull();
    expect(facts.find((fact) => fact.name === 'rtla')?.value).toBe('not installed');
  });
});
