import type { Snapshot } from '../../model/snapshot.ts';
import { parseCpuList } from '../../parsers/cpu-list.ts';
import { counterDeltas, type CounterDeltas } from '../../parsers/counters/counter-deltas.ts';
import { parseCounters } from '../../parsers/counters/counters.ts';
import type { RunJournal } from '../../parsers/run-journal-model.ts';

/** What a run was asked to be, as far as it matters for its validity; null where the tool has no such option. */
export interface AskedRun {
  readonly cpus: readonly number[];
  readonly mainCpus: readonly number[];
  readonly priority: number | null;
  readonly holdDmaLatency: boolean | null;
  readonly intervalUs: number | null;
  /** Loads were at work on the board itself. */
  readonly loadedHere: boolean;
  /** One wake-up a sample, on a thread for each measured CPU: cyclictest. */
  readonly wakesPerSample: boolean;
}

/** What it became, as far as that is known. */
export interface MeasuredRun {
  readonly samples: ReadonlyArray<{ readonly cpu: number; readonly samples: number }>;
  /** Samples a CPU should have; null when not known. */
  readonly expectedSamples: number | null;
  readonly measuredSeconds: number;
  readonly virtualised: boolean | null;
  /** What was known of the board when the run was started; null: it had not been read. */
  readonly snapshot: Snapshot | null;
}

/** Everything a rule may look at. */
export interface RunEvidence extends AskedRun, MeasuredRun {
  readonly journal: RunJournal;
  readonly deltas: CounterDeltas | null;
  /** CPUs the running kernel kept free, as the run's journal says. */
  readonly isolated: readonly number[];
}

/** Joins a run with its journal. */
export function evidenceOf(asked: AskedRun, measured: MeasuredRun, journal: RunJournal): RunEvidence {
  const isolated = parseCpuList(journal.header?.facts.get('isolated') ?? '');
  return { ...asked, ...measured, cpus: [...asked.cpus].sort((a, b) => a - b), journal, deltas: deltasOf(journal), isolated: isolated.ok ? isolated.value : [] };
}

/** From the first reading of the counters to the last; null where there are not two. */
export function deltasOf({ firstCounters, lastCounters }: RunJournal): CounterDeltas | null {
  if (firstCounters === null || lastCounters === null || firstCounters === lastCounters) return null;
  return counterDeltas(parseCounters(firstCounters.texts, firstCounters.atSeconds), parseCounters(lastCounters.texts, lastCounters.atSeconds));
}

export const secondsOf = ({ fromSeconds, toSeconds }: CounterDeltas): number => Math.max(toSeconds - fromSeconds, 0.01);
