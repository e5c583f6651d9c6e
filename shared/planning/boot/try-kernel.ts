import { kernelWordSchema, type Proposal, type ProposedStep } from '../../model/plan.ts';
import { stampSchema } from '../../model/board.ts';
import { keptCustomLines, withOurEntry } from './custom-config.ts';
import { checkLine, type CheckedLine, type LineRequest } from './line-request.ts';
import { nameOf } from './kernel-words.ts';
import { oneShotOf } from './one-shot.ts';
import { commandLineSetting, refuse, refusedProposal, type Found } from './refusal.ts';
import { returnUnit, returnUnitFile, tryMarker } from './return-unit.ts';
import { startNotes } from './start-notes.ts';
import { tryEntryId, tryLoaderEntry, tryLoaderEntryPath, tryMenuEntry } from './try-entry.ts';
import { watchdogOf, type Watchdog } from './watchdog.ts';

export interface TryRequest extends LineRequest {
  /** Names the try: the value of the marker on its command line. */
  readonly stamp: string;
  /** How long the tried board waits for the laptop before it restarts by itself. */
  readonly returnAfterSeconds?: number;
}

const defaultReturnSeconds = 600;

/**
 * Steps that start a command line once, through an entry of our own; the default entry is not touched. After a panic,
 * a lost network, or a hang where there is a watchdog, the board comes back to the default by itself. Total; refused
 * where a one-shot start cannot be done safely. Source: DOMAIN 4.11 “Try once”.
 */
export function proposeTry(request: TryRequest): Proposal {
  const title = 'Try a kernel command line once';
  const purpose = { kind: 'try-kernel', commandLine: request.commandLine, kernelRelease: request.kernel ?? null } as const;
  const prepared = prepare(request);
  if ('refused' in prepared) return refusedProposal(title, purpose, [prepared.refused]);
  const { line, watchdog, entryFile, words } = prepared.found;
  const seconds = request.returnAfterSeconds ?? defaultReturnSeconds;
  const comesBack = request.snapshot.kernel.initSystem === 'systemd';
  const step = (one: Omit<ProposedStep, 'settings' | 'caution'>): ProposedStep => ({ settings: [commandLineSetting], caution: '', ...one });
  return {
    title,
    purpose: { ...purpose, commandLine: line.wanted.join(' ') },
    steps: [
      step({ title: 'Add a menu entry for the try', why: 'The default entry stays as it is; this one is started once.', risk: 'boot', action: entryFile }),
      ...(comesBack ? [
        step({ title: 'Add a unit that restarts a try nobody comes back to', why: `A try that loses the network goes back to the default after ${seconds} s.`, risk: 'none', action: returnUnitFile(seconds) }),
        step({ title: 'Let systemd read its units again', why: 'It has to know the new one.', risk: 'none', action: { kind: 'generate', generator: 'daemon-reload' } }),
        step({ title: 'Enable it', why: 'It runs only in a start that carries the marker of a try.', risk: 'none', action: { kind: 'unit', unit: returnUnit, enabled: true, active: null } }),
      ] : []),
      step({ title: 'Choose the entry for the next start only', why: 'GRUB clears this before it starts the kernel, so it counts once.', risk: 'boot', action: { kind: 'boot-once', entry: tryEntryId } }),
      {
        ...step({ title: 'Restart the board', why: 'It starts with the command line that is tried.', risk: 'boot', action: { kind: 'restart', expects: { words: words.filter((word) => kernelWordSchema.safeParse(word).success), kernelRelease: line.entry.release } } }),
        caution: 'Everything that runs on the board ends. A kernel that panics restarts after 10 s with the default.',
      },
    ],
    restart: 'included',
    notes: [
      ...line.notes, watchdog.note,
      comesBack ? `If the laptop does not reach the board within ${seconds} s of its start, it restarts with the default.` : 'There is no systemd here: a try that loses the network stays as it is until somebody restarts the board at its console.',
      ...startNotes(request, line),
    ],
    refused: [],
  };
}

interface Prepared { readonly line: CheckedLine; readonly watchdog: Watchdog; readonly entryFile: ProposedStep['action']; readonly words: readonly string[] }

function prepare(request: TryRequest): Found<Prepared> {
  if (!stampSchema.safeParse(request.stamp).success) return refuse(`“${request.stamp}” is no time stamp.`, 'Give the time of the try, such as 20261120T141000Z.');
  const checked = checkLine(request);
  if ('refused' in checked) return checked;
  const line = checked.found;
  const once = oneShotOf(request.capture, line.loader);
  if ('refused' in once) return once;
  const watchdog = watchdogOf(request);
  const words = tryWords(line, watchdog, request.stamp);
  const entryFile = entryFileOf(request, line, words);
  return 'refused' in entryFile ? entryFile : { found: { line, watchdog, entryFile: entryFile.found, words } };
}

/** The wanted words, and those that bring a try back: each only where the line does not settle it already. */
function tryWords({ wanted, loader }: CheckedLine, watchdog: Watchdog, stamp: string): string[] {
  // A kernel told to stay in its panic (panic=0) would need a person.
  const line = wanted.filter((word) => !/^panic=0*$/.test(word));
  const names = new Set(line.map(nameOf));
  // What initramfs-tools does with panic=, dracut does with these (dracut.cmdline(7)).
  const dracut = loader.way === 'rhel-grubby' ? ['rd.shell=0', 'rd.emergency=reboot'] : [];
  return [...line, ...['panic=10', ...dracut, ...watchdog.words].filter((word) => !names.has(nameOf(word))), `${tryMarker}=${stamp}`];
}

function entryFileOf({ capture, stamp }: TryRequest, { loader, entry }: CheckedLine, words: readonly string[]): Found<ProposedStep['action']> {
  const title = `RTVM Bench: try of ${stamp}`;
  if (entry.kind === 'file') {
    if (!namedDefault(loader.menu.state.environment, loader.menu.state.config.defaults)) return refuse('The default entry is not set by name, so a new entry could take its place.', 'Set it: grubby --set-default /boot/vmlinuz-RELEASE, then plan again.');
    const text = tryLoaderEntry(capture, entry.loaderEntry, title, words);
    return 'refused' in text ? text : { found: { kind: 'file', path: tryLoaderEntryPath, content: { encoding: 'utf8', data: text.found }, mode: '644' } };
  }
  const path = customPath(loader.menu.state.path);
  const kept = keptCustomLines(capture, path);
  if ('refused' in kept) return kept;
  const own = tryMenuEntry(entry.menuEntry, title, words);
  return 'refused' in own ? own : { found: { kind: 'file', path, content: { encoding: 'utf8', data: withOurEntry(kept.found, own.found) }, mode: '644' } };
}

/** Next to the grub.cfg that takes it in. */
export const customPath = (config: string): string => `${config.slice(0, config.lastIndexOf('/'))}/custom.cfg`;

/** An entry that stands first by its name’s order, or by number, would change with one more entry. */
function namedDefault(environment: ReadonlyMap<string, string>, defaults: readonly string[]): boolean {
  const saved = environment.get('saved_entry') ?? '';
  return saved !== '' && !/^\d+$/.test(saved) && defaults.every((value) => value.includes('next_entry') || value.includes('saved_entry'));
}
