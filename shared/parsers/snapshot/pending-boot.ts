import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { defaultEntry, expandVariables, parseGrubConfig, words } from './grub-config.ts';
import { loaderEntries, type LoaderEntry } from './loader-entries.ts';
import { assignments } from './read.ts';

type Pending = Snapshot['kernel']['pending'];
type Found = Pick<Pending, 'loader' | 'commandLine' | 'evidence'>;

/**
 * The command line of the next boot: not what the configuration files ask for, but what the boot loader will use.
 * GRUB: the `linux` line of the entry that `next_entry`, `saved_entry` or the number in grub.cfg selects. Null where
 * the deciding file could not be read or leaves it open.
 */
export function pendingBootOf(capture: Capture): Pending {
  const found = grub(capture) ?? systemdBoot(capture) ?? extlinux(capture) ?? { loader: 'unknown', commandLine: null, evidence: null };
  const newer = capture.section('newer').map((line) => `/${line.split(' ')[0] ?? ''}`);
  return { ...found, sources: sourcesOf(capture), newerThanGenerated: [...new Set(newer)] };
}

/** What of GRUB decides the next boot: its menu, the environment block, and the entry they ask for. */
export interface GrubState {
  readonly path: string;
  /** Lines of grub.cfg, with those of custom.cfg where they are taken in. */
  readonly lines: readonly string[];
  readonly config: ReturnType<typeof parseGrubConfig>;
  readonly environment: ReadonlyMap<string, string>;
  /** The value a `$name` of a `linux` line or of an entry has. */
  readonly valueOf: (name: string) => string | undefined;
}

/** GRUB as it stands on the board; null where there is none or its menu could not be read. */
export function grubStateOf(capture: Capture): GrubState | null {
  const hasMenu = (path: string) => capture.lines(path)?.some((line) => /^\s*(?:menuentry|submenu|blscfg)/.test(line)) ?? false;
  const path = grubConfigs.find(hasMenu) ?? capture.paths(/^\/boot\/efi\/EFI\/[^/]+\/grub\.cfg$/).find(hasMenu);
  if (path === undefined) return null;
  const lines = menuLines(capture, path);
  const config = parseGrubConfig(lines);
  const environment = environmentOf(capture);
  return { path, lines, config, environment, valueOf: (name) => environment.get(name) ?? config.variables.get(name) };
}

function grub(capture: Capture): Found | null {
  const state = grubStateOf(capture);
  if (state === null) return grubConfigs.some((candidate) => capture.exists(candidate)) ? { loader: 'grub', commandLine: null, evidence: null } : null;
  const { path, config, environment, valueOf } = state;
  const wanted = wantedEntry(config.defaults, environment);
  if (config.usesLoaderEntries) {
    const entries = loaderEntries(capture, '/boot/loader/entries');
    const entry = selectLoaderEntry(entries, wanted);
    return entry === null
      ? { loader: 'bls', commandLine: null, evidence: null }
      : { loader: 'bls', commandLine: tidy(expandVariables(entry.options, valueOf)), evidence: entry.evidence };
  }
  const linux = defaultEntry(config.entries, wanted)?.linux ?? null;
  if (linux === null) return { loader: 'grub', commandLine: null, evidence: null };
  return { loader: 'grub', commandLine: expandedArguments(linux, valueOf), evidence: `${path}: ${linux}` };
}

const grubConfigs = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg'];

/** What a `linux` line hands to the kernel, variables filled in. */
export const expandedArguments = (linux: string, valueOf: GrubState['valueOf']): string =>
  expandVariables(words(linux).slice(2).map(quoteAgain).join(' '), valueOf).trim();

/** Lines of grub.cfg with those of custom.cfg, which people write, where they are taken in; told twice there, once here. */
function menuLines(capture: Capture, path: string): string[] {
  const own = capture.lines(`${path.slice(0, path.lastIndexOf('/'))}/custom.cfg`) ?? [];
  const lines = capture.lines(path) ?? [];
  const at = lines.findIndex((line) => /^\s*source\s.*\bcustom\.cfg/.test(line));
  return at < 0 ? [...lines] : [...lines.slice(0, at + 1), ...own, ...lines.slice(at + 1)];
}

/** GRUB hands a word with spaces to the kernel in quotes. */
const quoteAgain = (word: string) => (/\s/.test(word) ? `"${word}"` : word);
const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();

/** grubenv of the BIOS or the UEFI place; the one next to grub.cfg counts when both are there. */
function environmentOf(capture: Capture): Map<string, string> {
  const path = ['/boot/grub/grubenv', '/boot/grub2/grubenv'].find((candidate) => capture.lines(candidate) !== undefined)
    ?? capture.paths(/^\/boot\/efi\/EFI\/[^/]+\/grubenv$/)[0];
  return path === undefined ? new Map() : assignments(capture.lines(path));
}

