import type { ThreadResult } from '../model/run.ts';
import { mergePairs } from './histogram.ts';

export interface MergedIdentity { readonly index: number; readonly cpu?: number }

/**
 * Adds up what several threads, or one thread in several segments, measured: exactly, bucket by bucket.
 * The average is weighted by samples, and null where any part with samples does not know its own; minimum and maximum are
 * those of the parts that know theirs. There is a histogram only when every part with samples has one.
 */
export function mergeThreads(threads: readonly ThreadResult[], identity: MergedIdentity): ThreadResult {
  const measured = threads.filter(({ samples }) => samples > 0);
  const histograms = measured.flatMap(({ histogram }) => (histogram === undefined ? [] : [histogram]));
  return {
    ...identity,
    samples: sum(measured.map(({ samples }) => samples)),
    minUs: extreme(measured.map(({ minUs }) => minUs), Math.min),
    avgUs: weightedAverage(measured),
    maxUs: extreme(measured.map(({ maxUs }) => maxUs), Math.max),
    overflows: sum(measured.map(({ overflows }) => overflows)),
    ...(histograms.length === measured.length && histograms.length > 0 ? { histogram: mergePairs(histograms) } : {}),
  };
}

/**
 * Merges segments CPU by CPU: threads on the same CPU are one, and where outputs do not tell the CPU, threads of the same
 * index are. Gives them in the order of CPU, then index.
 */
export function mergeByCpu(segments: ReadonlyArray<readonly ThreadResult[]>): ThreadResult[] {
  const groups = new Map<string, ThreadResult[]>();
  for (const thread of segments.flat()) {
    const key = thread.cpu === undefined ? `thread ${thread.index}` : `cpu ${thread.cpu}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(thread);
  }
  return [...groups.values()]
    .flatMap((group) => (group[0] === undefined ? [] : [mergeThreads(group, identityOf(group[0]))]))
    .sort((a, b) => (a.cpu ?? Infinity) - (b.cpu ?? Infinity) || a.index - b.index);
}

const identityOf = ({ index, cpu }: ThreadResult): MergedIdentity => (cpu === undefined ? { index } : { index, cpu });

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function extreme(values: ReadonlyArray<number | null>, pick: (a: number, b: number) => number): number | null {
  return values.reduce((best, value) => (best === null || value === null ? best ?? value : pick(best, value)), null);
}

function weightedAverage(threads: readonly ThreadResult[]): number | null {
  let total = 0, samples = 0;
  for (const thread of threads) {
    if (thread.avgUs === null) return null;
    total += thread.avgUs * thread.samples;
    samples += thread.samples;
  }
  return samples === 0 ? null : total / samples;
}
