import { CodedError } from '../contract/errors.ts';
import { failed, ok, type Result } from '../contract/result.ts';

const factors: Readonly<Record<string, number>> = {
  '': 1, b: 1, k: 2 ** 10, kib: 2 ** 10, m: 2 ** 20, mib: 2 ** 20, g: 2 ** 30, gib: 2 ** 30, t: 2 ** 40, tib: 2 ** 40, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12,
};

/** `60MiB`, `8M`, `512 KiB`, `6815744` → bytes. `K M G` are binary, as in sysfs; `kB MB GB` decimal. Errors: `bad-usage`. */
export function parseByteSize(text: string): Result<number> {
  const [, digits, unit] = /^\s*(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]{0,3})\s*$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : factors[unit.toLowerCase()];
  if (digits === undefined || factor === undefined) {
    return failed(new CodedError('bad-usage', `“${text.slice(0, 40)}” is not a size.`, { next: 'Write a number with a unit, such as 8MiB or 6815744.' }));
  }
  return ok(Number(digits) * factor);
}
