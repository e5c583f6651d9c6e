import { CodedError } from '../../../shared/contract/errors.ts';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90`, `90s`, `10m`, `24h`, `7d` → seconds. Whole numbers only: cyclictest reads `1.5h` as one second. Errors: `bad-usage`. */
export function durationSeconds(text: string): number {
  const [, digits, unit] = /^(\d{1,9})([smhd]?)$/.exec(text.trim()) ?? [];
  const seconds = digits === undefined ? 0 : Number(digits) * (unitSeconds[unit || 's'] ?? 1);
  if (seconds < 1) throw new CodedError('bad-usage', `“${text}” is not a duration.`, { next: 'Write a whole number of seconds, or with a unit: 90s, 10m, 24h, 7d.' });
  return seconds;
}
