/** Figures of tools have at most six decimals of their unit: through whole thousandths the result is the double nearest to the decimal figure. */
export const nanosecondsOfUs = (us: number) => Math.round(us * 1e6) / 1000;
export const nanosecondsOfMs = (ms: number) => Math.round(ms * 1e9) / 1000;

/** Counts per lower edge as a model wants them: ascending, without zeros. */
export const bucketsOf = (counts: ReadonlyMap<number, number>): Array<[number, number]> =>
  [...counts].filter(([, count]) => count > 0).sort((a, b) => a[0] - b[0]);

/** How many values the buckets count. */
export const countOf = (buckets: ReadonlyArray<readonly [number, number]>) => buckets.reduce((sum, [, count]) => sum + count, 0);
