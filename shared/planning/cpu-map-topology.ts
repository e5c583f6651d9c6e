import type { TopologyCpu } from '../model/cpu-map.ts';

/** A topology, arranged for questions about its CPUs. */
export interface CpuPlaces {
  readonly online: ReadonlyMap<number, TopologyCpu>;
  /** All CPU numbers, ascending. */
  readonly cpus: readonly number[];
  readonly nodes: readonly number[];
  /** The other hardware threads of a CPU's core; none where SMT is off. */
  siblingsOf(cpu: number): readonly number[];
  nodeOf(cpu: number): number | null;
}

export function placesOf(topology: readonly TopologyCpu[]): CpuPlaces {
  const online = new Map(topology.map((entry) => [entry.cpu, entry]));
  // Core numbers repeat between sockets.
  const key = (entry: TopologyCpu) => `${entry.socket}/${entry.core}`;
  const cores = new Map<string, number[]>();
  for (const entry of online.values()) {
    const core = cores.get(key(entry));
    if (core) core.push(entry.cpu);
    else cores.set(key(entry), [entry.cpu]);
  }
  const siblings = new Map([...online.values()].map((entry) => [entry.cpu, (cores.get(key(entry)) ?? []).filter((cpu) => cpu !== entry.cpu)]));
  return {
    online,
    cpus: [...online.keys()].sort((a, b) => a - b),
    nodes: [...new Set(topology.map((entry) => entry.node))].sort((a, b) => a - b),
    siblingsOf: (cpu) => siblings.get(cpu) ?? [],
    nodeOf: (cpu) => online.get(cpu)?.node ?? null,
  };
}
