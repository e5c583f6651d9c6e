import { medianOf, rankSumTest, shiftBetween, smallestP } from '../rank-sum.ts';
import type { FigureDifference, Meaning } from './comparison.ts';
import { unknownFigure, type FigureValue } from './figures.ts';

/** A difference before it is known how many others were tested beside it. */
export type RawDifference = Omit<FigureDifference, 'adjustedP' | 'meaning'> & { readonly untested: Meaning | null; readonly onlyPerhaps: boolean };

/** How sure a difference must be. */
export const significance = 0.05;

export interface Compared {
  readonly baseline: readonly FigureValue[];
  readonly other: readonly FigureValue[];
  readonly resolutionNs: number;
  /** Why nothing may be concluded at all. */
  readonly obstacle: string | null;
  /** Whether a difference means anything: not between results that measure different things. */
  readonly isDrawn: boolean;
  /** Maxima of blocks within the one result of each side, when there is only one of each. */
  readonly blocks: readonly [readonly number[], readonly number[]] | null;
}

/** The median of the repeats, or its bounds where the overflow hides one of them. */
export function medianFigure(values: readonly FigureValue[]): FigureValue {
  const known = values.flatMap(({ ns }) => (ns === null ? [] : [ns]));
  if (values.length === 0) return unknownFigure;
  const bounds = {
    atLeastNs: values.some(({ atLeastNs }) => atLeastNs === null) ? null : medianOf(values.map(({ atLeastNs }) => atLeastNs ?? 0)),
    atMostNs: values.some(({ atMostNs }) => atMostNs === null) ? null : medianOf(values.map(({ atMostNs }) => atMostNs ?? 0)),
  };
  return { ns: known.length === values.length ? medianOf(known) : null, ...bounds };
}

/** Compares the repeats of two sides: the unit is the repeat, however many samples each has. */
export function rawDifference({ baseline, other, resolutionNs, obstacle, isDrawn, blocks }: Compared): RawDifference {
  const none = { ns: null, percent: null, interval: null, p: null, onlyPerhaps: false };
  if (!isDrawn) return { ...none, untested: 'unknown', reason: obstacle };
  const [a, b] = [medianFigure(baseline).ns, medianFigure(other).ns];
  if (a === null || b === null) return { ...none, untested: 'unknown', reason: baseline.length === 0 || other.length === 0 ? 'It was not measured on both sides.' : 'A value is not known or hidden in the overflow.' };
  const ns = Math.round((b - a) * 1000) / 1000;
  const base = { ...none, ns, percent: a === 0 ? null : (100 * ns) / a };
  if (obstacle !== null) return { ...base, untested: 'unknown', reason: obstacle };
  const [before, after] = [baseline.map(({ ns: value }) => value ?? 0), other.map(({ ns: value }) => value ?? 0)];
  if (Math.abs(ns) < resolutionNs) return { ...base, untested: 'equal', reason: null };
  if (smallestP(before.length, after.length) <= significance) {
    const shift = shiftBetween(before, after);
    const interval = shift === null || !Number.isFinite(shift.low) ? null : { lowNs: shift.low, highNs: shift.high };
    return { ...base, interval, p: rankSumTest(before, after)?.p ?? null, untested: null, reason: null };
  }
  if (blocks !== null && smallestP(blocks[0].length, blocks[1].length) <= significance) {
    return { ...base, p: rankSumTest(blocks[0], blocks[1])?.p ?? null, untested: null, onlyPerhaps: true, reason: `Over ${blocks[0].length} and ${blocks[1].length} blocks within one result of each side: that another run would show it again is not known.` };
  }
  return { ...base, untested: 'unknown', reason: tooFew(before.length, after.length) };
}

/** Gives meanings to the differences of one row, adjusted for how many of them were tested. */
export function judged(raw: readonly RawDifference[]): FigureDifference[] {
  const adjusted = hochberg(raw.map(({ p }) => p));
  return raw.map(({ untested, onlyPerhaps, ...difference }, i) => {
    const adjustedP = adjusted[i] ?? null;
    return { ...difference, adjustedP, meaning: untested ?? meaningOf(difference.p, adjustedP, onlyPerhaps) };
  });
}

function meaningOf(p: number | null, adjustedP: number | null, onlyPerhaps: boolean): Meaning {
  if (p === null) return 'unknown';
  if (p > significance) return 'no difference shown';
  return adjustedP !== null && adjustedP <= significance && !onlyPerhaps ? 'different' : 'perhaps different';
}

/** Hochberg's step-up adjustment: valid for figures that rise and fall together, as quantiles of the same results do (Sarkar 1998). */
export function hochberg(ps: ReadonlyArray<number | null>): Array<number | null> {
  const order = ps.flatMap((p, at) => (p === null ? [] : [{ p, at }])).sort((x, y) => y.p - x.p);
  const adjusted: Array<number | null> = ps.map(() => null);
  let least = 1;
  order.forEach(({ p, at }, larger) => {
    least = Math.min(least, (larger + 1) * p);
    adjusted[at] = least;
  });
  return adjusted;
}

function tooFew(a: number, b: number): string {
  if (a === 1 && b === 1) return 'One result of each side: whether another would show the same is not known. Measure each at least four times.';
  return `${a} and ${b} repeats: chance separates so few completely ${Math.round(smallestP(a, b) * 100)} times in 100. Measure each at least four times.`;
}
