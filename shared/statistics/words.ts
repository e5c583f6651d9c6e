// Made once: `toLocaleString` makes one for every number, which was most of the time that a result took.
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const thousandths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });
const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** 43200000 → "43,200,000". */
export const countInWords = (count: number) => whole.format(count);

/** A time as a person would say it, in at most two units: "45 s", "20 min", "5 h 33 min", "2 d 8 h". */
export function durationInWords(seconds: number): string {
  if (seconds < 1) return `${precise(seconds * 1000)} ms`;
  if (seconds < 60) return `${precise(seconds)} s`;
  const units = [['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  const [name, size] = units[first] ?? ['s', 1];
  const [smallName, smallSize] = units[first + 1] ?? ['s', 1];
  const small = Math.floor((seconds % size) / smallSize);
  return `${Math.floor(seconds / size)} ${name}${small === 0 ? '' : ` ${small} ${smallName}`}`;
}

/** A share as "1 in 20,000", rounded down so that it never claims more than was shown. */
export const shareInWords = (share: number) => (share > 0.1 ? `${precise(share * 100)} %` : `1 in ${countInWords(Math.floor(1 / share + 1e-6))}`);

/** A latency: "99 µs", "12.5 µs". */
export const latencyInWords = (us: number) => `${thousandths.format(us)} µs`;

const precise = (value: number) => threeDigits.format(value);
