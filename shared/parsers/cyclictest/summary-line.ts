import type { Unit } from './output.ts';

/** One `T:` line, in the unit it was printed in. With `samples` 0 the latencies mean nothing (Min is then 1000000). */
export interface SummaryLine {
  readonly index: number;
  readonly threadId: number;
  readonly priority: number;
  readonly intervalUs: number;
  readonly samples: number;
  readonly min: number;
  readonly act: number;
  readonly avg: number;
  readonly max: number;
  readonly smiCount: number | null;
  readonly unit: Unit;
}

const pattern = /^T:\s*(\d{1,9})\s*\(\s*(\d{1,12})\)\s*P:\s*(\d{1,9})\s+I:\s*(\d{1,15})\s+C:\s*(\d{1,15})\s+Min:\s*(-?\d{1,15})\s+Act:(\s*-?\d{1,15})\s+Avg:(\s*-?\d{1,15})\s+Max:(\s*-?\d{1,15})(?:\s+SMI:\s*(\d{1,15}))?\s*$/;

/**
 * Reads a thread's line of the summary, the live display, a FIFO or a signal's status; null when it is none.
 * `terminated` false says that the text ends right after it: then it counts only when its last field has its full width,
 * because output cut inside a number still looks like a number.
 */
export function parseSummaryLine(line: string, terminated = true): SummaryLine | null {
  const match = pattern.exec(line);
  if (match === null) return null;
  const [, index, threadId, priority, interval, samples, min, act = '', avg = '', max = '', smi] = match;
  if (!terminated && (max.length < 8 || !/^\s/.test(max))) return null;
  return {
    index: Number(index),
    threadId: Number(threadId),
    priority: Number(priority),
    intervalUs: Number(interval),
    samples: Number(samples),
    min: Number(min),
    act: Number(act),
    avg: Number(avg),
    max: Number(max),
    smiCount: smi === undefined ? null : Number(smi),
    // With -N cyclictest prints Act and Avg eight characters wide instead of five: the only trace of the unit.
    unit: act.length >= 8 && avg.length >= 8 ? 'ns' : 'us',
  };
}
