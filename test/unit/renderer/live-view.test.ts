import { describe, expect, it } from 'vitest';
import { emptyLiveView, liveMaxUs, liveRows, takeReadings } from '../../../renderer/live/live-view.ts';
import type { LiveStatus } from '../../../shared/model/run.ts';

const reading = (atSeconds: number, segment: number, maxUs: number, actUs: number, samples = 1000, avgUs = 9): LiveStatus =>
  ({ atSeconds, segment, threads: [{ cpu: 4, samples, minUs: 5, actUs, avgUs, maxUs }] });

describe('live view', () => {
  it('puts a new maximum on the strip, and the latest sample where there was none', () => {
    const view = takeReadings(emptyLiveView, [reading(1, 0, 40, 9), reading(2, 0, 40, 11), reading(3, 0, 55, 8)]);
    expect(view.strip.map((point) => point.maxUs)).toEqual([40, 11, 55]);
  });

  it('takes nothing twice when catching up overlaps with live readings', () => {
    const once = takeReadings(emptyLiveView, [reading(1, 0, 40, 9), reading(2, 0, 41, 9)]);
    expect(takeReadings(once, [reading(1, 0, 40, 9), reading(2, 0, 41, 9)])).toEqual(once);
  });

  it('adds up segments: counters of the last reading of each, averages by weight', () => {
    const view = takeReadings(emptyLiveView, [reading(1, 0, 40, 9, 500), reading(2, 0, 40, 9, 1000, 10), reading(3, 1, 25, 9, 3000, 20)]);
    expect(liveRows(view)).toEqual([{ cpu: 4, samples: 4000, minUs: 5, avgUs: 17.5, maxUs: 40 }]);
    expect(liveMaxUs(view)).toBe(40);
  });

  it('does not show a thread that has not measured yet: its minimum is not a latency', () => {
    const view = takeReadings(emptyLiveView, [{ atSeconds: 1, segment: 0, threads: [{ cpu: 4, samples: 0, minUs: 1_000_000, actUs: 0, avgUs: 0, maxUs: 0 }] }]);
    expect(liveRows(view)).toEqual([]);
    expect(view.strip).toEqual([]);
    expect(liveMaxUs(view)).toBeNull();
  });
});
