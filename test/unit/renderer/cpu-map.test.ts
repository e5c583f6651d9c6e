import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../../renderer/topology/cpu-claim.ts';
import { drawnWays, sharedWays } from '../../../renderer/topology/cache-ways.ts';
import { layoutCpuMap } from '../../../renderer/topology/cpu-map-layout.ts';
import { nextCpu } from '../../../renderer/topology/cpu-map-keys.ts';
import { cpuPhrases } from '../../../renderer/topology/cpu-words.ts';
import { snapshotOf } from '../../support/fake-core/machines.ts';

const at = '20261120T141000Z';

describe('layout of the CPU map', () => {
  it('places two sockets with interleaved numbers side by side', () => {
    const { panels, density } = layoutCpuMap(snapshotOf('xeon', at));
    expect(panels.map((panel) => [panel.title, panel.coreCount, panel.threadsPerCore])).toEqual([['Socket 0 · node 0', 32, 1], ['Socket 1 · node 1', 32, 1]]);
    expect(panels[1]?.groups[0]?.clusters[0]?.cores[0]?.threads.map((thread) => thread.cpu)).toEqual([1]);
    expect(density).toBe('normal');
  });

  it('groups 256 CPUs by the cache they share, an offline thread beside its sibling', () => {
    const { panels, density } = layoutCpuMap(snapshotOf('epyc', at));
    expect(panels.map((panel) => [panel.coreCount, panel.groups.length])).toEqual([[64, 8], [64, 8]]);
    expect(density).toBe('tight');
    const last = panels[1]?.groups[7]?.clusters.at(-1)?.cores[0];
    expect(last?.threads.map((thread) => [thread.cpu, thread.online])).toEqual([[127, true], [255, false]]);
  });

  it('draws efficiency cores in the clusters that share an L2', () => {
    const { panels, hybrid } = layoutCpuMap(snapshotOf('hybrid', at));
    const shared = panels[0]?.groups[0]?.clusters.filter((cluster) => cluster.sharedL2 !== null) ?? [];
    expect(hybrid).toBe(true);
    expect(shared.map((cluster) => cluster.cores.map((core) => core.threads[0]?.cpu))).toEqual([[16, 17, 18, 19], [20, 21, 22, 23]]);
  });

  it('shows a CPU of unknown place too', () => {
    const snapshot = snapshotOf('atom', at);
    const list = snapshot.cpus.list.map((cpu) => ({ ...cpu, socket: null, node: null, core: null, siblings: [] }));
    const { panels } = layoutCpuMap({ ...snapshot, cpus: { ...snapshot.cpus, list } });
    expect(panels.map((panel) => [panel.title, panel.coreCount])).toEqual([['Place unknown', 2]]);
  });
});

describe('claims', () => {
  it('tells isolated, still ticking, housekeeping, offline and measured apart', () => {
    const claims = claimsOf({ ...snapshotOf('hybrid', at).cpus, isolated: [4, 5], nohzFull: [4, 6] }, [7]);
    expect([3, 4, 5, 6, 7, 23].map((cpu) => claims.get(cpu))).toEqual(['housekeeping', 'isolated', 'isolated-ticking', 'tickless', 'measured', 'offline']);
  });

  it('says all that is known of a CPU in words', () => {
    const snapshot = snapshotOf('epyc', at);
    const [, second] = snapshot.cpus.list;
    expect(second && cpuPhrases(second, 'housekeeping', snapshot)).toEqual([
      'housekeeping', 'socket 0', 'node 0', 'core 1', 'shares its core with CPU 129', 'L2 2 MiB shared by CPU 1,129', 'L3 32 MiB shared by CPU 0-7,128-135', '0 of 3 interrupts may land here',
    ]);
  });
});

describe('walking over the map', () => {
  const boxes = [0, 1, 2, 3, 4, 5].map((cpu) => ({ cpu, x: (cpu % 3) * 60, y: Math.floor(cpu / 3) * 25 }));

  it('goes along the row, to the row below at the same place, and to both ends', () => {
    expect(nextCpu('ArrowRight', boxes, 2)).toBe(3);
    expect(nextCpu('ArrowDown', boxes, 1)).toBe(4);
    expect(nextCpu('ArrowUp', boxes, 5)).toBe(2);
    expect(nextCpu('Home', boxes, 5)).toBe(0);
    expect(nextCpu('End', boxes, 0)).toBe(5);
    expect(nextCpu('ArrowUp', boxes, 1)).toBeNull();
    expect(nextCpu('a', boxes, 1)).toBeNull();
  });
});

describe('cache ways', () => {
  it('marks the ways that devices use too', () => {
    expect(sharedWays(15, '6000').map((shared, way) => shared ? way : -1).filter((way) => way >= 0)).toEqual([13, 14]);
    expect(sharedWays(4, null)).toEqual([false, false, false, false]);
    expect(sharedWays(4, 'no mask')).toEqual([false, false, false, false]);
  });

  it('draws none where their number is not known', () => {
    const snapshot = snapshotOf('atom', at);
    expect(snapshot.caches.filter((cache) => cache.level === 3).map((cache) => drawnWays(cache, snapshot.resctrl))).toEqual([[]]);
  });
});
