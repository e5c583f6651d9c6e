export interface Timing {
  readonly seconds: number;
  readonly intervalUs: number;
  /** What cyclictest's `-d` adds per thread: 500 µs unless given, 0 with a histogram. */
  readonly distanceUs?: number;
  readonly threadIndex?: number;
}

/** How many samples a thread takes when it misses no period: thread i wakes every interval + i × distance. */
export function expectedSamples({ seconds, intervalUs, distanceUs = 0, threadIndex = 0 }: Timing): number {
  const periodUs = intervalUs + threadIndex * distanceUs;
  return seconds > 0 && periodUs > 0 ? Math.floor((seconds * 1e6) / periodUs) : 0;
}

/** cyclictest skips periods that a late wake-up has slept through: one stall is one sample. These are not seen, so they are counted here. */
export const missedPeriods = (expected: number, samples: number): number => Math.max(0, expected - samples);

/** Starting and stopping cost a few periods; fewer samples than this part of the expected ones is more than that. */
export const enoughOfExpected = 0.99;
