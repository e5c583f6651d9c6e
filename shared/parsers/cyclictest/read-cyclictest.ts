import { CodedError } from '../../contract/errors.ts';
import { failed, ok, type Result } from '../../contract/result.ts';
import { LineReader } from './line-reader.ts';
import type { CyclictestOutput, Unit } from './output.ts';
import { toUs, type CyclictestReading, type ReadThread } from './reading.ts';
import { severalRuns } from './summary-blocks.ts';
import type { SummaryLine } from './summary-line.ts';

export interface ReadOptions {
  /** The unit cyclictest measured in, where the caller knows it: a histogram (`-q -h`) does not tell it. */
  readonly unit?: Unit;
}

/** What one part of an output gives. */
interface Part {
  readonly form: CyclictestOutput['form'];
  readonly threads: readonly ReadThread[];
  readonly complete: boolean;
  readonly warnings: readonly string[];
  readonly bound: number | null;
  readonly unit: Unit | null;
}

/**
 * Reads any output of cyclictest 1.0 to 2.10, standard error mixed in or not: summary, live display (as bytes or through
 * a terminal), verbose, histogram, JSON, status of a FIFO or a signal. Total: any text gives a value or `output-unreadable`
 * that names the line and the reason. Histograms stay in columns and in the tool's unit; `parseCyclictest` gives plain data.
 */
export function readCyclictest(text: string, options: ReadOptions = {}): Result<CyclictestReading> {
  const reader = new LineReader(text);
  reader.readAll();
  if (reader.mixed) return failed(unreadable(reader));
  const part = jsonPart(reader) ?? histogramPart(reader) ?? summaryPart(reader) ?? verbosePart(reader);
  if (part === null) return failed(unreadable(reader));
  const warnings = [...reader.warnings, ...part.warnings, ...readingWarnings(reader)];
  const unit = options.unit ?? part.unit ?? guessUnit(part.threads, warnings);
  const bound = part.bound ?? reader.section?.bound ?? null;
  return ok({
    tool: 'cyclictest',
    version: reader.report?.version ?? reader.version,
    form: part.form,
    unit,
    complete: part.complete,
    threads: part.threads.map((thread) => ({ ...thread, cpu: thread.cpu ?? reader.cpus.get(thread.index) ?? null })),
    histogramBoundUs: bound === null ? null : toUs(bound, unit),
    ...extras(reader, unit),
    warnings,
  });
}

function jsonPart({ report }: LineReader): Part | null {
  if (report === null || report.threads.length === 0) return null;
  return { form: 'json', complete: true, threads: report.threads, warnings: report.warnings, bound: report.bound, unit: report.unit };
}

function histogramPart(reader: LineReader): Part | null {
  const { section } = reader;
  if (section === null || !section.fits) return null;
  const { lines } = reader.blocks.finish();
  // A cut histogram knows neither maximum nor overflows; the live display beside it does.
  if (!section.complete && lines.length > 0) return null;
  const { threads, warnings } = section.threads();
  if (threads.length === 0) return null;
  const missing = section.complete ? [] : ['The histogram is cut before its overflow counts: samples beyond it are not counted, and the maximum may be missing.'];
  const unit = reader.summaryUnits.size === 0 ? null : unitOf(reader);
  return { form: 'histogram', complete: section.complete, threads, warnings: [...warnings, ...missing], bound: section.bound, unit };
}

function summaryPart(reader: LineReader): Part | null {
  const { lines, complete } = reader.blocks.finish();
  if (lines.length === 0) return null;
  const lost = reader.section !== null;
  return {
    form: 'summary', threads: lines.map(threadOf), complete: complete && !reader.cut && !lost, bound: null,
    warnings: lost ? ['The histogram is cut or does not fit its threads; only the figures of the display are used.'] : [],
    unit: unitOf(reader),
  };
}

function verbosePart(reader: LineReader): Part | null {
  if (reader.verbose.empty) return null;
  return { form: 'verbose', complete: !reader.cut, bound: null, unit: null, ...reader.verbose.threads(reader.cpus) };
}

/** With no more than a blank display the width of the fields says nothing wrong either: it is µs by default. */
const unitOf = ({ summaryUnits }: LineReader): Unit => (summaryUnits.has('ns') && !summaryUnits.has('us') ? 'ns' : 'us');

