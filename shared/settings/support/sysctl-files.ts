import type { Capture } from '../../parsers/capture.ts';
import { pathsBelow } from './paths-below.ts';
import type { Persistent } from './live-value.ts';

interface Assignment { readonly path: string; readonly value: string; readonly evidence: string }

/** Directories in the order systemd-sysctl ranks them: a file name in an earlier one hides the same name in a later one. */
const directories = ['/etc/sysctl.d/', '/run/sysctl.d/', '/usr/local/lib/sysctl.d/', '/usr/lib/sysctl.d/', '/lib/sysctl.d/'];

/**
 * What the files will set: sorted by file name over all directories, the last assignment counts. systemd reads
 * /etc/sysctl.conf only through a link in sysctl.d; other init systems read it last. Source: sysctl.d(5), sysctl(8).
 */
export function persistentSysctl(capture: Capture, key: string, initSystem: string | null): Persistent {
  const all = assignmentsOf(capture).get(key)?.filter(({ path }) => path !== classic || initSystem !== 'systemd') ?? [];
  const last = all.at(-1);
  if (last === undefined) return { value: null, evidence: null };
  return { value: last.value, evidence: last.evidence, overrides: all.findLast(({ value }) => value !== last.value) ?? null };
}

/** The last file that sets a key; null when none does. */
export function lastFileOf(capture: Capture, key: string, initSystem: string | null): Assignment | null {
  return assignmentsOf(capture).get(key)?.findLast(({ path }) => path !== classic || initSystem !== 'systemd') ?? null;
}

const classic = '/etc/sysctl.conf';
const known = new WeakMap<Capture, Map<string, Assignment[]>>();

/** Every assignment by its dotted key, in the order in which the files are read. */
function assignmentsOf(capture: Capture): Map<string, Assignment[]> {
  const before = known.get(capture);
  if (before) return before;
  const byName = new Map<string, string>();
  const paths = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local', '/usr/lib', '/lib/sysctl.d'].flatMap((folder) => pathsBelow(capture, folder)).filter((path) => path.endsWith('.conf'));
  for (const directory of [...directories].reverse()) {
    for (const path of paths) if (path.startsWith(directory) && !path.slice(directory.length).includes('/')) byName.set(path.slice(directory.length), path);
  }
  const found = new Map<string, Assignment[]>();
  for (const path of [...[...byName.keys()].sort().map((name) => byName.get(name) ?? ''), classic]) {
    for (const line of capture.lines(path) ?? []) {
      const [, name, value] = /^\s*-?([^=#;\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (name === undefined || value === undefined) continue;
      const key = name.replaceAll('/', '.');
      found.set(key, [...found.get(key) ?? [], { path, value, evidence: `${path}: ${line.trim()}` }]);
    }
  }
  known.set(capture, found);
  return found;
}
