import { seededRandom } from '../../../shared/statistics/extreme-values/seeded-random.ts';
import type { MeasuredLine, MeasuredResult } from '../../../shared/statistics/comparison/measured-result.ts';

/** A line of these latencies, µs, counted in buckets of 1 µs up to the bound. */
export function lineOf(key: string, latenciesUs: readonly number[], { boundUs = 1000, kind = '' } = {}): MeasuredLine {
  const counts = new Map<number, number>();
  for (const us of latenciesUs) if (us < boundUs) counts.set(Math.floor(us) * 1000, (counts.get(Math.floor(us) * 1000) ?? 0) + 1);
  const cpu = /CPU (\d+)/.exec(key)?.[1];
  const { length } = latenciesUs;
  const floor = latenciesUs.map(Math.floor);
  return {
    key, kind, resolutionNs: 1000, boundNs: boundUs * 1000, blockMaximaNs: null,
    distribution: {
      label: key, cpu: cpu === undefined ? null : Number(cpu), samples: length,
      minNs: length === 0 ? null : Math.min(...floor) * 1000, avgNs: length === 0 ? null : (floor.reduce((sum, us) => sum + us, 0) / length) * 1000,
      maxNs: length === 0 ? null : Math.max(...floor) * 1000, overflows: latenciesUs.filter((us) => us >= boundUs).length,
      buckets: [...counts].sort((a, b) => a[0] - b[0]),
    },
  };
}

export function resultOf(name: string, lines: readonly MeasuredLine[], more: Partial<MeasuredResult> = {}): MeasuredResult {
  return { name, tool: 'cyclictest', version: null, measures: 'cyclictest', lines, scalars: [], invalid: [], notes: [], virtualised: null, ...more };
}

/** Latencies as boards have them: a body and an exponential tail. */
export function latencies(count: number, seed: number, { shiftUs = 0, tailUs = 3 } = {}): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => 10 + shiftUs + random() * 2 - tailUs * Math.log(random()));
}
