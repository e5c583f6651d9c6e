import type { Judged, ToolBenchmark } from '../benchmarks/benchmark.ts';
import { toolBenchmarkOf } from '../benchmarks/catalogue.ts';
import type { ThreadResult, ToolRun, ToolRunResult, Verdict } from '../model/run.ts';
import { hwlatdetectFormat } from '../parsers/hwlatdetect/hwlatdetect-format.ts';
import { parseOutput } from '../parsers/parse-output.ts';
import type { JournalSegment, RunJournal } from '../parsers/run-journal-model.ts';
import type { Distribution, ToolOutput } from '../parsers/tool-output.ts';
import { firmwareGate } from '../planning/firmware/gate.ts';
import { mergeOutputs } from './merge-outputs.ts';
import { conditionsOf } from './run-conditions.ts';
import type { ResultContext } from './run-result.ts';
import { judge } from './verdict.ts';
import { durationInWords } from './words.ts';

/** Puts the result of a run with any tool but cyclictest together from its journal, whole or not. */
export function toolResultOf(run: ToolRun, journal: RunJournal, context: ResultContext): ToolRunResult {
  const benchmark = toolBenchmarkOf(run.benchmark);
  const readings = journal.segments.map((segment) => readSegment(benchmark, segment, journal.lastAtSeconds));
  const output = mergeOutputs(readings.flatMap(({ output: read }) => (read === null ? [] : [read])));
  // What only runs on CPUs is meant to share them: the rules for measured CPUs are not about it.
  const valid = benchmark === undefined || benchmark.cpus === 'runs on' ? { notComparable: [], conditions: [], warnings: journalWarnings(journal) } : conditionsOf(run, journal);
  const { verdict, noVerdict } = judgeTool({ run, journal, context, benchmark, output, notComparable: [...context.notComparable ?? [], ...valid.notComparable] });
  const measuredSeconds = readings.reduce((total, { seconds }) => total + seconds, 0);
  return {
    runId: run.id, benchmark: run.benchmark, output, measuredSeconds,
    gapSeconds: hundredths(gaps(journal.segments)),
    segments: readings.map(({ index, startedAtSeconds, endedAtSeconds, complete, output: read }) => ({ index, startedAtSeconds, endedAtSeconds, complete, maxNs: maximumNs(read?.distributions ?? []) })),
    verdict, noVerdict,
    conditions: [...context.conditions ?? [], ...run.conditions, ...valid.conditions, ...(run.state === 'stopped' ? [`Stopped early: ${durationInWords(measuredSeconds)} of ${durationInWords(run.options.durationSeconds)}.`] : [])],
    warnings: [...new Set([
      ...(benchmark === undefined ? [`This version of RTVM Bench has no benchmark “${run.benchmark}”: its output is kept and not read.`] : []),
      ...readings.flatMap(({ warnings }) => warnings), ...(output?.warnings ?? []),
      ...valid.warnings,
    ])],
  };
}

const journalWarnings = (journal: RunJournal): string[] => [
  ...(journal.torn ? ['The board’s disk became full: the journal is cut in places.'] : []), ...(journal.problem === null ? [] : [journal.problem.message]),
];

interface SegmentReading {
  readonly index: number;
  readonly startedAtSeconds: number;
  readonly endedAtSeconds: number;
  readonly seconds: number;
  readonly complete: boolean;
  readonly output: ToolOutput | null;
  readonly warnings: string[];
}

function readSegment(benchmark: ToolBenchmark | undefined, segment: JournalSegment, lastAtSeconds: number): SegmentReading {
  const { index, startedAtSeconds, exitCode, stdout, stderr } = segment;
  const endedAtSeconds = segment.endedAtSeconds ?? lastAtSeconds;
  const seconds = hundredths(Math.max(0, endedAtSeconds - startedAtSeconds));
  const common = { index, startedAtSeconds, endedAtSeconds, seconds };
  const said = stderr === null || benchmark === undefined ? [] : stderr.split('\n').map((line) => line.trim()).filter((line) => line !== '').slice(0, 20);
  const ended = exitCode === 0 && segment.endedAtSeconds !== null;
  if (benchmark === undefined) return { ...common, complete: false, output: null, warnings: [] };
  if (benchmark.format === null) {
    // A build that broke off took no time worth telling.
    const output = ended ? { tool: benchmark.id, version: null, distributions: [], scalars: [{ name: 'time', value: seconds, unit: 's' }], warnings: [] } : null;
    return { ...common, complete: ended, output, warnings: said };
  }
  if (stdout === null && stderr === null) return { ...common, complete: false, output: null, warnings: [`Part ${index} left no output.`] };
  const parsed = parseOutput(benchmark.format, `${stdout ?? ''}${stderr ?? ''}`);
  if (!parsed.ok) return { ...common, complete: false, output: null, warnings: [`Part ${index}: ${parsed.error.message}`, ...said] };
  // What stands on standard error is among the parser's own remarks.
  return { ...common, complete: ended, output: parsed.value, warnings: [] };
}

