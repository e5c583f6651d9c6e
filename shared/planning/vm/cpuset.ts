import { formatCpuList, highestCpuNumber } from '../../parsers/cpu-list.ts';

/**
 * Reads libvirt's list of numbers: `0-3,8,^2`, where `^2` takes 2 out of what came before. null where it is none.
 * Source: libvirt, Domain XML format, “CPU Allocation”.
 */
export function parseCpuset(text: string | undefined): number[] | null {
  if (text === undefined || text.length > 65_536) return null;
  const cpus = new Set<number>();
  for (const part of text.split(',')) {
    const [, without, first, last] = /^\s*(\^?)(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part) ?? [];
    if (first === undefined || (without !== '' && last !== undefined)) return null;
    const [from, to] = [Number(first), Number(last ?? first)];
    if (from > to || to > highestCpuNumber) return null;
    for (let cpu = from; cpu <= to; cpu++) {
      if (without === '') cpus.add(cpu);
      else cpus.delete(cpu);
    }
  }
  return [...cpus].sort((a, b) => a - b);
}

/** How many numbers a list names at most, without making them. */
export function cpusetLength(text: string): number {
  return text.split(',').reduce((sum, part) => {
    const [, first, last] = /^\s*(\d{1,5})-(\d{1,5})\s*$/.exec(part) ?? [];
    return sum + (first === undefined ? 1 : Math.max(0, Number(last) - Number(first)) + 1);
  }, 0);
}

/** As the domains of Intel's guide are written, and as libvirt reads them: `4,6,8-10`. */
export const formatCpuset = formatCpuList;

export const sameNumbers = (a: readonly number[] | null, b: readonly number[]): boolean => a !== null && a.length === b.length && a.every((value, index) => value === b[index]);
