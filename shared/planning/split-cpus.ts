import type { Snapshot } from '../model/snapshot.ts';
import { parseCpuList } from '../parsers/cpu-list.ts';
import { splitIsolcpus } from './kernel-command-line/checks/cpu-lists.ts';
import { splitCommandLine } from './kernel-command-line/command-line.ts';

/** Which CPUs are the host's: as told, else as the board is or will be started, else the first core of every node. */
export function splitCpus(snapshot: Pick<Snapshot, 'cpus' | 'kernel'>, told: readonly number[] | null): { housekeeping: number[]; isolated: number[] } {
  const { online, list } = snapshot.cpus;
  const asked = told ?? hostCpusOf(snapshot);
  const housekeeping = asked.filter((cpu) => online.includes(cpu));
  if (housekeeping.length > 0) return { housekeeping: [...housekeeping], isolated: online.filter((cpu) => !housekeeping.includes(cpu)) };
  const firsts = [...new Set(list.filter((cpu) => cpu.online).map((cpu) => cpu.node ?? 0))].map((node) => list.find((cpu) => cpu.online && (cpu.node ?? 0) === node));
  const kept = [...new Set(firsts.flatMap((cpu) => (cpu ? [cpu.cpu, ...cpu.siblings] : [])))].filter((cpu) => online.includes(cpu)).sort((a, b) => a - b);
  const chosen = kept.length === online.length ? online.slice(0, 1) : kept;
  return { housekeeping: chosen, isolated: online.filter((cpu) => !chosen.includes(cpu)) };
}

/** The CPUs left over by the isolcpus= of the next start, or of this one. Empty when there is none that can be read. */
function hostCpusOf({ kernel, cpus }: Pick<Snapshot, 'cpus' | 'kernel'>): number[] {
  for (const line of [kernel.pending.commandLine, kernel.commandLine]) {
    const value = splitCommandLine(line ?? '').find(({ name }) => name === 'isolcpus')?.value;
    if (value === null || value === undefined) continue;
    const list = parseCpuList(splitIsolcpus(value).list);
    const isolated = list.ok ? list.value.filter((cpu) => cpus.online.includes(cpu)) : [];
    if (isolated.length > 0 && isolated.length < cpus.online.length) return cpus.online.filter((cpu) => !isolated.includes(cpu));
  }
  return [];
}
