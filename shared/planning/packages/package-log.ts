import { redactProxy } from './redact-proxy.ts';

/** How far the work on packages is: a part of 1, and what is being done, in words. */
export interface PackagesProgress { readonly fraction: number; readonly message: string }

/** What the log of the work has told so far. */
export interface PackagesOutcome {
  /** Status of the work; null while it goes on. 0: done. */
  readonly exitStatus: number | null;
  /** The step it is at or ended in: `update`, `simulate`, `download`, `install`; empty before the first. */
  readonly phase: string;
  /** Who held the package manager's lock last, `PID NAME`; null when nobody did. */
  readonly lockHolder: string | null;
  /** Packages that would have gone besides those named: nothing was done then. */
  readonly wouldRemove: readonly string[];
  /** `name=version` that no source has any more: nothing was done then. */
  readonly lost: readonly string[];
  /** The package of the kernel that is running and was to be removed: nothing was done then. */
  readonly runningKernel: string | null;
  /** What the package manager said, without status lines and passwords: by step, the end of each. */
  readonly said: ReadonlyMap<string, string>;
}

/** Where each step begins and ends in the whole. Downloading and unpacking a kernel take most of the time. */
const spans: Readonly<Record<string, readonly [number, number]>> = { update: [0, 0.1], simulate: [0.1, 0.12], download: [0.12, 0.5], install: [0.5, 1] };
const words: Readonly<Record<string, string>> = {
  update: 'Reading the package sources', simulate: 'Working out what is needed', download: 'Fetching packages', install: 'Installing',
};
const keptCharacters = 40_000;

/**
 * Reads the log of change-packages-worker.sh as it comes, in pieces cut anywhere: its own lines (`@@ …`), APT's status
 * lines (apt's README.progress-reporting) and dnf's counters. Total.
 */
export function createPackageLog(): { take(text: string): PackagesProgress[]; outcome(): PackagesOutcome } {
  const said = new Map<string, string>();
  let rest = '';
  let phase = '';
  let fraction = 0;
  let exitStatus: number | null = null;
  let lockHolder: string | null = null;
  let runningKernel: string | null = null;
  let wouldRemove: readonly string[] = [];
  let lost: readonly string[] = [];

  const at = (part: number, message: string): PackagesProgress => {
    const [from, to] = spans[phase] ?? [fraction, fraction];
    fraction = Math.max(fraction, from + (to - from) * Math.min(1, Math.max(0, part)));
    return { fraction, message: redactProxy(message) };
  };

  const ours = (word: string, names: readonly string[]): PackagesProgress | null => {
    switch (word) {
      case 'phase': phase = names[0] ?? ''; return at(0, words[phase] ?? phase);
      case 'locked': lockHolder = names.join(' '); return at(0, `Waiting: ${holderWords(lockHolder)} is using the package manager`);
      // What an attempt said that was made again says nothing of what stopped the work.
      case 'again': said.delete(phase); return null;
      case 'removes': wouldRemove = names; return null;
      case 'lost': lost = names; return null;
      case 'running': runningKernel = names[0] ?? ''; return null;
      case 'exit': exitStatus = /^\d{1,3}$/.test(names[0] ?? '') ? Number(names[0]) : 1; return null;
      default: return null;
    }
  };

  const takeLine = (line: string): PackagesProgress | null => {
    if (line.startsWith('@@ ')) {
      const [word = '', ...names] = line.slice(3).trim().split(/\s+/);
      return ours(word, names);
    }
    const status = /(?:dl|pm)status:([^:]*(?::[a-z0-9]{2,10})?):(\d{1,3}(?:\.\d{1,9})?):(.*)$/.exec(line);
    if (status) return at(Number(status[2]) / 100, status[3]?.trim() ?? '');
    const counted = /^\s*(Installing|Upgrading|Erasing|Removing|Downgrading|Verifying|Cleanup|\(\d+\/\d+\))\s*:?\s+(\S.*?)\s+(?:(\d{1,5})\/(\d{1,5})\s*$|\S+ [kMG]?B)/.exec(line);
    said.set(phase, `${said.get(phase) ?? ''}${redactProxy(line)}\n`.slice(-keptCharacters));
    if (!counted) return null;
    const [, word = '', name = '', done, all] = counted;
    const pair = /^\((\d+)\/(\d+)\)$/.exec(word);
    const [part, whole] = pair ? [Number(pair[1]), Number(pair[2])] : [Number(done ?? 0), Number(all ?? 1)];
    return whole > 0 ? at(part / whole, `${pair ? 'Fetched' : word} ${name.replace(/:$/, '')}`) : null;
  };

  return {
    take: (text) => {
      const lines = (rest + text).split(/\r?\n|\r/);
      rest = (lines.pop() ?? '').slice(-keptCharacters);
      return lines.flatMap((line) => takeLine(line) ?? []);
    },
    outcome: () => ({ exitStatus, phase, lockHolder, wouldRemove, lost, runningKernel, said }),
  };
}

/** `4242 unattended-upgr` in words. The kernel keeps 15 characters of a process name. */
export function holderWords(holder: string): string {
  const [pid = '', name = ''] = holder.split(' ');
  const full = name.startsWith('unattended-upgr') ? 'unattended-upgrades (automatic updates)' : name;
  if (pid === '') return 'another program';
  return full === '' ? `process ${pid}` : `${full}, process ${pid},`;
}
