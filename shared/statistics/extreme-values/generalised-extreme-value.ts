import { logGamma } from '../special-functions.ts';

/**
 * The generalised extreme-value distribution, to which the maxima of long blocks tend (Fisher, Tippett, Gnedenko). `shape` 0 is
 * Gumbel's distribution; above 0 the tail is heavier, below 0 there is an upper end (Hosking writes k = −shape).
 */
export interface ExtremeValueParameters { readonly location: number; readonly scale: number; readonly shape: number }

const eulerGamma = 0.5772156649015329;

/** The chance that a maximum is at most x. */
export function extremeValueCdf(x: number, { location, scale, shape }: ExtremeValueParameters): number {
  const z = (x - location) / scale;
  if (Math.abs(shape) < 1e-9) return Math.exp(-Math.exp(-z));
  const inner = 1 + shape * z;
  if (inner <= 0) return shape > 0 ? 0 : 1;
  return Math.exp(-(inner ** (-1 / shape)));
}

/** The value that a maximum is at most with chance 1 − `above`, for tiny `above` too. */
export function extremeValueQuantile(above: number, { location, scale, shape }: ExtremeValueParameters): number {
  const reduced = -Math.log1p(-above);
  if (Math.abs(shape) < 1e-9) return location - scale * Math.log(reduced);
  return location + (scale * (reduced ** -shape - 1)) / shape;
}

/** The first two sample L-moments and the L-skewness, from unbiased probability-weighted moments. Needs three values. */
export function sampleLMoments(values: readonly number[]): { mean: number; scale: number; skewness: number } {
  const ordered = [...values].sort((a, b) => a - b);
  const n = ordered.length;
  let b0 = 0, b1 = 0, b2 = 0;
  ordered.forEach((value, i) => {
    b0 += value;
    b1 += (value * i) / (n - 1);
    b2 += (value * i * (i - 1)) / ((n - 1) * (n - 2));
  });
  const mean = b0 / n;
  const scale = (2 * b1) / n - mean;
  return { mean, scale, skewness: scale === 0 ? 0 : ((6 * b2) / n - (6 * b1) / n + mean) / scale };
}

/**
 * Fits by L-moments (Hosking, Wallis and Wood 1985), which are steady for few blocks where maximum likelihood is not. A shape below 0
 * would claim an upper end of all latencies: it is never claimed, Gumbel's distribution is fitted instead. Null when all values are equal.
 */
export function fitExtremeValues(values: readonly number[]): ExtremeValueParameters | null {
  if (values.length < 3) return null;
  const { mean, scale: l2, skewness } = sampleLMoments(values);
  if (!(l2 > 0)) return null;
  const shape = shapeOf(skewness);
  if (shape < 1e-6) {
    const scale = l2 / Math.LN2;
    return { location: mean - eulerGamma * scale, scale, shape: 0 };
  }
  const k = -shape;
  const gamma = Math.exp(logGamma(1 + k));
  const scale = (l2 * k) / ((1 - 2 ** shape) * gamma);
  return { location: mean - (scale * (1 - gamma)) / k, scale, shape };
}

/** The shape whose L-skewness 2 (1 − 3^shape) / (1 − 2^shape) − 3 this is; 0 for Gumbel's 0.1699 and anything below. */
function shapeOf(skewness: number): number {
  const skewnessOf = (shape: number) => (2 * Math.expm1(shape * Math.log(3))) / Math.expm1(shape * Math.LN2) - 3;
  if (skewness <= skewnessOf(1e-6)) return 0;
  let low = 1e-6;
  let high = 0.99;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (skewnessOf(middle) < skewness) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
