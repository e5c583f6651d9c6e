import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endedJustNow, endingOf } from '../../../electron/core/runs/run-ending.ts';
import { dateOfStamp } from '../../../shared/model/stamp.ts';
import { parseRunJournal } from '../../../shared/parsers/run-journal.ts';
import { newRun } from '../../support/run-kit.ts';
import { sampleJournal } from './sample-journal.ts';

/** The sample: started at this second of the board's clock, over 2.36 s later. */
const boardStart = 1_795_208_408;
const started = new Date(boardStart * 1000);
const stamp = '20261120T210008Z';
const journalOf = (epoch: string, end = 'end completed - 2123.14 - ;\n') => parseRunJournal(Buffer.from(sampleJournal({ end }).toString().replace(`start ${String(boardStart)} `, `start ${epoch} `)));
const after = (seconds: number) => new Date(dateOfStamp(stamp).getTime() + seconds * 1000);

describe('when a run ended', () => {
  it('is told by the board’s clock where it agrees with this computer’s', () => {
    expect(dateOfStamp(stamp)).toEqual(started);
    expect(endingOf(journalOf(String(boardStart + 20)), { createdAt: stamp }, after(600))?.endedAt).toBe('20261120T210030Z');
    expect(endingOf(journalOf(String(boardStart)), { createdAt: stamp }, after(600))?.endedAt).toBe('20261120T210010Z');
  });

  it.each([
    ['a board without a battery', '12'], ['before 1970', '-86400'], ['set back by a day', String(boardStart - 86_400)], ['set forward by a year', String(boardStart + 31_536_000)],
    ['beyond any calendar', '999999999999999'],
  ])('is told by this computer’s clock and the time measured: %s', (_, epoch) => {
    expect(endingOf(journalOf(epoch), { createdAt: stamp }, after(3_600))?.endedAt).toBe('20261120T210010Z');
  });

  it('is never in times to come, and always a time', () => {
    fc.assert(fc.property(fc.integer({ min: -99_999_999_999, max: 999_999_999_999_999 }), fc.integer({ min: 2_124, max: 999_999_999_999_999 }), fc.integer({ min: -86_400, max: 31 * 86_400 }), (epoch, uptime, nowSeconds) => {
      const ending = endingOf(journalOf(String(epoch), `end completed - ${String(uptime)}.00 - ;\n`), { createdAt: stamp }, after(nowSeconds));
      expect(ending?.endedAt).toMatch(/^\d{8}T\d{6}Z$/);
      expect(dateOfStamp(ending?.endedAt ?? '').getTime()).toBeLessThanOrEqual(after(nowSeconds).getTime() + 5 * 60_000);
    }));
  });
});

describe('whether a run is over just now', () => {
  const run = newRun({ durationSeconds: 600 });
  const over = { createdAt: stamp, endedAt: '20261120T211010Z', options: run.options };

  it.each([
    [605, true], [659, true], [661, false], [86_400, false],
    // This computer’s clock was set back while it ran: how long ago it ended is not known.
    [0, false], [-3_600, false],
  ])('%i s after its start: %s', (seconds, expected) => {
    expect(endedJustNow(over, after(seconds))).toBe(expected);
  });
});

it('a clock that is set during a run is nothing to its journal: its times are the board’s since boot', () => {
  const [right, wrong] = [journalOf(String(boardStart)), journalOf('1000000000')];
  expect(wrong.problem).toBeNull();
  expect({ ...wrong, header: null }).toEqual({ ...right, header: null });
});
