import type { ReadThread } from '../cyclictest/reading.ts';
import type { SummaryLine } from '../cyclictest/summary-line.ts';
import { pairsOf } from '../../statistics/histogram.ts';
import type { Distribution } from '../tool-output.ts';
import { nanosecondsOfUs } from './units.ts';

/** A thread of a tool that reports like cyclictest, in µs, as a distribution. */
export function threadDistribution(thread: ReadThread): Distribution {
  const ns = (us: number | null) => (us === null ? null : nanosecondsOfUs(us));
  return {
    label: `thread ${thread.index}`, cpu: thread.cpu, samples: thread.samples,
    minNs: ns(thread.min), avgNs: ns(thread.avg), maxNs: ns(thread.max),
    overflows: thread.overflows,
    buckets: thread.histogram === null ? [] : pairsOf(thread.histogram).map(([us, count]): [number, number] => [us * 1000, count]),
  };
}

/** The same from a `T:` line; a thread that has not run yet prints extremes that mean nothing. */
export function lineDistribution(line: SummaryLine): Distribution {
  const measured = (value: number) => (line.samples === 0 ? null : value);
  return threadDistribution({
    index: line.index, cpu: null, samples: line.samples, overflows: 0, histogram: null,
    min: measured(line.min), avg: measured(line.avg), max: measured(line.max),
  });
}
