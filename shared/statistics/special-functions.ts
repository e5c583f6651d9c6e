/** Largest number of steps of a continued fraction; it needs about the square root of its larger argument. */
const maximumSteps = 1_000_000;
const tiny = 1e-300;

/** What Stirling's formula leaves out of ln Γ(z), for z > 0: z is lifted above 10 first, where the series is exact to 1e-16. */
function stirlingRemainder(z: number): number {
  let lifted = z;
  let correction = 0;
  while (lifted < 10) {
    // ln Γ(z) = ln Γ(z + 1) − ln z, written in remainders.
    correction += (lifted + 0.5) * Math.log1p(1 / lifted) - 1;
    lifted++;
  }
  const square = 1 / (lifted * lifted);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * 691 / 360360))))) / lifted;
  return series + correction;
}

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** ln Γ(z) for z > 0. */
export const logGamma = (z: number) => (z - 0.5) * Math.log(z) - z + halfLogTwoPi + stirlingRemainder(z);

/** ln B(a, b), without the cancellation that differences of large ln Γ suffer: which would leave no digit at 10^10 samples. */
function logBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  const ratio = small + (0.5 - large - small) * Math.log1p(small / large) - small * Math.log(large) + stirlingRemainder(large) - stirlingRemainder(large + small);
  return logGamma(small) + ratio;
}

/** The regularised incomplete beta function I_x(a, b) for a, b > 0: the chance that a Beta(a, b) value is below x. */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** Lentz's method for the continued fraction of the incomplete beta function. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= maximumSteps; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

/** The chance of at most k events where the mean is `mean`: the regularised upper incomplete gamma function Q(k + 1, mean). */
export function poissonAtMost(k: number, mean: number): number {
  if (mean <= 0) return 1;
  const a = k + 1;
  const front = Math.exp(a * Math.log(mean) - mean - logGamma(a));
  if (mean < a + 1) {
    let term = 1 / a;
    let total = term;
    for (let i = 1; i <= maximumSteps && term > total * 1e-16; i++) {
      term *= mean / (a + i);
      total += term;
    }
    return 1 - front * total;
  }
  let b = mean + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let i = 1; i <= maximumSteps; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / guarded(numerator * d + b);
    c = guarded(b + numerator / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * value;
}

const guarded = (value: number) => (Math.abs(value) < tiny ? tiny : value);
