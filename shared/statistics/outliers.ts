import { medianOf } from './rank-sum.ts';

/** One CPU's figure among those of its kind. */
export interface CpuFigure { readonly name: string; readonly value: number }

export interface Outlier extends CpuFigure {
  readonly median: number;
  /** Distance from the median in units of the spread (modified z-score). */
  readonly score: number;
}

/** Beyond this a figure is called an outlier (Iglewicz and Hoaglin 1993). */
const limit = 3.5;

/** With fewer CPUs the spread of the others is not known. */
export const leastForOutliers = 4;

/**
 * CPUs that stand out from the others of the same kind in the same run, by the modified z-score 0.6745 · (x − median) / MAD. The spread is
 * never taken to be smaller than the resolution of the values, so that CPUs a single step apart are no outliers. The farthest first.
 */
export function outliersOf(figures: readonly CpuFigure[], resolution: number): Outlier[] {
  if (figures.length < leastForOutliers) return [];
  const median = medianOf(figures.map(({ value }) => value));
  const spread = Math.max(medianOf(figures.map(({ value }) => Math.abs(value - median))), resolution);
  return figures
    .map((figure) => ({ ...figure, median, score: (0.6745 * (figure.value - median)) / spread }))
    .filter(({ score }) => Math.abs(score) > limit)
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score));
}
