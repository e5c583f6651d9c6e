import type { TopologyCpu } from '../model/cpu-map.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** The online CPUs of a snapshot as the CPU map needs them. What the board does not tell counts as one socket, node 0, a core of its own. */
export function topologyOf(snapshot: Snapshot): TopologyCpu[] {
  return snapshot.cpus.list.filter((cpu) => cpu.online).map((cpu) => ({
    cpu: cpu.cpu,
    // Core numbers repeat between dies of a socket; the lowest sibling names the core unmistakably.
    core: cpu.siblings.length > 0 ? Math.min(...cpu.siblings) : cpu.cpu,
    socket: cpu.socket ?? 0,
    node: cpu.node ?? 0,
    kind: cpu.kind,
  }));
}