/** GRUB's header: a one-shot entry goes first, then the saved entry or the fixed default; nothing means the first. */
export function wantedEntry(defaults: readonly string[], environment: ReadonlyMap<string, string>): string {
  const next = environment.get('next_entry') ?? '';
  if (next !== '' && (defaults.length === 0 || defaults.some((value) => value.includes('next_entry')))) return next;
  const last = defaults.findLast((value) => !value.includes('next_entry'));
  const wanted = last === undefined ? environment.get('saved_entry') : expandVariables(last, (name) => environment.get(name));
  return wanted === undefined || wanted === '' ? '0' : wanted;
}

export function selectLoaderEntry(entries: readonly LoaderEntry[], wanted: string): LoaderEntry | null {
  const named = /^\d{1,6}$/.test(wanted) ? entries[Number(wanted)] : entries.find((entry) => entry.id === wanted || entry.title === wanted);
  return named ?? entries[0] ?? null;
}

/** Decided only where one entry exists, or the one-shot variable or loader.conf names one. */
function systemdBoot(capture: Capture): Found | null {
  const root = ['/boot/loader', '/boot/efi/loader', '/efi/loader'].find((candidate) =>
    capture.lines(`${candidate}/loader.conf`) !== undefined || capture.paths(/\/loader\/entries\/[^/]+\.conf$/).some((path) => path.startsWith(`${candidate}/entries/`)));
  if (root === undefined) return null;
  const entries = loaderEntries(capture, `${root}/entries`);
  const wanted = efiVariable(capture, 'LoaderEntryOneShot') ?? efiVariable(capture, 'LoaderEntryDefault')
    ?? /^\s*default\s+(\S+)/m.exec((capture.lines(`${root}/loader.conf`) ?? []).join('\n'))?.[1] ?? null;
  const matches = wanted === null ? entries : entries.filter((entry) => globMatches(wanted.replace(/\.conf$/, ''), entry.id));
  const entry = wanted !== null || matches.length === 1 ? matches[0] : undefined;
  return entry === undefined
    ? { loader: 'systemd-boot', commandLine: null, evidence: null }
    : { loader: 'systemd-boot', commandLine: tidy(entry.options), evidence: entry.evidence };
}

/** EFI variables are four bytes of attributes and UTF-16 text. */
function efiVariable(capture: Capture, name: string): string | null {
  const path = capture.paths(/^\/sys\/firmware\/efi\/efivars\/Loader/).find((candidate) => candidate.includes(`/${name}-`));
  const text = path === undefined ? '' : (capture.lines(path)?.[0] ?? '').slice(4).replaceAll('\0', '');
  return text === '' ? null : text;
}

/** `*` stands for any text; compared piece by piece, so that no pattern can take long. */
function globMatches(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const [first = ''] = pieces;
  if (pieces.length === 1) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  const last = pieces.at(-1) ?? '';
  return text.length - last.length >= at && text.endsWith(last);
}

function extlinux(capture: Capture): Found | null {
  const path = '/boot/extlinux/extlinux.conf';
  const lines = capture.lines(path);
  if (lines === undefined) return null;
  const wanted = valuesOf(lines, 'default')[0];
  let label: string | undefined;
  for (const line of lines) {
    label = valuesOf([line], 'label')[0] ?? label;
    const append = valuesOf([line], 'append')[0];
    if (append !== undefined && label !== undefined && (wanted === undefined || label === wanted)) {
      return { loader: 'extlinux', commandLine: tidy(append), evidence: `${path}: ${line.trim()}` };
    }
  }
  return { loader: 'extlinux', commandLine: null, evidence: null };
}

const valuesOf = (lines: readonly string[], key: string) => lines.map((line) => line.trim())
  .filter((line) => line.toLowerCase().startsWith(`${key} `) || line.toLowerCase().startsWith(`${key}\t`))
  .map((line) => line.slice(key.length).trim());

/** The lines people edit: GRUB variables in all files that are read (and the .conf ones that are not), ECI's script, /etc/kernel/cmdline. */
function sourcesOf(capture: Capture): Pending['sources'] {
  const paths = capture.paths(/^\/etc\/(?:default\/grub$|default\/grub\.d\/|sysconfig\/grub$|grub\.d\/|kernel\/cmdline$)/).sort();
  return paths.flatMap((file) => (capture.lines(file) ?? [])
    .filter((line) => file === '/etc/kernel/cmdline' || /^\s*(?:GRUB_CMDLINE_LINUX\w*|GRUB_DEFAULT|[A-Za-z_]*(?:isolcpus|cmdline|params)[A-Za-z_]*)=/i.test(line) || (file.startsWith('/etc/grub.d/') && /^\s*linux(?:16|efi)?\s/.test(line)))
    .map((line) => ({ file, value: line.trim() })));
}
