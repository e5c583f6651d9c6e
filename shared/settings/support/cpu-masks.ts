import { formatCpuList, parseCpuList, parseCpuMask } from '../../parsers/cpu-list.ts';
import { formatCpuMask } from '../../parsers/cpu-mask.ts';
import type { BoardView } from '../setting.ts';

/** A mask as the list it stands for; what is no mask stays as it is. */
export function maskShown(text: string): string {
  const cpus = parseCpuMask(text);
  return cpus.ok ? formatCpuList(cpus.value) : text;
}

/** A list as a mask as wide as the one it replaces. */
export function maskWritten(list: string, now: string): string {
  const cpus = parseCpuList(list);
  return cpus.ok ? formatCpuMask(cpus.value, now.replaceAll(',', '').length) : list;
}

/** A list none of whose CPUs is to be isolated; what is no list is none. */
export function avoidsIsolated(list: string, { isolated }: BoardView): boolean {
  const answers = known.get(isolated) ?? new Map<string, boolean>();
  known.set(isolated, answers);
  const before = answers.get(list);
  if (before !== undefined) return before;
  const cpus = parseCpuList(list);
  const avoids = cpus.ok && !cpus.value.some((cpu) => isolated.includes(cpu));
  answers.set(list, avoids);
  return avoids;
}

// The same few lists are asked about by every mask of a board.
const known = new WeakMap<readonly number[], Map<string, boolean>>();

/** The housekeeping CPUs, where there are others to keep something from. */
export const housekeepingAsked = ({ isolated, housekeeping }: BoardView): { value: string } | { notAskedFor: string } =>
  (isolated.length === 0 ? { notAskedFor: 'No CPU is to be isolated.' } : { value: formatCpuList(housekeeping) });
