import { perSecond } from '../statistics/validity/validity-rule.ts';
import { countInWords } from '../statistics/words.ts';
import type { Scene, Suspicion } from './suspicion.ts';

/** `1,204 interrupts of eth0 (10 a second)`. */
export const counted = (count: number, what: string, seconds: number): string => `${countInWords(count)} ${what} (${perSecond(count, seconds)})`;

/** Figures of a plain count, for scripts. */
export const figuresOf = (count: number, seconds: number): Suspicion['figures'] => [
  { name: 'count', value: count, unit: '' }, { name: 'rate', value: Math.round((count / seconds) * 1000) / 1000, unit: '1/s' },
];

/** Where a count was read: the file, its line, the CPU and the time between the two readings. */
export const evidenceOf = (file: string, line: string, cpu: number | null, count: number, { deltas }: Scene): string[] =>
  [`${file} ${line}${cpu === null ? '' : `, CPU ${cpu}`}: ${countInWords(count)} more at ${deltas.toSeconds.toFixed(1)} s of the run than at ${deltas.fromSeconds.toFixed(1)} s`];
