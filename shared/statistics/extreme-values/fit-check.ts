import { extremeValueCdf, extremeValueQuantile, fitExtremeValues, type ExtremeValueParameters } from './generalised-extreme-value.ts';
import { seededRandom } from './seeded-random.ts';

/** How well a distribution fits the block maxima it was fitted to, and how far it could lie off. */
export interface FitCheck {
  /** Largest distance of the two distribution functions (Kolmogorov-Smirnov). */
  readonly distance: number;
  /** How often maxima that do come from the fitted distribution lie as far off or farther. */
  readonly p: number;
  /** For each chance asked for: the level that 95 % of the simulated fits stay under. */
  readonly upperLevels: readonly number[];
}

const simulations = 499;

/**
 * Kolmogorov and Smirnov's distance, with its p from simulation: the usual tables are wrong where the parameters were fitted to
 * the same values, and where these are truncated to whole steps. `maxima` are truncated to `resolution`.
 */
export function checkFit(maxima: readonly number[], fitted: ExtremeValueParameters, resolution: number, chances: readonly number[]): FitCheck {
  const distance = distanceFrom(maxima, fitted, resolution);
  const random = seededRandom(maxima.length);
  const levels: number[][] = chances.map(() => []);
  let farther = 0;
  for (let i = 0; i < simulations; i++) {
    const simulated = maxima.map(() => truncated(extremeValueQuantile(random(), fitted), resolution));
    const again = fitTruncated(simulated, resolution);
    if (again === null) continue;
    if (distanceFrom(simulated, again, resolution) >= distance - 1e-12) farther++;
    chances.forEach((chance, at) => levels[at]?.push(extremeValueQuantile(chance, again)));
  }
  return { distance, p: (farther + 1) / (simulations + 1), upperLevels: levels.map(percentile95) };
}

/** A truncated value v stands for latencies from v up to v + resolution: it is fitted by its middle. */
export const fitTruncated = (maxima: readonly number[], resolution: number): ExtremeValueParameters | null =>
  fitExtremeValues(maxima.map((value) => value + resolution / 2));

/** Compared where truncation does not blur: all latencies under v + resolution were counted as v or less. */
function distanceFrom(maxima: readonly number[], fitted: ExtremeValueParameters, resolution: number): number {
  const ordered = [...maxima].sort((a, b) => a - b);
  let largest = 0;
  ordered.forEach((value, i) => {
    const upTo = i + 1 < ordered.length && ordered[i + 1] === value ? null : (i + 1) / ordered.length;
    if (upTo !== null) largest = Math.max(largest, Math.abs(upTo - extremeValueCdf(value + resolution, fitted)));
    // Below the smallest value nothing was counted.
    if (i === 0) largest = Math.max(largest, extremeValueCdf(value, fitted));
  });
  return largest;
}

const truncated = (value: number, resolution: number) => Math.floor(value / resolution) * resolution;

const percentile95 = (values: number[]) => values.sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Infinity;
