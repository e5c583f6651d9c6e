import type { CyclictestRun, RunResult, SegmentResult, ThreadResult } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isWarning } from '../parsers/cyclictest/failures.ts';
import { parseCyclictest } from '../parsers/cyclictest/parse-cyclictest.ts';
import type { JournalSegment, RunJournal } from '../parsers/run-journal-model.ts';
import { claimSentence } from './claim.ts';
import { enoughOfExpected, expectedSamples, missedPeriods } from './expected-samples.ts';
import { mergeByCpu, mergeThreads } from './merge-threads.ts';
import { percentilesOf } from './percentiles.ts';
import { conditionsOf } from './run-conditions.ts';
import { judge } from './verdict.ts';
import { countInWords, durationInWords, latencyInWords } from './words.ts';

export interface ResultContext {
  /** Whether the board is a virtual machine; null when that is not known. */
  readonly virtualised: boolean | null;
  /** Gates that failed: why this board's runs cannot be compared at all. */
  readonly notComparable?: readonly string[];
  /** What else has to be stated with the result: a firmware that takes the CPUs away. */
  readonly conditions?: readonly string[];
  /** What was known of the board when the run was started. */
  readonly snapshot?: Snapshot | null;
}

/**
 * Puts a run's result together from its journal, whole or not. Segments are merged exactly, CPU by CPU: thread i is on
 * the i-th measured CPU. `expectedSamples` is what the time measured and the interval imply, over all measured CPUs. Segments carry no
 * histogram of their own (the raw output has it). What a broken segment showed live is never mixed with exact counts;
 * only where there are no exact counts at all it stands in for them.
 */
export function runResultOf(run: CyclictestRun, journal: RunJournal, context: ResultContext): RunResult {
  const { options } = run;
  const readings = journal.segments.map((segment) => readSegment(run, segment, journal.lastAtSeconds));
  const exact = readings.filter((reading) => reading.exact);
  const used = exact.length > 0 ? exact : readings.filter((reading) => reading.threads.length > 0);
  const threads = mergeByCpu(used.map((reading) => reading.threads));
  const measuredSeconds = sum(used.map((reading) => reading.seconds));
  const expected = expectedSamples({ seconds: measuredSeconds, intervalUs: options.intervalUs });
  const knowledge = { boundUs: options.histogramUs };
  const merged = mergeThreads(threads, { index: 0 });
  const { notComparable, conditions, warnings } = conditionsOf(run, journal, {
    samples: threads.flatMap(({ cpu, samples }) => (cpu === undefined ? [] : [{ cpu, samples }])),
    expectedSamples: expected, measuredSeconds, virtualised: context.virtualised, snapshot: context.snapshot ?? null,
  });
  const about = { threads, measuredSeconds, deadlineUs: options.deadlineUs, deadlineFraction: options.deadlineFraction, virtualised: context.virtualised, ...knowledge };
  return {
    runId: run.id,
    threads,
    merged,
    percentiles: [{ cpu: null, values: percentilesOf(merged, knowledge) }, ...threads.map((thread) => ({ cpu: thread.cpu ?? null, values: percentilesOf(thread, knowledge) }))],
    expectedSamples: expected * options.cpus.length,
    measuredSeconds,
    gapSeconds: gapSeconds(journal.segments, readings),
    segments: readings.map((reading) => reading.result),
    strip: stripOf(journal.segments, readings),
    verdict: judge({ ...about, validity: { notComparable: [...context.notComparable ?? [], ...notComparable] }, interrupted: unfinished(run), expectedSamples: expected }),
    claim: claimSentence({ ...about, intervalUs: options.intervalUs }),
    conditions: [...context.conditions ?? [], ...run.conditions, ...conditions, ...earlyEnd(run, measuredSeconds)],
    warnings: [...new Set([...warnings, ...readings.flatMap((reading) => reading.warnings), ...leftOut(readings, used), ...missed(threads, expected)])],
  };
}

interface SegmentReading {
  /** Whether the threads come from cyclictest's own final output. */
  readonly exact: boolean;
  readonly threads: ThreadResult[];
  readonly seconds: number;
  readonly warnings: string[];
  readonly result: SegmentResult;
}

