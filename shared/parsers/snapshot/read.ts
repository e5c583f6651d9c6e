import { parseCpuList, parseCpuMask } from '../cpu-list.ts';
import type { Capture } from '../capture.ts';

/** A whole number as the kernel writes it (decimal, perhaps negative); null for anything else. */
export function wholeNumber(text: string | null | undefined): number | null {
  if (text === null || text === undefined || !/^-?\d{1,15}$/.test(text.trim())) return null;
  return Number(text.trim());
}

/** A whole number that cannot be negative; the kernel's -1 for "none" is null. */
export function naturalNumber(text: string | null | undefined): number | null {
  const value = wholeNumber(text);
  return value === null || value < 0 ? null : value;
}

/** CPUs of a list file; null when it was not read or is no list: 6.1 kernels write "(null)" in nohz_full. */
export function cpuListOf(capture: Capture, path: string): number[] | null {
  const text = capture.lines(path)?.[0];
  if (text === undefined) return null;
  const known = knownLists.get(capture) ?? new Map<string, number[] | null>();
  knownLists.set(capture, known);
  const before = known.get(text);
  if (before !== undefined) return before === null ? null : [...before];
  const list = parseCpuList(text);
  known.set(text, list.ok ? list.value : null);
  return list.ok ? [...list.value] : null;
}

// A big server names the same few lists thousands of times: siblings, caches, interrupts.
const knownLists = new WeakMap<Capture, Map<string, number[] | null>>();

/** CPUs of a hexadecimal mask file, without those the machine does not have. */
export function cpuMaskOf(capture: Capture, path: string, present: readonly number[]): number[] | null {
  const text = capture.value(path);
  const mask = text === null ? null : parseCpuMask(text);
  if (mask === null || !mask.ok) return null;
  if (present.length === 0) return mask.value;
  const known = new Set(present);
  return mask.value.filter((cpu) => known.has(cpu));
}

/** The choice in brackets: `always [madvise] never` → `madvise`; a file with a single word is its own choice. */
export function bracketed(text: string | null): string | null {
  if (text === null) return null;
  const chosen = /[[(]([^\])]+)[\])]/.exec(text)?.[1];
  return chosen ?? (/\s/.test(text) ? null : text);
}

/** kB of a line such as `MemTotal:  4 kB`, in bytes. */
export function kibibytesOf(lines: readonly string[] | undefined, key: string): number | null {
  const line = lines?.find((candidate) => candidate.includes(`${key}:`));
  const kibibytes = naturalNumber(line === undefined ? null : /:\s*(\d{1,12}) kB/.exec(line.slice(line.indexOf(key)))?.[1]);
  return kibibytes === null ? null : kibibytes * 1024;
}

/** Values of `KEY=value` lines as shells read them, quotes taken off; later lines win. */
export function assignments(lines: readonly string[] | undefined): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of lines ?? []) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match?.[1] !== undefined) values.set(match[1], unquote(match[2] ?? ''));
  }
  return values;
}

const unquote = (text: string) => {
  const value = text.trim();
  const quoted = /^(["'])(.*)\1$/.exec(value);
  return quoted?.[2] ?? value;
};

/** Kernel messages of the capture: the ring, and the journal where the ring had lost the boot. */
export function kernelMessages(capture: Capture): readonly string[] {
  const ring = capture.command('dmesg')?.lines ?? [];
  const journal = capture.command('journalctl')?.lines ?? [];
  return journal.length === 0 ? ring : [...journal, ...ring];
}

/** The first kernel message that matches, with its time stamp; null when there is none. */
export const messageMatching = (capture: Capture, pattern: RegExp): string | null =>
  kernelMessages(capture).find((line) => pattern.test(line))?.trim() ?? null;
