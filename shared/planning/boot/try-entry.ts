import type { Capture } from '../../parsers/capture.ts';
import type { LoaderEntry } from '../../parsers/snapshot/loader-entries.ts';
import type { MenuEntry } from './grub-menu.ts';
import { isPlain } from './kernel-words.ts';
import { refuse, type Found } from './refusal.ts';

export const tryEntryId = 'rtvm-bench-try';
export const tryLoaderEntryPath = `/boot/loader/entries/${tryEntryId}.conf`;

/** Lines an entry that is started once must not have: they would remember it, or lengthen the wait of the next start. */
const remembering = /^(?:recordfail|savedefault|save_env)\b/;

/**
 * A menu entry of our own: that of an ordinary start, with other words for the kernel. Refused where the capture does not
 * hold the whole entry, or a word cannot be written.
 */
export function tryMenuEntry(entry: MenuEntry, title: string, wanted: readonly string[]): Found<readonly string[]> {
  if (!entry.body.some((line) => /^(?:initrd|initrdefi|initrd16|search|insmod)\b/.test(line))) return refuse('The capture holds only a part of GRUB’s menu.', 'Take a new capture of the board.');
  const [command = 'linux'] = entry.linux.split(/\s/);
  if (!/^[A-Za-z0-9_.,:+@()/~-]+$/.test(entry.image)) return refuse(`GRUB’s name of the kernel, “${entry.image}”, is too odd to be written again.`, 'Write the line without trying it.');
  const body = entry.body.filter((line) => !remembering.test(line)).map((line) => (line === entry.linux ? `${command}\t${entry.image} ${wanted.map(grubWord).join(' ')}` : line));
  const unrestricted = /\s--unrestricted\b/.test(entry.header) ? '--unrestricted ' : '';
  return { found: [`menuentry '${title}' ${unrestricted}--id ${tryEntryId} {`, ...body.map((line) => `\t${line}`), '}'] };
}

/** GRUB puts a word with blanks back into quotes for the kernel. */
const grubWord = (word: string): string => (isPlain(word) && !word.includes('*') ? word : `'${word.replaceAll('"', '')}'`);

/** The same as a file of the Boot Loader Specification; keys that would tie it to the kernel’s package are left out. */
export function tryLoaderEntry(capture: Capture, entry: LoaderEntry, title: string, wanted: readonly string[]): Found<string> {
  const odd = wanted.find((word) => !isPlain(word));
  if (odd !== undefined) return refuse(`“${odd}” cannot be written into a boot entry for certain.`, 'Leave it out, or write the line by hand.');
  const lines = (capture.lines(entry.path) ?? []).filter((line) => !/^\s*(?:title|options|id|version|sort-key)\s/.test(line));
  if (!lines.some((line) => /^\s*linux\s/.test(line))) return refuse(`${entry.path} names no kernel.`, 'Take a new capture of the board.');
  return { found: [`title ${title}`, 'version 0', ...lines, `options ${wanted.join(' ')}`, ''].join('\n') };
}
