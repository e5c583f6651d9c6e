import { formatCpuList } from '../parsers/cpu-list.ts';
import { rateInWords } from '../statistics/validity/validity-rule.ts';
import { countInWords } from '../statistics/words.ts';
import type { Scene, Suspicion } from './suspicion.ts';

/** What is counted, one of it and several. */
export type Noun = readonly [one: string, several: string];

/** `1,204 interrupts of eth0 (10 a second)`. */
export const counted = (count: number, [one, several]: Noun, seconds: number, on = ''): string =>
  `${countInWords(count)} ${count === 1 ? one : several}${on} (${rateInWords(count, seconds)})`;

/** One kind of event over the CPUs it came on. */
export interface Spread {
  readonly total: number;
  /** The CPU it came on most. */
  readonly cpu: number;
  readonly cpus: readonly number[];
  /** ` on CPU 5`, or ` on 4 CPUs (4-7), 600 of them on CPU 5`; a long list stands in the evidence only. */
  readonly on: string;
}

/** Null: it came on none of the CPUs. */
export function spreadOf(cpus: readonly number[], countOn: (cpu: number) => number): Spread | null {
  const counts = cpus.map((cpu) => ({ cpu, count: countOn(cpu) })).filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  const [most] = counts;
  if (most === undefined) return null;
  const where = counts.map(({ cpu }) => cpu).sort((a, b) => a - b);
  const list = formatCpuList(where);
  return {
    total: counts.reduce((sum, { count }) => sum + count, 0), cpu: most.cpu, cpus: where,
    on: counts.length === 1 ? ` on CPU ${most.cpu}` : ` on ${counts.length} CPUs${list.length > 24 ? '' : ` (${list})`}, ${countInWords(most.count)} of them on CPU ${most.cpu}`,
  };
}

/** Figures of a plain count, for scripts. */
export const figuresOf = (count: number, seconds: number): Suspicion['figures'] => [
  { name: 'count', value: count, unit: '' }, { name: 'rate', value: Math.round((count / seconds) * 1000) / 1000, unit: '1/s' },
];

/** Where a count was read: the file, its line and the time between the two readings. */
export const evidenceOf = (file: string, line: string, count: number, { deltas }: Scene, cpus: readonly number[] = []): string[] =>
  [`${file} ${line}${cpus.length === 0 ? '' : `, CPU ${formatCpuList(cpus)}`}: ${countInWords(count)} more at ${deltas.toSeconds.toFixed(1)} s of the run than at ${deltas.fromSeconds.toFixed(1)} s`];
