import type { Capture } from '../../parsers/capture.ts';
import { defaultEntry, words, type GrubEntry } from '../../parsers/snapshot/grub-config.ts';
import { expandedArguments, grubStateOf, wantedEntry, type GrubState } from '../../parsers/snapshot/pending-boot.ts';
import { splitWords } from './kernel-words.ts';

/** One entry that starts a Linux, with its own lines. */
export interface MenuEntry {
  readonly title: string;
  /** How GRUB_DEFAULT and grubenv name it: ids from the outermost submenu inwards; null where one has no plain id. */
  readonly path: string | null;
  readonly header: string;
  readonly body: readonly string[];
  /** The `linux` line as it stands. */
  readonly linux: string;
  readonly image: string;
  /** Of the kernel, told from the image's name; null when that does not tell. */
  readonly release: string | null;
  /** What the kernel is handed, variables filled in. */
  readonly words: readonly string[];
}

export interface GrubMenu {
  readonly state: GrubState;
  readonly entries: readonly MenuEntry[];
  /** The entry of an ordinary start: a one-shot that is armed does not count. */
  readonly standard: MenuEntry | null;
  /** The entry armed for the next start only; empty when none is. */
  readonly armed: string;
}

/** The menu with the bodies of its entries; null where it cannot be read. */
export function grubMenuOf(capture: Capture): GrubMenu | null {
  const state = grubStateOf(capture);
  if (state === null) return null;
  const texts = entryTexts(state.lines);
  const known = new Map<GrubEntry, MenuEntry>();
  flatten(state.config.entries, '').forEach(({ entry, path }, at) => {
    const text = texts[at];
    if (entry.linux === null || text === undefined) return;
    const image = words(entry.linux)[1] ?? '';
    known.set(entry, { title: entry.title, path, ...text, linux: entry.linux, image, release: /\/vmlinu[xz]-([^/]+)$/.exec(image)?.[1] ?? null, words: splitWords(expandedArguments(entry.linux, state.valueOf)) });
  });
  const armed = state.environment.get('next_entry') ?? '';
  const standing = new Map(state.environment);
  standing.delete('next_entry');
  const chosen = defaultEntry(state.config.entries, wantedEntry(state.config.defaults, standing));
  return { state, entries: [...known.values()], standard: (chosen === null ? undefined : known.get(chosen)) ?? null, armed };
}

/** The entry that starts another installed kernel the ordinary way. */
export const entryOfRelease = (menu: GrubMenu, release: string): MenuEntry | null =>
  menu.entries.find((entry) => entry.release === release && !isRecovery(entry)) ?? null;

const isRecovery = ({ title, words: own }: MenuEntry) => /recovery|rescue/i.test(title) || own.some((word) => ['single', 'recovery', 'rescue', 'emergency'].includes(word));

/** Entries in the order of their headers, as the reader of the menu finds them. */
function flatten(entries: readonly GrubEntry[], parent: string | null): Array<{ entry: GrubEntry; path: string | null }> {
  return entries.flatMap((entry) => {
    const own = parent === null || entry.id === null || !/^[A-Za-z0-9_.:+-]+$/.test(entry.id) ? null : `${parent}${entry.id}`;
    return [{ entry, path: own }, ...(entry.entries === null ? [] : flatten(entry.entries, own === null ? null : `${own}>`))];
  });
}

function entryTexts(lines: readonly string[]): Array<{ header: string; body: string[] }> {
  const found: Array<{ header: string; body: string[] }> = [];
  let body: string[] | null = null;
  for (const line of lines) {
    const text = line.trim();
    if (/^(?:menuentry|submenu)\s/.test(text)) {
      body = [];
      found.push({ header: text, body });
    } else if (text.startsWith('}')) body = null;
    else if (text !== '') body?.push(text);
  }
  return found;
}