function threadOf(line: SummaryLine): ReadThread {
  const measured = (value: number) => (line.samples === 0 ? null : value);
  return { index: line.index, cpu: null, samples: line.samples, min: measured(line.min), avg: measured(line.avg), max: measured(line.max), overflows: 0, histogram: null };
}

/**
 * Histograms and verbose lines do not name their unit. No timer takes a whole millisecond at best on every thread, while
 * 1000 ns is less than any takes: so minima of 1000 and more are ns.
 */
function guessUnit(threads: readonly ReadThread[], warnings: string[]): Unit {
  const minima = threads.flatMap(({ min }) => (min === null ? [] : [min]));
  if (minima.length === 0 || minima.some((min) => min < 1000)) return 'us';
  warnings.push(`The output does not name its unit; the smallest latency is ${minima.reduce((a, b) => Math.min(a, b))}, so it is read as nanoseconds (-N).`);
  return 'ns';
}

function readingWarnings(reader: LineReader): string[] {
  const warnings: string[] = [];
  if (reader.blocks.runs > 1) warnings.push(severalRuns(reader.blocks.runs));
  if (reader.usageLine !== null) warnings.push(`From line ${reader.usageLine} on it is the usage text, which was not read.`);
  if (!reader.verbose.empty && reader.blocks.finish().lines.length > 0) warnings.push('There are single samples (-v) beside a summary, which one run does not print; the samples are not used.');
  if (reader.sections > 1) warnings.push(`There are ${reader.sections} histograms in this output; the last one is used.`);
  if (reader.cut) warnings.push('The last line is cut and was not used.');
  const { stranger } = reader;
  if (stranger !== null) warnings.push(`${reader.strangers === 1 ? 'One line was' : `${reader.strangers} lines were`} not understood, first line ${stranger.line}: “${shorten(stranger.text)}”.`);
  return warnings;
}

type Extras = Pick<CyclictestOutput, 'realtimeFlag' | 'dmaLatencyUs' | 'breaktrace' | 'spikes' | 'overflowCycles' | 'smiCounts'>;

function extras(reader: LineReader, unit: Unit): Extras {
  const { section, report, threadIds, breakThread, breakValue } = reader;
  const hit = breakThread === null ? null : {
    threadId: breakThread,
    index: threadIds === null || !threadIds.includes(breakThread) ? null : threadIds.indexOf(breakThread),
    valueUs: breakValue === null ? null : toUs(breakValue, unit),
  };
  const smiCounts = section?.smiCounts ?? reader.blocks.finish().lines.flatMap((line) => (line.smiCount === null ? [] : [line.smiCount]));
  return {
    ...(report?.realtimeFlag === undefined ? {} : { realtimeFlag: report.realtimeFlag }),
    ...(reader.dmaLatency === undefined ? {} : { dmaLatencyUs: reader.dmaLatency }),
    ...(threadIds === null && hit === null ? {} : { breaktrace: { threadIds: threadIds ?? [], hit } }),
    ...(reader.spikes.length === 0 && reader.spikeTotal === null ? {} : { spikes: { total: reader.spikeTotal, list: reader.spikes.map((spike) => ({ ...spike, valueUs: toUs(spike.valueUs, unit) })) } }),
    ...(section === null || section.overflowCycles.length === 0 ? {} : { overflowCycles: section.overflowCycles }),
    ...(smiCounts.length === 0 ? {} : { smiCounts }),
  };
}

function unreadable(reader: LineReader): CodedError {
  const remark = reader.failure ?? reader.stranger;
  if (remark !== null) {
    return new CodedError('output-unreadable', `Line ${remark.line} “${shorten(remark.text)}”: ${remark.meaning}.`, { next: remark.next, details: { line: remark.line } });
  }
  const next = 'Look into the file given with --json or --histfile, or run again and let it end (SIGTERM ends it cleanly).';
  if (reader.lines === 0) return new CodedError('output-unreadable', 'The output is empty: cyclictest was killed, or wrote elsewhere.', { next, details: { line: 0 } });
  return new CodedError('output-unreadable', `The output ends at line ${reader.lines} before any result: cyclictest was killed, or wrote it to a file.`, { next, details: { line: reader.lines } });
}

const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
