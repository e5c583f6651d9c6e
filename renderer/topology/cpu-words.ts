import type { Cache, Cpu, Snapshot } from '../../shared/model/snapshot.ts';
import { formatBytes } from '../text/format.ts';
import { formatCpuList } from '../../shared/parsers/cpu-list.ts';

const kindWords = { performance: 'performance core', efficiency: 'efficiency core' } as const;

/** Who has a CPU, and everything the reading says of it, as short phrases. */
export function cpuPhrases(cpu: Cpu, claimant: string, snapshot: Pick<Snapshot, 'caches' | 'interrupts'>): string[] {
  const phrases: string[] = [claimant];
  if (cpu.kind) phrases.push(kindWords[cpu.kind]);
  if (cpu.socket !== null) phrases.push(`socket ${String(cpu.socket)}`);
  if (cpu.node !== null) phrases.push(`node ${String(cpu.node)}`);
  if (cpu.core !== null) phrases.push(`core ${String(cpu.core)}`);
  const others = cpu.siblings.filter((sibling) => sibling !== cpu.cpu);
  if (cpu.siblings.length > 0) phrases.push(others.length > 0 ? `shares its core with CPU ${formatCpuList(others)}` : 'alone on its core');
  for (const cache of snapshot.caches.filter((one) => one.level >= 2 && one.type !== 'instruction' && one.cpus.includes(cpu.cpu))) phrases.push(cachePhrase(cache));
  const aimed = snapshot.interrupts.list.filter((irq) => (irq.effective ?? irq.affinity ?? []).includes(cpu.cpu)).length;
  if (snapshot.interrupts.list.length > 0 && cpu.online) phrases.push(`${String(aimed)} of ${String(snapshot.interrupts.list.length)} interrupts may land here`);
  return phrases;
}

function cachePhrase(cache: Cache): string {
  const size = cache.sizeBytes === null ? '' : ` ${formatBytes(cache.sizeBytes)}`;
  return `L${String(cache.level)}${size}${cache.cpus.length > 1 ? ` shared by CPU ${formatCpuList(cache.cpus)}` : ' of its own'}`;
}

/** `60 MiB L3, 15 ways of 4 MiB`. */
export function cacheTitle(cache: Cache): string {
  const size = cache.sizeBytes === null ? 'size unknown' : formatBytes(cache.sizeBytes);
  const ways = cache.ways !== null && cache.ways > 0 && cache.sizeBytes !== null ? ` · ${String(cache.ways)} ways of ${formatBytes(cache.sizeBytes / cache.ways)}` : '';
  return `L${String(cache.level)} ${size}${ways}`;
}
