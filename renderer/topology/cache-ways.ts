/** Whether each way of a cache is also used by devices, from a hexadecimal mask (bit 0 = way 0). */
export function sharedWays(ways: number, shareableBits: string | null): boolean[] {
  const bits = shareableBits !== null && /^[0-9a-fA-F]{1,16}$/.test(shareableBits) ? BigInt(`0x${shareableBits}`) : 0n;
  return Array.from({ length: ways }, (_, way) => ((bits >> BigInt(way)) & 1n) === 1n);
}
