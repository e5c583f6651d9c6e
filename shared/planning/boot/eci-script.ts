import type { Capture } from '../../parsers/capture.ts';
import type { GrubMenu, MenuEntry } from './grub-menu.ts';
import { isPlain, nameOf, splitWords } from './kernel-words.ts';
import { refuse, type Found } from './refusal.ts';

/** The script of Edge Controls for Industrial that wrote the entry of an ordinary start; null when another did. */
export function eciScriptOf(capture: Capture, { standard }: GrubMenu): string | null {
  if (standard === null) return null;
  const scripts = capture.paths(/^\/etc\/grub\.d\/\d+_eci[^/]*$/).sort();
  return scripts.find((path) => (capture.lines(path) ?? []).some((line) => isLinuxLine(line, standard) || variablesIn(standard.linux).some((name) => settingIn(line, name) !== null))) ?? null;
}

/** Where in the script the words of the line stand: lines `before` and `after` them, and the words as written and as they end up. */
interface Carrier {
  readonly index: number;
  readonly before: string;
  readonly after: string;
  readonly raw: readonly string[];
  readonly expanded: readonly string[];
  /** Words of the entry in front of those, which the script writes by itself, and behind them. */
  readonly front: readonly string[];
  readonly behind: readonly string[];
}

/**
 * The script with the wanted words, which are those of the whole line. Words that do not change stay as written; a CPU
 * list that stands in a variable (`isolcpus=…`, as the ECI documents have it edited) is changed there. Refused where the
 * place of the words cannot be told for certain.
 */
export function editEciScript(path: string, lines: readonly string[], entry: MenuEntry, valueOf: (name: string) => string | undefined, wanted: readonly string[]): Found<string> {
  const byHand = (why: string) => refuse(`${path}: ${why}`, 'Edit this file by hand as the ECI documents say, run update-grub, and look at the line with a new capture.');
  const carriers = carriersIn(lines, entry, valueOf);
  const [carrier] = carriers;
  if (carrier === undefined || carriers.length > 1) return byHand('the place where it writes the command line cannot be told for certain.');
  if (carrier.raw.length !== carrier.expanded.length) return byHand('a variable of its command line holds several words.');
  if (carrier.front.some((word, at) => wanted[at] !== word)) return byHand('the words in front of its own are written by the generator and would have to change.');
  const own = wanted.slice(carrier.front.length);
  for (const word of carrier.behind) {
    const at = own.indexOf(word);
    if (at < 0) return byHand(`“${word}” is written by another part of it and cannot be taken out here.`);
    own.splice(at, 1);
  }
  const edited = [...lines];
  const settled = settleVariables(edited, carrier, own);
  const unused = carrier.raw.map((raw, at) => ({ raw, word: settled.get(at) ?? carrier.expanded[at] }));
  const written = own.map((word) => {
    const at = unused.findIndex((candidate) => candidate.word === word);
    return at < 0 ? word : unused.splice(at, 1)[0]?.raw ?? word;
  });
  const odd = written.find((word) => !carrier.raw.includes(word) && !isPlain(word));
  if (odd !== undefined) return byHand(`“${odd}” would have to be quoted.`);
  edited[carrier.index] = `${carrier.before}${written.join(' ')}${carrier.after}`;
  return { found: `${edited.join('\n')}\n` };
}

function carriersIn(lines: readonly string[], entry: MenuEntry, valueOf: (name: string) => string | undefined): Carrier[] {
  const tokens = splitWords(entry.linux).slice(2);
  const carrying = variablesIn(entry.linux).find((name) => lines.some((line) => settingIn(line, name) !== null));
  return lines.flatMap((line, index): Carrier[] => {
    const set = carrying === undefined ? null : settingIn(line, carrying);
    if (set !== null && carrying !== undefined) {
      const expanded = splitWords(valueOf(carrying) ?? '');
      const at = tokens.findIndex((token) => token === `$${carrying}` || token === `\${${carrying}}`);
      if (at < 0) return [];
      const front = entry.words.slice(0, at);
      return [{ index, before: `${set[1] ?? ''}${set[2] ?? ''}`, raw: (set[3] ?? '').trim().split(/\s+/), after: `${set[2] ?? ''}${set[4] ?? ''}`, expanded, front, behind: entry.words.slice(at + expanded.length) }];
    }
    if (carrying !== undefined || !isLinuxLine(line, entry)) return [];
    const [, before = '', rest = ''] = /^(\s*\S+\s+\S+\s+)(.*?)\s*$/.exec(line) ?? [];
    return [{ index, before, raw: rest.split(/\s+/), after: '', expanded: entry.words, front: [], behind: [] }];
  });
}

/** Gives variables their new values in `lines`, where all words that use one agree on it; by place, the words that result. */
function settleVariables(lines: string[], carrier: Carrier, own: readonly string[]): Map<number, string> {
  const settled = new Map<number, string>();
  const uses = carrier.raw.map((raw, at) => ({ at, match: /^([^$\\]*)\\?\$\{?(\w+)\}?([^$]*)$/.exec(raw) }));
  for (const name of new Set(uses.flatMap(({ match }) => match?.[2] ?? []))) {
    const assignment = new RegExp(`^(\\s*(?:set\\s+)?${name}=)(["']?)[^"'\\s]*\\2(\\s*)$`);
    const index = lines.slice(0, carrier.index).findLastIndex((line) => assignment.test(line));
    const words = uses.filter(({ match }) => match?.[2] === name).map(({ at, match }) => {
      const [front, back] = [match?.[1] ?? '', match?.[3] ?? ''];
      const found = own.filter((word) => nameOf(word) === nameOf(front));
      const word = found.length === 1 ? found[0] ?? '' : '';
      return { at, word, value: word.startsWith(front) && word.endsWith(back) ? word.slice(front.length, word.length - back.length) : '' };
    });
    const value = words[0]?.value ?? '';
    if (index < 0 || !/^[0-9][0-9,-]*$/.test(value) || words.some((one) => one.value !== value)) continue;
    lines[index] = (lines[index] ?? '').replace(assignment, (_, before: string, quote: string, after: string) => `${before}${quote}${value}${quote}${after}`);
    for (const { at, word } of words) settled.set(at, word);
  }
  return settled;
}

const variablesIn = (linux: string): string[] => [...linux.matchAll(/\$\{?(\w+)\}?/g)].map((match) => match[1] ?? '').filter((name) => name !== '');

/** `set NAME="…"`, by itself or in an echo: what stands before, the quote, the words, what stands behind. */
const settingIn = (line: string, name: string): RegExpExecArray | null =>
  (line.length > longestLine ? null : new RegExp(`^(\\s*(?:echo\\s+["'])?set\\s+${name}=)(\\\\"|["'])((?:(?!\\2).)*\\s(?:(?!\\2).)*)\\2(.*)$`).exec(line));

/** No kernel reads more; and no line can take long. */
const longestLine = 8192;

const isLinuxLine = (line: string, entry: MenuEntry): boolean => /^\s*linux/.test(line) && line.trim().replaceAll('\\$', '$') === entry.linux;
