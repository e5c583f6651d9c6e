import type { CyclictestOptions } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { chooseCpus, conditionsOf } from './cyclictest-board.ts';

/** Up to this long a run is one piece; a longer one is cut, so that a power cut costs at most one piece. */
const segmentSeconds = 600;

/**
 * Options to begin with on this board, and what the result will have to state. Priority 95 is above interrupt threads (50)
 * and below the kernel's migration threads (99); 60 s at 1 ms is a first look, not a verdict.
 */
export function proposeCyclictest(snapshot: Snapshot): { options: CyclictestOptions; conditions: string[] } {
  const { measured, housekeeping } = chooseCpus(snapshot);
  const options: CyclictestOptions = {
    cpus: measured,
    mainCpus: housekeeping,
    priority: 95,
    intervalUs: 1000,
    durationSeconds: 60,
    histogramUs: 400,
    lockMemory: true,
    holdDmaLatency: true,
    segmentSeconds: segmentSecondsFor(60),
    deadlineUs: null,
    deadlineFraction: 1,
  };
  return { options, conditions: conditionsOf(options, snapshot) };
}

/** How long the segments of a run should be: one piece up to ten minutes, else ten minutes each. */
export const segmentSecondsFor = (durationSeconds: number): number => Math.min(durationSeconds, segmentSeconds);
