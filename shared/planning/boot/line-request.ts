import { loaderEntries, type LoaderEntry } from '../../parsers/snapshot/loader-entries.ts';
import { expandVariables } from '../../parsers/snapshot/grub-config.ts';
import { selectLoaderEntry, wantedEntry } from '../../parsers/snapshot/pending-boot.ts';
import { lintCommandLine, lintContextOf } from '../kernel-command-line/lint.ts';
import { bootLoaderOf, type BoardState, type BootLoader } from './boot-loader.ts';
import { entryOfRelease, type GrubMenu, type MenuEntry } from './grub-menu.ts';
import { checkLength, checkWords, codePointOf, generatorWords, splitWords } from './kernel-words.ts';
import { refuse, type Found } from './refusal.ts';
import { tryEntryId } from './try-entry.ts';

export interface LineRequest extends BoardState {
  /** The whole line that is wanted, without the words the boot loader adds. */
  readonly commandLine: string;
  /** Release of another installed kernel to start; else the one of the default entry. */
  readonly kernel?: string | null;
}

/** A request that may be written: who writes it how, which entry it is about, and the words. */
export interface CheckedLine {
  readonly loader: BootLoader;
  readonly wanted: readonly string[];
  /** The entry of an ordinary start: its words are what is pending. */
  readonly standard: BootEntry;
  /** The entry that is to be started: the same, or that of another kernel. */
  readonly entry: BootEntry;
  readonly notes: readonly string[];
}

export type BootEntry =
  | { readonly kind: 'menu'; readonly menuEntry: MenuEntry; readonly words: readonly string[]; readonly image: string; readonly release: string | null }
  | { readonly kind: 'file'; readonly loaderEntry: LoaderEntry; readonly words: readonly string[]; readonly image: string; readonly release: string | null };

/** Words that are the boot loader’s or a try’s, not the line’s. */
const notOurs = /^(?:BOOT_IMAGE|initrd|vt\.handoff|rtvm_bench\.try)(?:=|$)/;

/** Total. Refused with the word or the number that stands in the way. */
export function checkLine(request: LineRequest): Found<CheckedLine> {
  const loader = bootLoaderOf(request);
  if ('refused' in loader) return loader;
  const entries = loader.found.way === 'rhel-grubby' ? fileEntries(request, loader.found.menu) : menuEntries(request, loader.found.menu);
  if ('refused' in entries) return entries;
  const { standard, entry } = entries.found;
  const control = /[^\t\P{Cc}]/u.exec(request.commandLine)?.[0];
  if (control !== undefined) return refuse(`The line has the control character ${codePointOf(control)} in it.`, 'Write the parameters on one line, with spaces between them.');
  const wanted = splitWords(request.commandLine).filter((word) => !notOurs.test(word));
  const running = splitWords(request.snapshot.kernel.commandLine ?? '');
  const words = checkWords(wanted, new Set([...standard.words, ...running]));
  if ('refused' in words) return words;
  const foreign = foreignWords(standard, wanted);
  if (foreign !== null) return foreign;
  const length = checkLength(entry.image, wanted);
  if ('refused' in length) return length;
  const errors = lintCommandLine(wanted.join(' '), lintContextOf(request.snapshot)).filter(({ severity }) => severity === 'error');
  return { found: { loader: loader.found, wanted, standard, entry, notes: [...length.found, ...errors.map(({ parameter, message }) => `${parameter}: ${message}`)] } };
}

/** The root file system is the distribution’s matter: what its generator writes stays in front, what an entry of its own names stays. */
function foreignWords(standard: BootEntry, wanted: readonly string[]) {
  const own = standard.kind === 'menu' ? generatorWords(standard.words) : standard.words.filter((word) => /^(?:root=.*|ro|rw)$/.test(word));
  const kept = standard.kind === 'menu' ? own.every((word, at) => wanted[at] === word) : own.every((word) => wanted.includes(word));
  if (kept && wanted.length > 0) return null;
  return refuse(`The line must ${standard.kind === 'menu' ? 'begin with' : 'have'} “${own.join(' ')}”, which says where the root file system is.`, 'Take these words over unchanged; another root file system is not set here.');
}

function menuEntries({ kernel }: LineRequest, menu: GrubMenu): Found<{ standard: BootEntry; entry: BootEntry }> {
  if (menu.standard === null) return refuse(`The default entry of ${menu.state.path} starts no Linux, or is not in it.`, 'Set GRUB_DEFAULT to the entry that is meant and run update-grub.');
  const of = (menuEntry: MenuEntry): BootEntry => ({ kind: 'menu', menuEntry, words: menuEntry.words, image: menuEntry.image, release: menuEntry.release });
  const standard = of(menu.standard);
  if (kernel === undefined || kernel === null || kernel === standard.release) return { found: { standard, entry: standard } };
  const other = entryOfRelease(menu, kernel);
  return other === null ? noSuchKernel(kernel, menu.entries.map(({ release }) => release)) : { found: { standard, entry: of(other) } };
}

function fileEntries({ capture, kernel }: LineRequest, menu: GrubMenu): Found<{ standard: BootEntry; entry: BootEntry }> {
  const entries = loaderEntries(capture, '/boot/loader/entries').filter(({ id }) => id !== tryEntryId);
  const standing = new Map(menu.state.environment);
  standing.delete('next_entry');
  const chosen = selectLoaderEntry(entries, wantedEntry(menu.state.config.defaults, standing));
  if (chosen === null) return refuse('The boot entries of /boot/loader/entries could not be read.', 'Take a new capture as root.');
  const of = (loaderEntry: LoaderEntry): BootEntry => {
    const value = (key: string) => new RegExp(`^\\s*${key}\\s+(\\S+)`, 'm').exec((capture.lines(loaderEntry.path) ?? []).join('\n'))?.[1] ?? null;
    return { kind: 'file', loaderEntry, words: splitWords(expandVariables(loaderEntry.options, menu.state.valueOf)), image: value('linux') ?? '', release: value('version') ?? /vmlinuz-(.+)$/.exec(value('linux') ?? '')?.[1] ?? null };
  };
  const standard = of(chosen);
  if (kernel === undefined || kernel === null || kernel === standard.release) return { found: { standard, entry: standard } };
  const all = entries.map(of);
  const other = all.find(({ release }) => release === kernel);
  return other === undefined ? noSuchKernel(kernel, all.map(({ release }) => release)) : { found: { standard, entry: other } };
}

const noSuchKernel = (kernel: string, releases: ReadonlyArray<string | null>) => refuse(
  `GRUB’s menu has no entry for the kernel ${kernel}.`,
  `Its kernels: ${[...new Set(releases)].filter((release) => release !== null).join(', ') || 'none that tells its release'}. Install the kernel first, or run update-grub.`,
);
