import type { Capture } from '../capture.ts';

/** One entry of the Boot Loader Specification: a file with `title`, `version`, `options` … lines. */
export interface LoaderEntry {
  /** File name without `.conf`: what grubenv and loader.conf call it. */
  readonly id: string;
  readonly path: string;
  readonly title: string | null;
  readonly options: string;
  /** The first `options` line as it stands. */
  readonly evidence: string | null;
}

/** Entries of one folder, newest first, as GRUB's blscfg and systemd-boot list them. */
export function loaderEntries(capture: Capture, folder: string): LoaderEntry[] {
  const paths = capture.paths(/\.conf$/).filter((path) => path.startsWith(`${folder}/`));
  return paths.map((path) => entryOf(capture, path)).sort((a, b) => compareVersions(b.id, a.id));
}

function entryOf(capture: Capture, path: string): LoaderEntry {
  const lines = capture.lines(path) ?? [];
  const all = (key: string) => lines.map((line) => line.trim()).filter((line) => line.split(/\s/, 1)[0] === key).map((line) => line.slice(key.length).trim());
  return {
    id: path.slice(path.lastIndexOf('/') + 1).replace(/\.conf$/, ''),
    path,
    title: all('title')[0] ?? null,
    options: all('options').join(' '),
    evidence: capture.evidence(path, /^\s*options\s/),
  };
}

/** Orders as rpm compares versions: runs of digits by number, others by text; digits are newer than letters. */
export function compareVersions(left: string, right: string): number {
  const a = left.match(/\d+|[a-zA-Z]+/g) ?? [];
  const b = right.match(/\d+|[a-zA-Z]+/g) ?? [];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const difference = comparePart(a[at] ?? '', b[at] ?? '');
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function comparePart(a: string, b: string): number {
  const aDigits = /^\d/.test(a);
  if (aDigits !== /^\d/.test(b)) return aDigits ? 1 : -1;
  if (!aDigits) return a < b ? -1 : Number(a > b);
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length - y.length || (x < y ? -1 : Number(x > y));
}
