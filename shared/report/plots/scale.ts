/** Where values lie on an axis, px. */
export interface Scale {
  at(value: number): number;
  /** Whether a value lies within the axis; `at` puts what does not at its end. */
  has(value: number): boolean;
  readonly ticks: ReadonlyArray<{ readonly value: number; readonly label: string }>;
}

/** An axis by powers of ten from `low` to `high`, both above 0. */
export function logScale(low: number, high: number, from: number, to: number, label: (value: number) => string): Scale {
  const [first, last] = [Math.log10(low), Math.log10(Math.max(high, low * 10))];
  const at = (value: number) => round(from + ((Math.log10(Math.max(value, low)) - first) / (last - first)) * (to - from));
  const end = 10 ** last * 1.0001;
  const [lowest, highest] = [Math.floor(first + 1e-9), Math.floor(last + 1e-9)];
  const step = Math.max(1, Math.ceil((highest - lowest) / 8));
  const digits = highest - lowest < 3 ? [1, 2, 5] : [1];
  const decades = Array.from({ length: Math.floor((highest - lowest) / step) + 1 }, (_, i) => highest - i * step).reverse();
  const values = decades.flatMap((decade) => digits.map((digit) => digit * 10 ** decade)).filter((value) => value >= low * 0.9999 && value <= end);
  return { at, has: (value) => value >= low && value <= end, ticks: values.map((value) => ({ value, label: label(value) })) };
}

/** An axis in equal steps of 1, 2 or 5 times a power of ten, from 0 to at least `high`. */
export function linearScale(high: number, from: number, to: number, label: (value: number) => string): Scale {
  const rough = Math.max(high, 1e-9) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  return stepped(power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10), high, from, to, label);
}

const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800];

/** An axis of seconds, in steps that clocks know. */
export const timeScale = (high: number, from: number, to: number, label: (seconds: number) => string): Scale =>
  stepped(timeSteps.find((step) => step >= high / 8) ?? 604_800, high, from, to, label);

function stepped(step: number, high: number, from: number, to: number, label: (value: number) => string): Scale {
  const count = Math.max(1, Math.ceil(high / step - 1e-9));
  const top = count * step;
  return {
    at: (value) => round(from + (Math.min(value, top) / top) * (to - from)),
    has: (value) => value >= 0 && value <= top,
    ticks: Array.from({ length: count + 1 }, (_, i) => ({ value: i * step, label: label(Number((i * step).toPrecision(12))) })),
  };
}

/** A tenth of a pixel is less than anybody sees. */
export const round = (pixels: number): number => Math.round(pixels * 10) / 10;
