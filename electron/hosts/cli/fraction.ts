import { CodedError } from '../../../shared/contract/errors.ts';

/** A fraction of responses as people write it: `0.9999` or `99.99%`. Errors: `bad-usage`. */
export function fractionOf(text: string): number {
  const [, digits, percent] = /^(\d{1,3}(?:\.\d{1,12})?)\s*(%?)$/.exec(text.trim()) ?? [];
  const fraction = Number(digits) / (percent === '%' ? 100 : 1);
  if (digits === undefined || !(fraction > 0 && fraction <= 1)) throw new CodedError('bad-usage', `“${text}” is no fraction.`, { next: 'Write 0.9999 or 99.99%.' });
  return Number(fraction.toPrecision(12));
}
