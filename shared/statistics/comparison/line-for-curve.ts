import type { MeasuredLine, MeasuredResult } from './measured-result.ts';

/** The line of a result that is drawn: the one of this key, or of all that have counts the one with the longest latency. Lines are never put together. */
export function lineForCurve({ lines }: MeasuredResult, key: string | null): MeasuredLine | null {
  const drawable = lines.filter(({ distribution }) => distribution.samples > 0 && distribution.buckets.length > 0);
  if (key !== null) return drawable.find((line) => line.key === key) ?? null;
  return drawable.reduce<MeasuredLine | null>((worst, line) => (worst === null || longest(line) > longest(worst) ? line : worst), null);
}

const longest = ({ distribution }: MeasuredLine) => distribution.maxNs ?? distribution.buckets.at(-1)?.[0] ?? 0;
