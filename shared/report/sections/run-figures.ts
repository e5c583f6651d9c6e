import type { RunResult, ThreadResult } from '../../model/run.ts';
import { countInWords } from '../../statistics/words.ts';
import { quantileName } from '../../statistics/comparison/figures.ts';
import type { Html } from '../html.ts';
import { table } from './parts.ts';

/** A figure in µs, or a dash where it is not known. */
export const figureUs = (us: number | null): string => (us === null ? '–' : us.toLocaleString('en-US', { maximumFractionDigits: 2 }));

/** One line a CPU: smallest, average, the quantiles its samples support, longest, counts. */
export function figuresTable({ threads, percentiles, expectedSamples }: RunResult): Html {
  const ps = [...new Set(percentiles.filter(({ cpu }) => cpu !== null || threads.length === 1).flatMap(({ values }) => values.map(({ p }) => p)))].sort((a, b) => a - b);
  const expected = expectedSamples === null || threads.length === 0 ? null : expectedSamples / threads.length;
  return table(
    ['CPU', 'min', 'avg', ...ps.map((p) => `${quantileName(p).slice(1)} %`), 'max', 'samples', ...(expected === null ? [] : ['of expected']), 'beyond the histogram'],
    threads.map((thread) => [
      nameOf(thread), figureUs(thread.minUs), figureUs(thread.avgUs),
      ...ps.map((p) => quantileText(percentiles, thread, p)),
      figureUs(thread.maxUs), countInWords(thread.samples),
      ...(expected === null ? [] : [expected > 0 ? `${((100 * thread.samples) / expected).toFixed(1)} %` : '–']),
      countInWords(thread.overflows),
    ]),
    'figures',
  );
}

function quantileText(percentiles: RunResult['percentiles'], thread: ThreadResult, p: number): string {
  const own = percentiles.find(({ cpu }) => cpu === (thread.cpu ?? null)) ?? null;
  const found = own?.values.find((value) => value.p === p);
  if (found === undefined) return '–';
  if (found.us !== null) return figureUs(found.us);
  return found.atLeastUs === null ? '–' : `${figureUs(found.atLeastUs)} to ${figureUs(found.atMostUs)}`;
}

export const nameOf = ({ cpu, index }: ThreadResult): string => (cpu === undefined ? `thread ${index}` : String(cpu));
