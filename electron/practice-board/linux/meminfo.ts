import type { PretendLinux } from './pretend-linux.ts';

export interface MemoryFigures {
  readonly totalKib: number;
  readonly freeKib: number;
  readonly availableKib: number;
  readonly cachedKib: number;
  readonly hugePages: number;
}

/** Memory of the machine, or of one node of it. */
export function memoryFigures(linux: PretendLinux, node?: number): MemoryFigures {
  const nodes = linux.spec.nodes.filter(({ id }) => node === undefined || id === node);
  const totalKib = nodes.reduce((sum, one) => sum + one.memoryKib, 0);
  const share = nodes.length / linux.spec.nodes.length;
  const used = linux.processes.all().reduce((sum, process) => sum + (process.argv.length > 0 ? process.residentKb : 0), 0) * share;
  const hugePages = linux.hugePages(2048, node);
  const huge = hugePages * 2048 + linux.hugePages(1_048_576, node) * 1_048_576;
  const cachedKib = Math.round(totalKib * 0.012);
  const freeKib = Math.max(0, Math.round(totalKib * 0.974 - used - huge - cachedKib));
  return { totalKib, freeKib, availableKib: freeKib + Math.round(cachedKib * 0.8), cachedKib, hugePages };
}

export function meminfo(linux: PretendLinux): string {
  const memory = memoryFigures(linux);
  const row = (name: string, value: number, unit = ' kB'): string => `${`${name}:`.padEnd(16)}${String(value).padStart(8)}${unit}\n`;
  return [
    row('MemTotal', memory.totalKib), row('MemFree', memory.freeKib), row('MemAvailable', memory.availableKib), row('Buffers', Math.round(memory.cachedKib / 20)),
    row('Cached', memory.cachedKib), row('SwapCached', 0), row('Mlocked', linux.processes.all().reduce((sum, { lockedKb }) => sum + lockedKb, 0)), row('SwapTotal', 0), row('SwapFree', 0), row('Dirty', 24), row('AnonPages', 91_244), row('Shmem', 1_632),
    row('KernelStack', 12_800), row('PageTables', 2_164), row('AnonHugePages', 0), row('HugePages_Total', memory.hugePages, ''), row('HugePages_Free', memory.hugePages - linux.hypervisor.hugePagesInUse(2048), ''),
    row('HugePages_Rsvd', 0, ''), row('HugePages_Surp', 0, ''), row('Hugepagesize', 2048), row('Hugetlb', memory.hugePages * 2048),
  ].join('');
}
