/** One entry of a GRUB menu, or a submenu with its entries. Line texts are kept as they stand in grub.cfg. */
export interface GrubEntry {
  readonly title: string;
  readonly id: string | null;
  /** The `linux` line; null in a submenu and in entries that start something else. */
  linux: string | null;
  readonly entries: GrubEntry[] | null;
}

/** What of a generated grub.cfg decides the next boot. */
interface GrubConfig {
  readonly entries: readonly GrubEntry[];
  /** Values of `set default=…`, in order. */
  readonly defaults: readonly string[];
  /** Variables set to a text, as `linux` lines may name them; the last one counts. */
  readonly variables: ReadonlyMap<string, string>;
  /** The menu comes from /boot/loader/entries (Boot Loader Specification, as on RHEL and Fedora). */
  readonly usesLoaderEntries: boolean;
}

const maximumDepth = 8;

/**
 * Reads the lines of grub.cfg that matter: menu, default and variables. Conditions are not evaluated: the default
 * of GRUB's own header is recognised by what it names (`${next_entry}`, `${saved_entry}` or a value).
 */
export function parseGrubConfig(lines: readonly string[]): GrubConfig {
  const entries: GrubEntry[] = [];
  const defaults: string[] = [];
  const variables = new Map<string, string>();
  const open: Array<GrubEntry | null> = [];
  let usesLoaderEntries = false;
  for (const raw of lines) {
    const line = raw.trim();
    const keyword = /^[a-z\d]+(?=\s)/.exec(line)?.[0];
    if (keyword === 'menuentry' || keyword === 'submenu') {
      const entry = entryOf(line, keyword === 'submenu');
      const parent = open.findLast((candidate) => candidate?.entries != null);
      (parent?.entries ?? entries).push(entry);
      if (line.endsWith('{') && open.length < maximumDepth) open.push(entry);
    } else if (keyword === 'function') {
      if (line.endsWith('{')) open.push(null);
    } else if (keyword === 'linux' || keyword === 'linux16' || keyword === 'linuxefi') {
      const entry = open.at(-1);
      if (entry?.entries === null) entry.linux ??= line;
    } else if (keyword === 'set') takeSet(line, defaults, variables);
    else if (line.startsWith('}')) open.pop();
    else if (line.startsWith('blscfg')) usesLoaderEntries = true;
  }
  return { entries, defaults, variables, usesLoaderEntries };
}

function takeSet(line: string, defaults: string[], variables: Map<string, string>) {
  const match = /^set\s+([A-Za-z_]\w*)=(.*)$/.exec(line);
  if (match?.[1] === undefined) return;
  const value = words(match[2] ?? '')[0] ?? '';
  if (match[1] === 'default') defaults.push(value);
  else variables.set(match[1], value);
}

function entryOf(line: string, isSubmenu: boolean): GrubEntry {
  const parts = words(line.replace(/\{$/, ''));
  const idAt = parts.findIndex((part) => part === '--id' || part === '$menuentry_id_option' || part === '${menuentry_id_option}');
  const inline = parts.find((part) => part.startsWith('--id='))?.slice('--id='.length);
  return { title: parts[1] ?? '', id: inline ?? (idAt < 0 ? null : parts[idAt + 1] ?? null), linux: null, entries: isSubmenu ? [] : null };
}

/** Words of a GRUB script line, quotes and backslashes taken away; `$names` stay. */
export function words(text: string): string[] {
  // As nearly all lines are.
  if (!/["'\\]/.test(text)) return text.split(/\s+/).filter((plain) => plain !== '');
  const found: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && /["\\$]/.test(text.charAt(at + 1))) word += text.charAt(++at);
      else word += char;
    } else if (char === '"' || char === "'") { quote = char; word ??= ''; }
    else if (char === '\\' && at + 1 < text.length) word = (word ?? '') + text.charAt(++at);
    else if (/\s/.test(char)) { if (word !== null) found.push(word); word = null; }
    else word = (word ?? '') + char;
  }
  if (word !== null) found.push(word);
  return found;
}

/** Puts values in the place of `$name` and `${name}`; what is not set is nothing, as GRUB has it. */
export const expandVariables = (text: string, valueOf: (name: string) => string | undefined): string =>
  text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced: string | undefined, bare: string | undefined) => valueOf(braced ?? bare ?? '') ?? '');

/**
 * The entry GRUB boots for a default such as `0`, `1>2`, `gnulinux-advanced-…>gnulinux-6.1-…` or a title. A name
 * that is not in the menu silently means the first entry, as GRUB does; a submenu means its first entry.
 */
export function defaultEntry(entries: readonly GrubEntry[], wanted: string): GrubEntry | null {
  let level: readonly GrubEntry[] = entries;
  let found: GrubEntry | undefined;
  for (const part of splitPath(wanted)) {
    found = /^\d{1,6}$/.test(part) ? level[Number(part)] : level.find((entry) => entry.id === part || entry.title === part);
    if (found === undefined) break;
    level = found.entries ?? [];
  }
  found ??= entries[0];
  for (let depth = 0; found?.entries != null && depth < maximumDepth; depth++) found = found.entries[0];
  return found ?? null;
}

/** `>` separates levels; `>>` is a `>` in a title. */
const splitPath = (text: string) => text.replaceAll('>>', '\0').split('>').map((part) => part.replaceAll('\0', '>'));
