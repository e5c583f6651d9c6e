import type { LiveStatus } from '../../shared/model/run.ts';

export interface StripPoint { readonly atSeconds: number; readonly maxUs: number }

export interface LiveRow {
  readonly cpu: number;
  readonly samples: number;
  readonly minUs: number;
  readonly avgUs: number;
  readonly maxUs: number;
}

/** Everything the live screen needs of a run's readings, in bounded space: the last reading of each segment, and the strip. */
export interface LiveView {
  readonly lastOfSegment: ReadonlyMap<number, LiveStatus>;
  readonly strip: readonly StripPoint[];
  readonly lastAtSeconds: number;
}

export const emptyLiveView: LiveView = { lastOfSegment: new Map(), strip: [], lastAtSeconds: -1 };

/**
 * Takes one reading into the view. A reading that is not newer than the last is left out, so that catching up and
 * live events may overlap. Strip: a reading's counters are cumulative within its segment, so what happened since
 * the reading before is known only as a new maximum, or else as the latest sample.
 */
export function takeReadings(view: LiveView, readings: readonly LiveStatus[]): LiveView {
  const lastOfSegment = new Map(view.lastOfSegment);
  const strip = [...view.strip];
  let lastAtSeconds = view.lastAtSeconds;
  for (const reading of readings) {
    if (reading.atSeconds <= lastAtSeconds) continue;
    const before = lastOfSegment.get(reading.segment);
    const latest = latestUs(reading, before);
    if (latest !== null) strip.push({ atSeconds: reading.atSeconds, maxUs: latest });
    lastOfSegment.set(reading.segment, reading);
    lastAtSeconds = reading.atSeconds;
  }
  return { lastOfSegment, strip, lastAtSeconds };
}

function latestUs(reading: LiveStatus, before: LiveStatus | undefined): number | null {
  const known = new Map(before?.threads.map((thread) => [thread.cpu, thread.maxUs]));
  let latest: number | null = null;
  for (const thread of reading.threads) {
    if (thread.samples === 0) continue;
    const us = thread.maxUs > (known.get(thread.cpu) ?? -1) ? thread.maxUs : thread.actUs;
    latest = Math.max(latest ?? us, us);
  }
  return latest;
}

/** One row per CPU over all segments so far: averages weighted by samples; a CPU without a sample yet is left out. */
export function liveRows(view: LiveView): LiveRow[] {
  const rows = new Map<number, LiveRow>();
  for (const status of view.lastOfSegment.values()) {
    for (const thread of status.threads) {
      if (thread.samples === 0) continue;
      const row = rows.get(thread.cpu);
      const samples = (row?.samples ?? 0) + thread.samples;
      rows.set(thread.cpu, {
        cpu: thread.cpu,
        samples,
        minUs: Math.min(row?.minUs ?? thread.minUs, thread.minUs),
        avgUs: ((row?.avgUs ?? 0) * (row?.samples ?? 0) + thread.avgUs * thread.samples) / samples,
        maxUs: Math.max(row?.maxUs ?? thread.maxUs, thread.maxUs),
      });
    }
  }
  return [...rows.values()].sort((a, b) => a.cpu - b.cpu);
}

/** The worst latency of the run so far, µs; null before the first sample. */
export function liveMaxUs(view: LiveView): number | null {
  let worst: number | null = null;
  for (const row of liveRows(view)) worst = Math.max(worst ?? row.maxUs, row.maxUs);
  return worst;
}
