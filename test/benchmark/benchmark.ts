/** One measured thing. Absolutes are for reading; what must hold is a ratio, taken in one run on one machine. */
export interface Benchmark {
  readonly name: string;
  run(): Promise<Measured>;
}

export interface Measured {
  readonly figures: readonly Figure[];
  readonly ratios: readonly Ratio[];
  /** Why nothing could be measured here. */
  readonly skipped?: string;
}

export interface Figure { readonly name: string; readonly value: number; readonly unit: string }

/** Holds when `value` is at most `limit`. */
export interface Ratio { readonly name: string; readonly value: number; readonly limit: number }

/** The shortest of several rounds, in ms: what the work costs when nothing else disturbs it. */
export async function bestOf(rounds: number, work: () => unknown): Promise<number> {
  let bestMs = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const startMs = performance.now();
    await work();
    bestMs = Math.min(bestMs, performance.now() - startMs);
  }
  return bestMs;
}

/** The least processor time of several rounds, in ms: for work that only computes, and so does not depend on what else runs. */
export function cheapestOf(rounds: number, work: () => unknown): number {
  let bestMs = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    bestMs = Math.min(bestMs, (user + system) / 1_000);
  }
  return bestMs;
}
