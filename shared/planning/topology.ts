import type { TopologyCpu } from '../model/cpu-map.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** The online CPUs of a snapshot as the CPU map needs them. What the board does not tell counts as one socket, node 0, a core of its own. */
export function topologyOf(snapshot: Snapshot): TopologyCpu[] {
  const l2 = new Map(snapshot.caches.filter(({ level, type }) => level === 2 && type !== 'instruction').flatMap(({ cpus }) => cpus.map((cpu) => [cpu, Math.min(...cpus)] as const)));
  return snapshot.cpus.list.filter((cpu) => cpu.online).map((cpu) => ({
    cpu: cpu.cpu,
    // Core numbers repeat between dies of a socket; the lowest sibling names the core unmistakably.
    core: cpu.siblings.length > 0 ? Math.min(...cpu.siblings) : cpu.cpu,
    socket: cpu.socket ?? 0,
    node: cpu.node ?? 0,
    kind: cpu.kind,
    l2: l2.get(cpu.cpu),
  }));
}
