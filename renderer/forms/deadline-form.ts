import { fractionOf } from './percent.ts';

export type DeadlineReading =
  | { readonly ok: true; readonly deadlineUs: number | null; readonly deadlineFraction: number }
  | { readonly ok: false; readonly problem: string };

const number = (text: string): number => /^\d{1,7}([.,]\d{1,9})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : NaN;

/** A deadline in µs (empty: none) and the percentage of responses that must meet it, as typed. */
export function readDeadline(us: string, percent: string): DeadlineReading {
  const deadlineUs = us.trim() === '' ? null : number(us);
  if (deadlineUs !== null && !(deadlineUs >= 1 && deadlineUs <= 1_000_000)) return { ok: false, problem: 'From 1 to 1 000 000 µs, or empty.' };
  const share = number(percent);
  if (!(share > 0 && share <= 100)) return { ok: false, problem: 'Above 0 and at most 100 %.' };
  return { ok: true, deadlineUs, deadlineFraction: fractionOf(share) };
}