interface JudgeRequest {
  readonly run: ToolRun;
  readonly journal: RunJournal;
  readonly context: ResultContext;
  readonly benchmark: ToolBenchmark | undefined;
  readonly output: ToolOutput | null;
  readonly notComparable: readonly string[];
}

type Judgement = Pick<ToolRunResult, 'verdict' | 'noVerdict'>;
const none = (why: string): Judgement => ({ verdict: null, noVerdict: why });

function judgeTool(request: JudgeRequest): Judgement {
  const { run, benchmark, output, context, journal, notComparable } = request;
  if (benchmark === undefined) return none('This version does not know how to judge it.');
  const judged = rulesThatApply(benchmark, run);
  if (judged === null) return none(benchmark.noVerdict);
  if (run.state === 'starting' || run.state === 'running') return none('The run is still going on.');
  const broken = run.state === 'completed' || run.state === 'stopped' ? null : run.stateReason ?? 'It broke off.';
  if (output === null) return { verdict: unusable([...notComparable, broken ?? 'Its output could not be read.']), noVerdict: null };
  if (judged === 'gate') return gateVerdict(request, [...notComparable, ...(broken === null ? [] : [broken])]);
  const threads = threadsOf(benchmark, output.distributions);
  if (threads.length === 0) return { verdict: unusable([...notComparable, broken ?? benchmark.noVerdict]), noVerdict: null };
  const measuredSeconds = journal.segments.reduce((total, { startedAtSeconds, endedAtSeconds }) => total + Math.max(0, (endedAtSeconds ?? journal.lastAtSeconds) - startedAtSeconds), 0);
  const { deadlineUs, deadlineFraction } = run.options;
  return { verdict: judge({ threads, deadlineUs, deadlineFraction, virtualised: context.virtualised, measuredSeconds, validity: { notComparable }, interrupted: broken }), noVerdict: null };
}

/** Null: nothing applies. */
function rulesThatApply({ judged }: ToolBenchmark, { options }: ToolRun): Exclude<Judged, 'none'> | null {
  return judged === 'none' || (judged === 'deadline' && options.deadlineUs === null) ? null : judged;
}

const gateRule = 'The firmware gate: no gap above 10 µs in ten minutes is quiet; gaps limit everything measured above the firmware.';

function gateVerdict({ journal, run, context }: JudgeRequest, obstacles: readonly string[]): Judgement {
  if (context.virtualised === true) return none('In a virtual machine gaps are the host’s doing, and say nothing of a firmware: measure there.');
  const parsed = hwlatdetectFormat.parse(journal.segments.map(({ stdout }) => stdout ?? '').join(''));
  if (obstacles.length > 0 || !parsed.ok) return { verdict: unusable(obstacles.length > 0 ? obstacles : ['Its output could not be read.']), noVerdict: null };
  const gate = firmwareGate({ hwlatdetect: parsed.value, smi: null, inVm: false, openItems: null, deadlineUs: run.options.deadlineUs });
  if (gate.verdict === 'not-measured') return none(`${gate.evidence.join(' ')} ${gate.next}`);
  const grade = gate.verdict === 'quiet' ? 'great' : 'poor';
  return { verdict: { grade, indicative: false, rule: gateRule, reasons: [`${gate.verdict[0]?.toUpperCase() ?? ''}${gate.verdict.slice(1)}.`, ...gate.evidence, gate.next] }, noVerdict: null };
}

const unusable = (reasons: readonly string[]): Verdict => ({ grade: 'not comparable', indicative: false, rule: 'A run is compared only when it reached its end under valid conditions.', reasons: [...reasons] });

/** Distributions as the verdict takes them; of timerlat the whole delay of the thread, which the interrupt's is a part of. */
function threadsOf({ id }: ToolBenchmark, distributions: readonly Distribution[]): ThreadResult[] {
  const wanted = id === 'rtla-timerlat' ? distributions.filter(({ label }) => /thr/i.test(label)) : distributions;
  const us = (ns: number | null) => (ns === null ? null : ns / 1000);
  return wanted.filter(({ samples }) => samples > 0).map(({ cpu, samples, minNs, avgNs, maxNs, overflows, buckets }, index) => ({
    index, ...(cpu === null ? {} : { cpu }), samples, minUs: us(minNs), avgUs: us(avgNs), maxUs: us(maxNs), overflows,
    histogram: buckets.map(([ns, count]) => [ns / 1000, count]),
  }));
}

function gaps(segments: readonly JournalSegment[]): number {
  return segments.reduce((total, segment, place) => {
    const next = segments[place + 1];
    return next === undefined || segment.endedAtSeconds === null ? total : total + Math.max(0, next.startedAtSeconds - segment.endedAtSeconds);
  }, 0);
}

const hundredths = (value: number): number => Math.round(value * 100) / 100;
const maximumNs = (distributions: readonly Distribution[]): number | null =>
  distributions.reduce<number | null>((best, { maxNs }) => (maxNs === null ? best : Math.max(best ?? maxNs, maxNs)), null);
