import type { VmMap } from '../../../../shared/model/vm-map.ts';
import type { DivisibleCache } from './cache-table.ts';

/** vCPUs of a map that get a share of a cache: those behind it; vCPU 0 keeps house for the guest and shares with the host, where there are others. */
export function shareVcpus({ vcpus }: Pick<VmMap, 'vcpus'>, cpus: readonly number[]): number[] {
  const behind = vcpus.filter(({ cpu }) => cpus.includes(cpu)).map(({ vcpu }) => vcpu).sort((a, b) => a - b);
  return behind.length > 1 ? behind.filter((vcpu) => vcpu !== 0) : behind;
}

/** A map that gives so much of one cache to its vCPUs there, whole ways of it; null: nothing. Other caches stay. */
export function mapWithShare(map: VmMap, cache: Pick<DivisibleCache, 'id' | 'level' | 'wayBytes' | 'cpus' | 'kinds'>, bytes: number | null): VmMap {
  const others = map.cache.filter(({ id, level }) => id !== cache.id || level !== cache.level);
  if (bytes === null) return { ...map, cache: others };
  const granularityBytes = Number.isInteger(cache.wayBytes) ? cache.wayBytes : null;
  const vcpus = shareVcpus(map, cache.cpus);
  return { ...map, cache: [...others, ...cache.kinds.map((type) => ({ vcpus, id: cache.id, level: cache.level, type, sizeBytes: Math.ceil(bytes), granularityBytes }))] };
}
