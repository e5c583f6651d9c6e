import type { CyclictestRun, RunResult, ThreadResult } from '../../model/run.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { isVirtualised } from '../virtualised.ts';
import type { MeasuredLine, MeasuredResult } from './measured-result.ts';

/** What a run is to a comparison. The snapshot it was started from tells kinds of CPUs and whether this is a virtual machine. */
export function resultOfRun(run: CyclictestRun, result: RunResult, snapshot: Snapshot | null): MeasuredResult {
  return {
    name: run.id, tool: run.benchmark, version: null, measures: run.benchmark,
    lines: result.threads.map((thread) => lineOf(run, result, thread, snapshot)),
    scalars: [],
    invalid: result.verdict.grade === 'not comparable' ? result.verdict.reasons : [],
    notes: [...result.conditions, ...result.warnings],
    virtualised: isVirtualised(snapshot),
  };
}

function lineOf(run: CyclictestRun, result: RunResult, thread: ThreadResult, snapshot: Snapshot | null): MeasuredLine {
  const { index, cpu, samples, minUs, avgUs, maxUs, overflows, histogram } = thread;
  const key = cpu === undefined ? `thread ${index}` : `CPU ${cpu}`;
  const kind = snapshot?.cpus.list.find((one) => one.cpu === cpu)?.kind ?? null;
  return {
    key, kind: kind === null ? '' : `${kind} CPUs`,
    distribution: {
      label: key, cpu: cpu ?? null, samples, overflows,
      minNs: inNs(minUs), avgNs: inNs(avgUs), maxNs: inNs(maxUs),
      buckets: (histogram ?? []).map(([us, count]) => [us * 1000, count]),
    },
    resolutionNs: 1000,
    boundNs: run.options.histogramUs * 1000,
    blockMaximaNs: blockMaxima(result, cpu, index),
  };
}

/** Segments that ran their full time are blocks of equal length. */
function blockMaxima({ segments }: RunResult, cpu: number | undefined, index: number): number[] | null {
  const complete = segments.filter((segment) => segment.complete);
  const length = Math.max(0, ...complete.map(({ startedAtSeconds, endedAtSeconds }) => endedAtSeconds - startedAtSeconds));
  const equal = complete.filter(({ startedAtSeconds, endedAtSeconds }) => endedAtSeconds - startedAtSeconds > length - 2);
  const maxima = equal.flatMap(({ threads }) => {
    const maxUs = threads.find((thread) => (cpu === undefined ? thread.index === index : thread.cpu === cpu))?.maxUs ?? null;
    return maxUs === null ? [] : [maxUs * 1000];
  });
  return maxima.length > 1 ? maxima : null;
}

const inNs = (us: number | null) => (us === null ? null : us * 1000);
