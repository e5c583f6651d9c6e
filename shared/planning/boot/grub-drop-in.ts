import type { Capture } from '../../parsers/capture.ts';
import { expandedArguments } from '../../parsers/snapshot/pending-boot.ts';
import { grubDropIns, grubVariablesOf } from './grub-variables.ts';
import { generatorWords, isPlain, nameOf, splitWords } from './kernel-words.ts';
import type { CheckedLine } from './line-request.ts';
import { refuse, type Found } from './refusal.ts';

/** Read after every other: its name sorts last. */
export const dropInPath = '/etc/default/grub.d/zz-rtvm-bench.cfg';

const header = ['# Written by RTVM Bench. It takes this file away again when the change is undone.', '# Run update-grub after a change by hand.'];

/**
 * Text of our drop-in for the wanted line, null when none is needed. Where the wanted line only adds words, it appends to
 * what the other files say; else it states both variables. Refused where grub.cfg is not what these files give, or a kept
 * word cannot be stated safely.
 */
export function grubDropIn(capture: Capture, line: CheckedLine): Found<string | null> {
  const standing = defaultLine(capture, line);
  if ('refused' in standing) return standing;
  const late = lateDropIn(capture);
  if (late !== null) return refuse(`${late} is read after ${dropInPath} and sets the kernel’s line again.`, 'Rename that file so that it sorts earlier, or put the parameters into it by hand.');
  const lines = commandLines(capture, line);
  if ('refused' in lines) return lines;
  const all = [...lines.found, ...standing.found];
  return { found: all.length === 0 ? null : `${[...header, ...all].join('\n')}\n` };
}

function commandLines(capture: Capture, { loader, standard, wanted }: CheckedLine): Found<string[]> {
  const { valueOf, path } = loader.menu.state;
  const expand = (text: string) => splitWords(expandedArguments(`linux image ${text}`, valueOf));
  const now = grubVariablesOf(capture);
  const ours = (capture.lines(dropInPath) ?? []).length > 0;
  if (now.odd !== null) {
    const added = wanted.slice(standard.words.length);
    if (!ours && standard.words.every((word, at) => wanted[at] === word)) return { found: appended(added) };
    return refuse(`What the kernel’s line is made from cannot be read for certain: ${now.odd}`, 'Change that file by hand, or write the line there as a plain assignment.');
  }
  const front = frontOf(standard.words, expand(`${now.linux} ${now.linuxDefault}`));
  if (front === null) return refuse(`${path} is not what update-grub would write now: /etc/default/grub or a drop-in was changed since, or a script of /etc/grub.d adds words.`, 'Run update-grub on the board (it takes over what the files say), look at the line, then plan again.');
  if (front.some((word, at) => wanted[at] !== word)) return refuse(`The line must begin with “${front.join(' ')}”, which the generator of the menu writes.`, 'Take these words over unchanged.');
  const base = grubVariablesOf(capture, dropInPath);
  const own = wanted.slice(front.length);
  const baseWords = expand(`${base.linux} ${base.linuxDefault}`);
  if (baseWords.every((word, at) => own[at] === word)) return { found: appended(own.slice(baseWords.length)) };
  const variable = /\$\w+|\$\{\w+\}/.exec(`${base.linux} ${base.linuxDefault}`)?.[0];
  if (variable !== undefined) return refuse(`Some words come from GRUB’s variable ${variable}, which another program fills.`, 'Change them there (tuned_params: in the tuned profile), or plan only additions.');
  const odd = own.find((word) => !isPlain(word));
  if (odd !== undefined) return refuse(`“${odd}” would have to be written again, and its quotes cannot be kept for certain.`, 'Change the file it stands in by hand; additions alone leave it where it is.');
  const split = splitAt(own, expand(base.linux), expand(base.linuxDefault));
  return { found: [`GRUB_CMDLINE_LINUX="${own.slice(0, split).join(' ')}"`, `GRUB_CMDLINE_LINUX_DEFAULT="${own.slice(split).join(' ')}"`] };
}

const appended = (words: readonly string[]): string[] => (words.length === 0 ? [] : [`GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ${words.join(' ')}"`]);

/** Words the generator puts before the variables’; null when the line is not made of them. */
function frontOf(line: readonly string[], variables: readonly string[]): string[] | null {
  const own = generatorWords(line).length;
  let from = own;
  while (line[from]?.startsWith('rootflags=subvol=') && variables[0] !== line[from]) from++;
  const rest = line.slice(from + variables.length);
  const made = variables.every((word, at) => line[from + at] === word) && rest.every((word) => word.startsWith('vt.handoff'));
  return made && own > 0 ? line.slice(0, from) : null;
}

/** Where the words of recovery entries, too, end and those of normal entries begin: a word stays with the variable it was in. */
function splitAt(own: readonly string[], linux: readonly string[], linuxDefault: readonly string[]): number {
  const normalOnly = own.findIndex((word) => linuxDefault.includes(word) && !linux.includes(word));
  const names = new Set(linux.map(nameOf));
  return own.slice(0, normalOnly < 0 ? own.length : normalOnly).findLastIndex((word) => names.has(nameOf(word))) + 1;
}

/** The line that makes another kernel's entry the default, or keeps the one our drop-in has set before. */
function defaultLine(capture: Capture, { standard, entry }: CheckedLine): Found<string[]> {
  if (entry === standard) return { found: (capture.lines(dropInPath) ?? []).filter((line) => /^GRUB_DEFAULT="[A-Za-z0-9_.:>+-]+"$/.test(line)) };
  const path = entry.kind === 'menu' ? entry.menuEntry.path : null;
  if (path === null) return refuse(`The menu entry of ${entry.release ?? 'that kernel'} has no id by which it could be the default.`, 'Set GRUB_DEFAULT in /etc/default/grub by hand, run update-grub, then plan again.');
  return { found: [`GRUB_DEFAULT="${path}"`] };
}

/** A drop-in the shell reads after ours, in the order of bytes or of a locale, that sets the same variables. */
function lateDropIn(capture: Capture): string | null {
  const folded = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/[^a-z0-9]/gi, '').toLowerCase();
  return grubDropIns(capture).find((path) => path !== dropInPath && (path > dropInPath || folded(path) > folded(dropInPath))
    && (capture.lines(path) ?? []).some((line) => /^\s*[^#]*GRUB_(?:CMDLINE_LINUX|CMDLINE_LINUX_DEFAULT)\+?=/.test(line))) ?? null;
}
