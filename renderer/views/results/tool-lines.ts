import type { Distribution } from '../../../shared/parsers/tool-output.ts';
import { lineStyle } from '../../plots/line-style.ts';
import { seriesOf } from '../../plots/histogram-series.ts';
import type { ResultLine } from './result-lines.ts';

/** Distributions of a tool as lines of the histogram plot, whose buckets are whole µs: finer ones are added up. Those without buckets are left out. */
export function linesOfDistributions(distributions: readonly Distribution[]): ResultLine[] {
  return distributions.filter(({ buckets }) => buckets.length > 0).map(({ label, cpu, samples, minNs, avgNs, maxNs, overflows, buckets }, at) => {
    const byUs = new Map<number, number>();
    for (const [ns, count] of buckets) byUs.set(Math.floor(ns / 1000), (byUs.get(Math.floor(ns / 1000)) ?? 0) + count);
    const us = (ns: number | null) => (ns === null ? null : ns / 1000);
    const thread = { index: at, samples, minUs: us(minNs), avgUs: us(avgNs), maxUs: us(maxNs), overflows, histogram: [...byUs] };
    return { series: seriesOf(thread, label, cpu ?? at), style: lineStyle(at), strong: false };
  });
}

/** Where the plot ends: just after the last bucket. */
export const lastBucketUs = (distributions: readonly Distribution[]): number =>
  Math.max(1, ...distributions.map(({ buckets }) => Math.floor((buckets.at(-1)?.[0] ?? 0) / 1000) + 1));
