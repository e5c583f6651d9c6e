import { kernelWordSchema } from '../../model/plan.ts';
import { refuse, type Found } from './refusal.ts';

export { splitWords } from '../kernel-command-line/command-line.ts';

/** COMMAND_LINE_SIZE of x86 is 2048, its ending zero among them (arch/x86/include/asm/setup.h); GRUB and the kernel cut off what is longer. */
export const maximumLineLength = 2047;
const closeToFull = 1800;

/** The part before `=`, with `-` as `_`: the kernel takes them as equal. */
export const nameOf = (word: string): string => (word.split('=')[0] ?? word).replaceAll('-', '_');

/** Means nothing to a shell between double quotes, nor to GRUB. An asterisk is none of ours, but stands on lines of ECI. */
export const isPlain = (word: string): boolean => kernelWordSchema.safeParse(word.replaceAll('*', '')).success || word === '*';

/**
 * Every word that is new must be plain; one that stands on the board's line already (`kept`) may be odd, and is then
 * left where it is or quoted, but never one that no quotes can hold.
 */
export function checkWords(wanted: readonly string[], kept: ReadonlySet<string>): Found<readonly string[]> {
  const odd = wanted.find((word) => (kept.has(word) ? !/^[\x20-\x7e]+$/.test(word) || /['\\`]/.test(word) : !kernelWordSchema.safeParse(word).success));
  if (odd === undefined) return { found: wanted };
  return refuse(`“${shorten(odd)}” has characters that a shell or GRUB could take for something else.`, 'Leave this word out, or write it into the boot loader’s file by hand.');
}

/** Refuses a line the kernel would cut off. `found`: something to say of a line that is almost full; else empty. */
export function checkLength(image: string, wanted: readonly string[]): Found<readonly string[]> {
  const length = `BOOT_IMAGE=${image} ${wanted.join(' ')}`.length;
  if (length > maximumLineLength) {
    return refuse(`The command line would have ${length} characters; an x86 kernel reads ${maximumLineLength} and loses the rest.`, 'Shorten it: write CPU lists as ranges (2-15, not 2,3,4 …) and leave out what is not needed.');
  }
  return { found: length > closeToFull ? [`The command line has ${length} of at most ${maximumLineLength} characters.`] : [] };
}

/** The words the generator of menu entries writes itself: up to `ro` or `rw`, after `root=`. Empty where they are not there. */
export function generatorWords(words: readonly string[]): string[] {
  const end = words.findIndex((word) => word === 'ro' || word === 'rw');
  const own = words.slice(0, end + 1);
  return own.some((word) => word.startsWith('root=')) ? own : [];
}

/** A character by its number, for what cannot be shown. */
export const codePointOf = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text).replaceAll(/[\p{Cc}\p{Cf}]/gu, codePointOf);
