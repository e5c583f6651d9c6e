import type { Cache, Cpu, Snapshot } from '../../shared/model/snapshot.ts';

/** One core: its hardware threads side by side. */
export interface CoreBox { readonly key: string; readonly threads: readonly Cpu[]; readonly kind: Cpu['kind'] }

/** Cores that share an L2 (a module of efficiency cores); most clusters are one core. */
export interface Cluster { readonly key: string; readonly cores: readonly CoreBox[]; readonly sharedL2: Cache | null }

/** Cores behind one last-level cache. */
export interface CacheGroup { readonly key: string; readonly lastLevel: Cache | null; readonly clusters: readonly Cluster[] }

/** One NUMA node of one socket: a panel of the map. */
export interface NodePanel {
  readonly key: string;
  readonly title: string;
  readonly socket: number | null;
  readonly node: number | null;
  readonly coreCount: number;
  readonly threadsPerCore: number;
  readonly memoryBytes: number | null;
  readonly groups: readonly CacheGroup[];
}

/** How big a core is drawn: many cores need small boxes, few may be comfortable. */
export type Density = 'roomy' | 'normal' | 'tight';

export interface CpuMapLayout { readonly panels: readonly NodePanel[]; readonly density: Density; readonly hybrid: boolean }

/** Places every present CPU of a snapshot: socket, node, last-level cache, shared L2, core, thread. CPUs whose place is unknown come in a panel of their own. */
export function layoutCpuMap(snapshot: Pick<Snapshot, 'cpus' | 'caches' | 'numaNodes'>): CpuMapLayout {
  const panels = new Map<string, Cpu[]>();
  for (const cpu of snapshot.cpus.list) push(panels, `${String(cpu.socket ?? '?')}/${String(cpu.node ?? '?')}`, cpu);
  const made = [...panels].map(([key, cpus]) => nodePanel(key, cpus, snapshot)).sort(byPlace);
  const mostCores = Math.max(0, ...made.map((panel) => panel.coreCount));
  return {
    panels: made,
    density: mostCores <= 6 ? 'roomy' : mostCores <= 32 ? 'normal' : 'tight',
    hybrid: snapshot.cpus.list.some((cpu) => cpu.kind !== null),
  };
}

function nodePanel(key: string, cpus: readonly Cpu[], snapshot: Pick<Snapshot, 'caches' | 'numaNodes'>): NodePanel {
  const socket = cpus[0]?.socket ?? null;
  const node = cpus[0]?.node ?? null;
  const cores = coresOf(cpus);
  const topLevel = Math.max(0, ...snapshot.caches.map((cache) => cache.level));
  const groups = new Map<string, CoreBox[]>();
  for (const core of cores) push(groups, cacheKey(cacheOf(snapshot.caches, topLevel, core)), core);
  return {
    key, socket, node,
    title: socket === null && node === null ? 'Place unknown' : `Socket ${String(socket ?? '?')} · node ${String(node ?? '?')}`,
    coreCount: cores.length,
    threadsPerCore: Math.max(1, ...cores.map((core) => core.threads.length)),
    memoryBytes: snapshot.numaNodes.find((candidate) => candidate.id === node)?.memoryBytes ?? null,
    groups: [...groups].map(([groupKey, members]) => ({
      key: groupKey,
      lastLevel: members[0] ? cacheOf(snapshot.caches, topLevel, members[0]) : null,
      clusters: topLevel > 2 ? clustersOf(members, snapshot.caches) : members.map((core) => ({ key: core.key, cores: [core], sharedL2: null })),
    })),
  };
}

/** Threads of one core share its number, or where that is unknown name each other as siblings. */
function coresOf(cpus: readonly Cpu[]): CoreBox[] {
  const cores = new Map<string, Cpu[]>();
  for (const cpu of cpus) {
    const lead = cpu.siblings.length > 0 ? `s${String(Math.min(...cpu.siblings))}` : `x${String(cpu.cpu)}`;
    push(cores, cpu.core === null ? lead : `c${String(cpu.die)}.${String(cpu.core)}`, cpu);
  }
  return [...cores]
    .map(([key, threads]) => ({ key, threads: [...threads].sort((a, b) => a.cpu - b.cpu), kind: threads[0]?.kind ?? null }))
    .sort((a, b) => (a.threads[0]?.cpu ?? 0) - (b.threads[0]?.cpu ?? 0));
}

function clustersOf(cores: readonly CoreBox[], caches: readonly Cache[]): Cluster[] {
  const clusters = new Map<string, { cores: CoreBox[]; cache: Cache | null }>();
  for (const core of cores) {
    const cache = cacheOf(caches, 2, core);
    const key = cache ? cacheKey(cache) : `core ${core.key}`;
    const known = clusters.get(key);
    if (known) known.cores.push(core);
    else clusters.set(key, { cores: [core], cache });
  }
  return [...clusters].map(([key, { cores: members, cache }]) => ({ key, cores: members, sharedL2: members.length > 1 ? cache : null }));
}

const cacheOf = (caches: readonly Cache[], level: number, core: CoreBox): Cache | null =>
  caches.find((cache) => cache.level === level && cache.type !== 'instruction' && core.threads.some((thread) => cache.cpus.includes(thread.cpu))) ?? null;

const cacheKey = (cache: Cache | null) => cache ? `L${String(cache.level)} ${String(cache.id)} ${cache.cpus.join(',')}` : 'none';

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

const byPlace = (a: NodePanel, b: NodePanel) =>
  (a.socket ?? Infinity) - (b.socket ?? Infinity) || (a.node ?? Infinity) - (b.node ?? Infinity) || 0;
