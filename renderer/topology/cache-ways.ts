import type { Cache, Snapshot } from '../../shared/model/snapshot.ts';

const mostDrawn = 32;

/** The ways of a cache to draw, true where devices use them too; none where their number is unknown or too great to read. */
export function drawnWays(cache: Cache, resctrl: Snapshot['resctrl']): boolean[] {
  if (cache.ways === null || cache.ways > mostDrawn) return [];
  return sharedWays(cache.ways, resctrl.resources.find((resource) => resource.name === `L${String(cache.level)}`)?.shareableBits ?? null);
}

/** Whether each way of a cache is also used by devices, from a hexadecimal mask (bit 0 = way 0). */
export function sharedWays(ways: number, shareableBits: string | null): boolean[] {
  const bits = shareableBits !== null && /^[0-9a-fA-F]{1,16}$/.test(shareableBits) ? BigInt(`0x${shareableBits}`) : 0n;
  return Array.from({ length: ways }, (_, way) => ((bits >> BigInt(way)) & 1n) === 1n);
}
