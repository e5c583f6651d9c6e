import { z } from 'zod';
import { valuesAtRanks } from '../nearest-rank.ts';
import { supportedPercentiles } from '../percentiles.ts';
import type { MeasuredLine } from './measured-result.ts';

/** A figure of one repeat: its value, and between which bounds it lies where the overflow hides it. */
export const figureValueSchema = z.object({ ns: z.number().nullable(), atLeastNs: z.number().nullable(), atMostNs: z.number().nullable() }).readonly();
export type FigureValue = z.infer<typeof figureValueSchema>;

export const unknownFigure: FigureValue = { ns: null, atLeastNs: null, atMostNs: null };

/** The name of a quantile: 0.999 is "p99.9". */
export const quantileName = (p: number): string => `p${Number((p * 100).toPrecision(12))}`;

/** The fraction of "p99.9"; null for anything else. */
export function quantileOf(name: string): number | null {
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?)$/.exec(name)?.[1];
  const fraction = percent === undefined ? 0 : Number((Number(percent) / 100).toPrecision(12));
  return fraction > 0 && fraction < 1 ? fraction : null;
}

/** The figures a line supports with their values, in order: smallest, average, quantiles with ten samples above them, maximum. */
export function figureValues(line: MeasuredLine): ReadonlyMap<string, FigureValue> {
  const known = valuesByLine.get(line);
  if (known !== undefined) return known;
  const values = new Map(valuesOf(line));
  valuesByLine.set(line, values);
  return values;
}

/** A line is looked at by itself and as one of its kind: its figures are worked out once. */
const valuesByLine = new WeakMap<MeasuredLine, ReadonlyMap<string, FigureValue>>();

function valuesOf({ distribution, resolutionNs: resolution, boundNs }: MeasuredLine): Array<[string, FigureValue]> {
  const { samples, buckets, minNs, avgNs, maxNs: max } = distribution;
  if (samples <= 0) return [];
  const ps = buckets.length === 0 ? [] : supportedPercentiles(samples);
  const overflowStart = Math.max(boundNs ?? 0, (buckets.at(-1)?.[0] ?? 0) + resolution);
  const quantiles = valuesAtRanks({ samples, buckets, max, resolution, overflowStart }, ps)
    .map(({ value, atLeast, atMost }, i): [string, FigureValue] => [quantileName(ps[i] ?? 0), { ns: value, atLeastNs: atLeast, atMostNs: atMost }]);
  return [['min', exactly(minNs)], ['avg', exactly(avgNs)], ...quantiles, ['max', exactly(max)]];
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

const exactly = (ns: number | null): FigureValue => ({ ns, atLeastNs: ns, atMostNs: ns });
