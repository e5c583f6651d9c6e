import type { ThreadResult } from '../../model/run.ts';
import { pairsOf, type Histogram } from '../../statistics/histogram.ts';
import type { CyclictestOutput, Unit } from './output.ts';

/** One thread as read, in the unit of the output. `samples` includes overflows; latencies are null without samples. */
export interface ReadThread {
  readonly index: number;
  readonly cpu: number | null;
  readonly samples: number;
  readonly min: number | null;
  readonly avg: number | null;
  readonly max: number | null;
  readonly overflows: number;
  readonly histogram: Histogram | null;
}

/** An output with its histograms still in columns: what to merge when there are many of them. */
export interface CyclictestReading extends Omit<CyclictestOutput, 'threads'> {
  readonly threads: readonly ReadThread[];
}

export function toThreadResult(thread: ReadThread, unit: Unit): ThreadResult {
  const us = (value: number | null) => (value === null ? null : toUs(value, unit));
  return {
    index: thread.index,
    ...(thread.cpu === null ? {} : { cpu: thread.cpu }),
    samples: thread.samples,
    minUs: us(thread.min),
    avgUs: us(thread.avg),
    maxUs: us(thread.max),
    overflows: thread.overflows,
    ...(thread.histogram === null ? {} : { histogram: pairsOf(histogramInUs(thread.histogram, unit)) }),
  };
}

/** Values are whole ns and averages have two decimals: through whole thousandths, the quotient is the double nearest to the decimal figure. */
export const toUs = (value: number, unit: Unit) => (unit === 'ns' ? Math.round(value * 1000) / 1e6 : value);

/** The same counts with bucket edges in µs. */
export const histogramInUs = (histogram: Histogram, unit: Unit): Histogram =>
  unit === 'us' ? histogram : { lower: histogram.lower.map((edge) => edge / 1000), counts: histogram.counts };