function readSegment(run: CyclictestRun, segment: JournalSegment, lastAtSeconds: number): SegmentReading {
  const { options } = run;
  const { stdout, stderr, lastStatus } = segment;
  const cpus = [...options.cpus].sort((a, b) => a - b);
  const output = stdout === null ? null : parseCyclictest(stdout, { unit: 'us' });
  const exact = output !== null && output.ok && output.value.complete && output.value.threads.length === cpus.length;
  const threads: ThreadResult[] = exact
    ? output.value.threads.map((thread) => ({ ...thread, ...cpuOf(cpus, thread.index) }))
    : (lastStatus?.threads ?? []).map(({ cpu, samples, minUs, avgUs, maxUs }, index) => {
      const known = <T>(value: T): T | null => (samples > 0 ? value : null);
      return { index, cpu, samples, minUs: known(minUs), avgUs: known(avgUs), maxUs: known(maxUs), overflows: 0 };
    });
  const endedAtSeconds = segment.endedAtSeconds ?? lastStatus?.atSeconds ?? lastAtSeconds;
  const seconds = Math.min(segment.askedSeconds, Math.max(0, endedAtSeconds - segment.startedAtSeconds));
  const maxUs = maximum([...threads.map((thread) => thread.maxUs), segment.rises.at(-1)?.maxUs ?? null]);
  const complete = exact && segment.exitCode === 0 && seconds >= segment.askedSeconds - 0.5;
  return {
    exact, threads, seconds,
    warnings: [
      ...errorLines(run, stderr ?? ''),
      ...(output?.ok === true ? output.value.warnings : []),
      ...(exact && options.holdDmaLatency && output.value.dmaLatencyUs === undefined ? [notHeld] : []),
      ...(stdout !== null && !exact ? [`Part ${segment.index}: cyclictest’s output is not complete.`] : []),
    ],
    result: { index: segment.index, startedAtSeconds: segment.startedAtSeconds, endedAtSeconds, complete, maxUs, threads: threads.map(withoutHistogram) },
  };
}

const notHeld = 'cyclictest could not hold /dev/cpu_dma_latency: deep idle states were open although they were to be kept shut.';

/** What cyclictest says on standard error and goes on all the same. That it leaves the idle states alone when asked to is no warning. */
function errorLines({ options }: CyclictestRun, stderr: string): string[] {
  return stderr.split('\n').map((line) => line.trim()).filter((line) =>
    isWarning(line) && (options.holdDmaLatency || !/^WARN: not setting cpu_dma_latency/.test(line))).slice(0, 50);
}

function withoutHistogram({ index, cpu, samples, minUs, avgUs, maxUs, overflows }: ThreadResult): ThreadResult {
  return { index, ...(cpu === undefined ? {} : { cpu }), samples, minUs, avgUs, maxUs, overflows };
}

function cpuOf(cpus: readonly number[], index: number): { cpu?: number } {
  const cpu = cpus[index];
  return cpu === undefined ? {} : { cpu };
}

/** Segments that left no exact counts beside others that did: what they showed is said, and not added. */
function leftOut(readings: readonly SegmentReading[], used: readonly SegmentReading[]): string[] {
  return readings.filter((reading) => !used.includes(reading) && reading.threads.length > 0).map(({ result, threads }) =>
    `Part ${result.index} left no counts: its ${countInWords(sum(threads.map(({ samples }) => samples)))} samples seen live are not in the result; its maximum was ${result.maxUs === null ? 'not known' : latencyInWords(result.maxUs)}.`);
}

function missed(threads: readonly ThreadResult[], expected: number): string[] {
  return threads.filter(({ samples }) => samples > 0 && samples < expected * enoughOfExpected).map(({ cpu, samples }) =>
    `CPU ${cpu ?? '?'} took ${countInWords(samples)} of ${countInWords(expected)} samples: ${countInWords(missedPeriods(expected, samples))} periods were slept through.`);
}

/** Time between the first start and the last end in which nothing was measured. */
function gapSeconds(segments: readonly JournalSegment[], readings: readonly SegmentReading[]): number {
  let gap = 0;
  segments.forEach((segment, place) => {
    const [next, reading] = [segments[place + 1], readings[place]];
    if (next !== undefined && reading !== undefined) gap += Math.max(0, next.startedAtSeconds - segment.startedAtSeconds - reading.seconds);
  });
  return Math.round(gap * 100) / 100;
}

/** When each segment's maximum rose, and each segment's final maximum at its end. */
function stripOf(segments: readonly JournalSegment[], readings: readonly SegmentReading[]): RunResult['strip'] {
  return segments.flatMap((segment, place) => {
    const result = readings[place]?.result;
    const last = result === undefined || result.maxUs === null || segment.endedAtSeconds === null ? [] : [{ atSeconds: segment.endedAtSeconds, maxUs: result.maxUs }];
    return [...segment.rises, ...last];
  });
}

/** A run that broke off, or goes on, has no verdict; one that was stopped on request is judged by what it has. */
function unfinished({ state, stateReason }: CyclictestRun): string | null {
  if (state === 'completed' || state === 'stopped') return null;
  return stateReason ?? (state === 'starting' || state === 'running' ? 'It is still going on.' : 'It broke off.');
}

const earlyEnd = ({ state, options }: CyclictestRun, measuredSeconds: number): string[] =>
  (state === 'stopped' ? [`Stopped early: ${durationInWords(measuredSeconds)} of ${durationInWords(options.durationSeconds)} measured.`] : []);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const maximum = (values: ReadonlyArray<number | null>): number | null =>
  values.reduce<number | null>((best, value) => (value === null ? best : Math.max(best ?? value, value)), null);
