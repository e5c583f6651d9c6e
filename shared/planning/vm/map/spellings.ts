import { z } from 'zod';
import { parseByteSize } from '../../../parsers/byte-size.ts';
import { parseCpuList } from '../../../parsers/cpu-list.ts';

/** Spellings of values in a map file that people and other tools use, each read to the one form the map has. */

export const wholeNumber = z.union([z.int().min(0), z.string().regex(/^\s*\d{1,6}\s*$/).transform(Number)], { error: 'must be a whole number' });

function failWith(context: z.core.$RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

const sorted = (numbers: readonly number[]) => [...new Set(numbers)].sort((a, b) => a - b);

const listText = z.string().transform((text, context) => {
  const list = parseCpuList(text);
  return list.ok ? list.value : failWith(context, list.error.message);
});

/** `[2,3,8]`, `"2-3,8"`, `2` → [2,3,8]. */
export const numberList = z.union([z.array(wholeNumber).transform(sorted), z.int().min(0).transform((one) => [one]), listText], { error: 'must be numbers as in [2, 3, 8] or "2-3,8"' });

const mostNumbers = 8192;

/** As `numberList`, but in the order written: `"8,4"` is 8, then 4. */
export const orderedNumbers = z.union([
  z.array(wholeNumber).min(1, 'must name at least one number').max(mostNumbers),
  z.string().transform((text, context) => {
    const numbers: number[] = [];
    for (const part of text.split(/[\s,]+/)) {
      const list = parseCpuList(part);
      if (list.ok && numbers.length + list.value.length <= mostNumbers) numbers.push(...list.value);
      else return failWith(context, 'must be numbers and ranges');
    }
    return numbers.length > 0 ? numbers : failWith(context, 'must name at least one number');
  }),
], { error: 'must be numbers as in [4, 6, 8] or "4,6,8"' });

/** `"8MiB"`, `"6815744"`, 6815744 → bytes. */
export const byteSize = z.union([z.int().min(0), z.string()]).transform((size, context) => {
  if (typeof size === 'number') return size;
  const bytes = parseByteSize(size);
  return bytes.ok && Number.isInteger(bytes.value) ? bytes.value : failWith(context, 'must be a size in whole bytes, such as "8MiB" or 6815744');
});

/** `60`, `"60"`, `"60%"` → 60. */
export const percent = z.union([z.number(), z.string().regex(/^\s*\d{1,3}\s*%?\s*$/).transform((text) => Number.parseInt(text, 10))], { error: 'must be a percentage, such as 60' })
  .pipe(z.int({ error: 'must be a whole percentage, from 1 to 100' }).min(1, 'must be from 1 to 100').max(100, 'must be from 1 to 100'));

/** `"0000:03:00.0"`, `"03:00.0"`, as lspci prints them. */
export const pciAddress = z.string().transform((text, context) => {
  const [, domain, bus, slot, part] = /^\s*(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])\s*$/i.exec(text) ?? [];
  if (bus === undefined) return failWith(context, 'must be a PCI address as lspci -D prints it, such as "0000:03:00.0"');
  const [domainNumber = 0, busNumber = 0, slotNumber = 0] = [domain ?? '0', bus, slot].map((digits) => Number.parseInt(digits ?? '0', 16));
  return { domain: domainNumber, bus: busNumber, slot: slotNumber, function: Number(part) };
});

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lets a key have other names too. A map that has both keeps both, so that the strict schema behind it names the second. */
export const withAliases = <Schema extends z.ZodType>(aliases: Readonly<Record<string, string>>, schema: Schema) => z.preprocess((value) => {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => {
    const name = Object.hasOwn(aliases, key) ? aliases[key] : undefined;
    return [name === undefined || Object.hasOwn(value, name) ? key : name, entry];
  }));
}, schema);

/** `true`, `"keep"` keep a part as found; `false`, `"off"`, `"none"`, `"remove"`, `"tune"` tune it. */
export const choice = z.unknown().transform((value) => {
  if (value === true || value === 'keep') return 'keep';
  return value === false || value === 'off' || value === 'none' || value === 'remove' ? 'tune' : value;
}).pipe(z.enum(['tune', 'keep'], { error: 'must be "keep" or "remove"' }));
