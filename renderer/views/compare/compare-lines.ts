import type { Curve } from '../../../shared/model/compare.ts';
import { sideStyle } from '../../plots/line-style.ts';
import { exceedanceSeriesOf } from '../../plots/exceedance-series.ts';
import type { ShownCurve } from '../../plots/exceedance-scene.ts';
import { seriesOf } from '../../plots/histogram-series.ts';
import type { ShownSeries } from '../../plots/histogram-series.ts';
import { sideLetter } from './side-letter.ts';

export interface ComparedLines { readonly histogram: ShownSeries[]; readonly exceedance: ShownCurve[]; readonly boundUs: number }

/** Lines of a comparison's plots: a side has one colour and pattern, its repeats are drawn alike. */
export function linesOfCurves(curves: readonly Curve[], sides: readonly (readonly string[])[]): ComparedLines {
  const drawn = curves.flatMap((curve) => {
    const side = sides.findIndex((runs) => runs.includes(curve.runId));
    const runs = sides[side];
    return runs === undefined ? [] : [{ curve, style: sideStyle(side), label: runs.length > 1 ? `${sideLetter(side)}${String(runs.indexOf(curve.runId) + 1)}` : sideLetter(side) }];
  });
  return {
    histogram: drawn.map(({ curve, style, label }) => ({ series: seriesOf({ index: 0, ...inMicroseconds(curve) }, label, null), style, strong: true })),
    exceedance: drawn.map(({ curve, style, label }) => ({ series: exceedanceSeriesOf(curve, label), style })),
    boundUs: Math.max(1, ...drawn.map(({ curve: { boundNs, distribution } }) => (boundNs ?? (distribution.buckets.at(-1)?.[0] ?? 0) + 1000) / 1000)),
  };
}

/** The plot's steps are whole µs: finer buckets are counted in the µs they lie in. */
function inMicroseconds({ distribution: { samples, minNs, avgNs, maxNs, overflows, buckets } }: Curve) {
  const counts = new Map<number, number>();
  for (const [edgeNs, count] of buckets) {
    const us = Math.floor(edgeNs / 1000);
    counts.set(us, (counts.get(us) ?? 0) + count);
  }
  const us = (ns: number | null) => (ns === null ? null : ns / 1000);
  return { samples, minUs: us(minNs), avgUs: us(avgNs), maxUs: us(maxNs), overflows, histogram: [...counts].sort(([a], [b]) => a - b) };
}
