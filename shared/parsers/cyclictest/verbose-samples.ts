import { histogramOf } from '../../statistics/histogram.ts';
import type { ReadThread } from './reading.ts';

const pattern = /^ {0,7}(\d{1,8}): {0,7}(\d{1,15}): {0,7}(-?\d{1,15})(?: +\d{1,15})?$/;

interface Seen { samples: number; sum: number; min: number; max: number; lastCycle: number; missing: number; again: number; values: Map<number, number> }

/** Collects the lines of `-v`, `thread:cycle:value`, into exact distributions: every value is there, none overflows. */
export class VerboseSamples {
  private readonly seen = new Map<number, Seen>();

  /** Whether a line looks like one; where the text ends in it, its number may be cut. */
  isSample(line: string): boolean {
    return pattern.test(line);
  }

  take(line: string): boolean {
    const match = pattern.exec(line);
    if (match === null) return false;
    const [index, cycle, value] = [Number(match[1]), Number(match[2]), Number(match[3])];
    const thread = this.seen.get(index) ?? { samples: 0, sum: 0, min: value, max: value, lastCycle: -1, missing: 0, again: 0, values: new Map<number, number>() };
    this.seen.set(index, thread);
    thread.samples++;
    thread.sum += value;
    thread.min = Math.min(thread.min, value);
    thread.max = Math.max(thread.max, value);
    if (cycle <= thread.lastCycle) thread.again++;
    if (cycle > thread.lastCycle + 1) thread.missing += cycle - thread.lastCycle - 1;
    thread.lastCycle = Math.max(thread.lastCycle, cycle);
    thread.values.set(value, (thread.values.get(value) ?? 0) + 1);
    return true;
  }

  get empty(): boolean {
    return this.seen.size === 0;
  }

  threads(cpus: ReadonlyMap<number, number>): { threads: ReadThread[]; warnings: string[] } {
    const entries = [...this.seen].sort((a, b) => a[0] - b[0]);
    const threads = entries.map(([index, thread]): ReadThread => ({
      index, cpu: cpus.get(index) ?? null, samples: thread.samples, overflows: 0,
      min: thread.min, avg: thread.sum / thread.samples, max: thread.max,
      histogram: histogramOf([...thread.values].sort((a, b) => a[0] - b[0])),
    }));
    const warnings = entries.filter(([, { missing }]) => missing > 0).map(([index, { missing }]) =>
      `Thread ${index} skips ${missing} cycle numbers: with -o only the largest of several cycles is printed, and a slow reader loses lines. Only what is printed is counted.`);
    const again = entries.filter(([, thread]) => thread.again > 0).map(([index, thread]) =>
      `Thread ${index} has ${thread.again} cycle numbers that were there before: samples of more than one run are counted together.`);
    return { threads, warnings: [...warnings, ...again] };
  }
}
