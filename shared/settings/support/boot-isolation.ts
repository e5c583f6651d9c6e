import { formatCpuList, parseCpuList } from '../../parsers/cpu-list.ts';
import { splitIsolcpus } from '../../planning/kernel-command-line/checks/cpu-lists.ts';
import type { BoardView } from '../setting.ts';
import type { Persistent } from './live-value.ts';

/**
 * What the next start leaves to work without a CPU of its own, by the command line it will have: all CPUs but those that
 * isolcpus= (with its domain flag) or nohz_full= names. Null: the command line names none.
 */
export const bootIsolation = (names: readonly string[]) => ({ pending, snapshot }: BoardView): Persistent | null => {
  for (const word of pending ?? []) {
    if (!names.includes(word.name) || word.value === null) continue;
    const { flags, list } = word.name === 'isolcpus' ? splitIsolcpus(word.value) : { flags: [] as readonly string[], list: word.value };
    if (flags.length > 0 && !flags.includes('domain')) continue;
    const cpus = parseCpuList(list, { highest: Math.max(0, ...snapshot.cpus.present) });
    if (cpus.ok && cpus.value.length > 0) return { value: formatCpuList(snapshot.cpus.online.filter((cpu) => !cpus.value.includes(cpu))), evidence: `command line: ${word.text}` };
  }
  return null;
};
