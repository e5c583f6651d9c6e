import { CodedError } from '../contract/errors.ts';
import { failed, ok, type Result } from '../contract/result.ts';

/** The highest CPU number any x86 kernel is built for (CONFIG_NR_CPUS is at most 8192). */
export const highestCpuNumber = 8191;

const maximumTextLength = 65_536;

/**
 * Reads a CPU list in the kernel's own syntax: numbers and ranges separated by commas or white space
 * (`0-3,8`), `N` for the last CPU, `all`, and strides `0-31:1/2` (the first 1 of every 2).
 * Gives CPU numbers sorted without duplicates; an empty text is the empty list, as in sysfs files.
 * `highest` is the number of the last CPU: `N` and `all` need it, and nothing above it is accepted.
 * Other tools' signs (`!`, `^`, `+`, taskset's `:2`) are refused, because they mean other things elsewhere.
 */
export function parseCpuList(text: string, { highest }: { highest?: number } = {}): Result<number[]> {
  if (text.length > maximumTextLength) return refuse(text, 'it is too long');
  const regions: Region[] = [];
  for (const word of text.split(/[\s,\0]+/)) {
    if (word === '') continue;
    const region = readRegion(word, highest);
    if (typeof region === 'string') return refuse(text, `“${shorten(word)}” ${region}`);
    regions.push(region);
  }
  return ok(cpusOf(regions));
}

/** The CPUs of all regions, ascending: most lists are short, and only as many places are looked at as they need. */
function cpusOf(regions: readonly Region[]): number[] {
  const last = regions.reduce((highest, { to }) => Math.max(highest, to), -1);
  const wanted = new Uint8Array(last + 1);
  for (const { from, to, used, group } of regions) {
    for (let cpu = from; cpu <= to; cpu++) if ((cpu - from) % group < used) wanted[cpu] = 1;
  }
  const cpus: number[] = [];
  for (let cpu = 0; cpu <= last; cpu++) if (wanted[cpu] === 1) cpus.push(cpu);
  return cpus;
}

/** Writes CPU numbers as the kernel does: ascending, runs of two or more as `a-b`. */
export function formatCpuList(cpus: readonly number[]): string {
  const ascending = cpus.every((cpu, position) => position === 0 || cpu > (cpus[position - 1] ?? cpu));
  const sorted = ascending ? cpus : [...new Set(cpus)].sort((a, b) => a - b);
  const parts: string[] = [];
  let from: number | undefined;
  sorted.forEach((cpu, position) => {
    from ??= cpu;
    if (sorted[position + 1] === cpu + 1) return;
    parts.push(from === cpu ? String(cpu) : `${from}-${cpu}`);
    from = undefined;
  });
  return parts.join(',');
}

/**
 * Reads a hexadecimal CPU mask as in `smp_affinity`: groups of up to eight digits separated by commas, the most
 * significant first. A leading `0x` is accepted (taskset prints none, people type it).
 */
export function parseCpuMask(text: string): Result<number[]> {
  const mask = text.trim().replace(/^0[xX]/, '');
  if (mask.length > maximumTextLength || !/^[0-9a-fA-F]+(?:,[0-9a-fA-F]{1,8})*$/.test(mask)) return refuse(text, 'a mask is hexadecimal digits in groups separated by commas');
  const [first = '', ...others] = mask.split(',');
  if (others.length > 0 && first.length > 8) return refuse(text, 'a group has at most eight digits');
  const digits = first + others.map((group) => group.padStart(8, '0')).join('');
  const cpus: number[] = [];
  for (let place = 0; place < digits.length; place++) {
    const nibble = Number.parseInt(digits.charAt(digits.length - 1 - place), 16);
    for (let bit = 0; bit < 4; bit++) if ((nibble >> bit) & 1) cpus.push(place * 4 + bit);
  }
  if ((cpus.at(-1) ?? 0) > highestCpuNumber) return refuse(text, `it names a CPU above ${highestCpuNumber}`);
  return ok(cpus);
}

const regionPattern = /^(?:all|(\d+|N)(?:-(\d+|N))?)(?::(\d+)\/(\d+))?$/;

/** The first `used` of every `group` CPUs between two, both included. */
interface Region { readonly from: number; readonly to: number; readonly used: number; readonly group: number }

/** One region, or what is wrong with it. */
function readRegion(word: string, highest: number | undefined): Region | string {
  const match = regionPattern.exec(word);
  if (match === null) return 'is not a number, a range, “all”, or a range with :used/group';
  const [, first, last, usedText, groupText] = match;
  const needsHighest = first === undefined || first === 'N' || last === 'N';
  if (needsHighest && highest === undefined) return 'needs the number of the last CPU, which is not known here';
  const value = (digits: string) => (digits === 'N' ? highest ?? 0 : Number(digits));
  const from = first === undefined ? 0 : value(first);
  const to = first === undefined ? highest ?? 0 : value(last ?? first);
  if (from > to) return 'ends before it begins';
  const limit = Math.min(highest ?? highestCpuNumber, highestCpuNumber);
  if (to > limit) return `names a CPU above ${limit}`;
  const group = groupText === undefined ? 1 : Number(groupText);
  const used = usedText === undefined ? 1 : Number(usedText);
  if (group < 1 || used > group) return 'uses more of each group than the group has';
  return { from, to, used, group };
}

const shorten = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const refuse = (text: string, why: string): Result<never> =>
  failed(new CodedError('bad-usage', `“${shorten(text.trim())}” is not a list of CPUs: ${why}.`, { next: 'Write CPU numbers and ranges, for example 2-3,8.' }));
