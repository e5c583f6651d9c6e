import { valueAtRank } from '../nearest-rank.ts';
import { supportedPercentiles } from '../percentiles.ts';
import type { MeasuredLine } from './measured-result.ts';

/** A figure of one repeat: its value, and between which bounds it lies where the overflow hides it. */
export interface FigureValue { readonly ns: number | null; readonly atLeastNs: number | null; readonly atMostNs: number | null }

export const unknownFigure: FigureValue = { ns: null, atLeastNs: null, atMostNs: null };

/** The name of a quantile: 0.999 is "p99.9". */
export const quantileName = (p: number): string => `p${Number((p * 100).toPrecision(12))}`;

/** The fraction of "p99.9"; null for anything else. */
export function quantileOf(name: string): number | null {
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?)$/.exec(name)?.[1];
  const fraction = percent === undefined ? 0 : Number((Number(percent) / 100).toPrecision(12));
  return fraction > 0 && fraction < 1 ? fraction : null;
}

/** The figures a line supports, in order: smallest, average, quantiles with ten samples above them, maximum. */
export function figuresOf({ distribution: { samples, buckets } }: MeasuredLine): string[] {
  const quantiles = buckets.length === 0 ? [] : supportedPercentiles(samples).map(quantileName);
  return samples > 0 ? ['min', 'avg', ...quantiles, 'max'] : [];
}

export function figureOf(line: MeasuredLine, figure: string): FigureValue {
  const { distribution } = line;
  if (distribution.samples <= 0) return unknownFigure;
  if (figure === 'min') return known(distribution.minNs);
  if (figure === 'avg') return known(distribution.avgNs);
  if (figure === 'max') return known(distribution.maxNs);
  const p = quantileOf(figure);
  if (p === null || distribution.buckets.length === 0) return unknownFigure;
  const { samples, buckets, maxNs: max } = distribution;
  const afterLast = (buckets.at(-1)?.[0] ?? 0) + line.resolutionNs;
  const { value, atLeast, atMost } = valueAtRank({ samples, buckets, max, resolution: line.resolutionNs, overflowStart: Math.max(line.boundNs ?? 0, afterLast) }, p);
  return { ns: value, atLeastNs: atLeast, atMostNs: atMost };
}

/** The largest of several lines of one repeat: what the worst CPU shows. Lines are never pooled. */
export function worstOf(values: readonly FigureValue[]): FigureValue {
  if (values.length === 0 || values.some(({ atMostNs, ns }) => ns === null && atMostNs === null)) return unknownFigure;
  const atLeastNs = Math.max(...values.map(({ ns, atLeastNs: least }) => least ?? ns ?? 0));
  const atMostNs = Math.max(...values.map(({ ns, atMostNs: most }) => most ?? ns ?? Infinity));
  const largestKnown = Math.max(-Infinity, ...values.map(({ ns }) => ns ?? -Infinity));
  const hiddenLarger = values.some(({ ns, atMostNs: most }) => ns === null && (most ?? Infinity) > largestKnown);
  return { ns: hiddenLarger ? null : largestKnown, atLeastNs, atMostNs };
}

const known = (ns: number | null): FigureValue => ({ ns, atLeastNs: ns, atMostNs: ns });
