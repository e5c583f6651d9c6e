/** One measured thing. Absolutes are for reading; what must hold is a ratio, taken in one run on one machine. */
export interface Benchmark {
  readonly name: string;
  run(): Promise<Measured>;
}

export interface Measured {
  readonly figures: readonly Figure[];
  readonly ratios: readonly Ratio[];
  /** Why nothing, or not everything, could be measured here. */
  readonly skipped?: string;
}

export interface Figure { readonly name: string; readonly value: number; readonly unit: string }

/** Holds when `value` is at most `limit`. */
export interface Ratio { readonly name: string; readonly value: number; readonly limit: number }

/** What is reported where nothing can be measured. */
export const skipped = (why: string): Measured => ({ figures: [], ratios: [], skipped: why });

/** How long some work takes, in ms. */
export async function wallMs(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

/** The shortest of several rounds, in ms: what the work costs when nothing else disturbs it. */
export async function bestOf(rounds: number, work: () => unknown): Promise<number> {
  let bestMs = Infinity;
  for (let round = 0; round < rounds; round += 1) bestMs = Math.min(bestMs, await wallMs(work));
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

/** The same for work too short for the clock: the processor time of one of `times` in a row, in ms. */
export function cheapestOfMany(rounds: number, times: number, work: () => unknown): number {
  return cheapestOf(rounds, () => { for (let time = 0; time < times; time += 1) work(); }) / times;
}

/** The value below which a fraction of the values lies (nearest rank). NaN of no values. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * fraction) - 1))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Two ways of doing something, turn by turn, so that what else the machine does befalls both alike. */
export async function inPairs(rounds: number, ours: () => Promise<unknown>, floor: () => Promise<unknown>): Promise<{ oursMs: number; floorMs: number; ratio: number }> {
  const pairs: Array<{ oursMs: number; floorMs: number }> = [];
  for (let round = 0; round < rounds; round += 1) {
    // Whoever goes second finds the caches warm: both do so equally often.
    if (round % 2 === 0) {
      const floorMs = await wallMs(floor);
      pairs.push({ oursMs: await wallMs(ours), floorMs });
    } else {
      const oursMs = await wallMs(ours);
      pairs.push({ oursMs, floorMs: await wallMs(floor) });
    }
  }
  return { oursMs: median(pairs.map((pair) => pair.oursMs)), floorMs: median(pairs.map((pair) => pair.floorMs)), ratio: median(pairs.map((pair) => pair.oursMs / pair.floorMs)) };
}
