/** Uniform numbers in (0, 1), the same ones for the same seed: an estimate must come out alike whenever it is made again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // The mixing of Marsaglia's Weyl generator with a 32-bit finaliser (mulberry32); its period is 2^32.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}
