import { z } from 'zod';
import { otherWriter, parseRtTestsJson } from '../tool-text/rt-tests-json.ts';
import { HistogramBuilder, totalCount, type Histogram } from '../../statistics/histogram.ts';
import type { Unit } from './output.ts';
import type { ReadThread } from './reading.ts';

/** Averages have decimals, extremes have none. */
const average = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER).nullable();
const figure = z.number().int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER).nullable();
const reportSchema = z.object({
  // Two keys end in a colon in every version from 2.0 to 2.10.
  'cmdline:': z.string().optional(),
  'rt_test_version:': z.string().optional(),
  sysinfo: z.object({ realtime: z.number().optional() }).optional(),
  num_threads: z.number().optional(),
  resolution_in_ns: z.number().optional(),
  thread: z.record(z.string().regex(/^\d{1,6}$/), z.object({
    histogram: z.record(z.string(), z.number()).optional(),
    cycles: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
    min: figure,
    max: figure,
    avg: average.optional(),
    cpu: z.number().int().optional(),
  })),
});

export interface JsonReport {
  readonly threads: ReadThread[];
  readonly unit: Unit;
  readonly version: string | null;
  readonly realtimeFlag: boolean | undefined;
  /** The size given with -h, in the unit; the report does not hold it, the command line in it does. */
  readonly bound: number | null;
  readonly warnings: string[];
}

/** Reads the report of `--json` of cyclictest, or of a tool that writes the same threads; a text says why it cannot be read. */
export function readJsonReport(text: string, tool = 'cyclictest'): JsonReport | string {
  if (!text.includes('"thread"')) return `it has no threads: it is cut, or not a report of ${tool}`;
  const value = parseRtTestsJson(text);
  if (value === undefined) return `it is not valid JSON: the report is cut, or not from ${tool}`;
  const report = reportSchema.safeParse(value);
  if (!report.success) {
    const issue = report.error.issues[0];
    return `it is not a report of ${tool}: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}`.trim();
  }
  const { data } = report;
  const other = otherWriter(data['cmdline:'], tool);
  if (other !== null) return `it is a report of ${other}, not of ${tool}`;
  const bound = boundOf(data['cmdline:'] ?? '');
  const warnings: string[] = [];
  const threads = Object.entries(data.thread).map(([key, thread]): ReadThread => {
    const binned = histogramOfRecord(thread.histogram ?? {});
    if (binned === null) warnings.push(`The histogram of thread ${key} has something other than counts in it and was left out.`);
    const hasHistogram = binned !== null && (bound !== null || binned.lower.length > 0);
    const counted = binned === null ? 0 : totalCount(binned);
    if (counted > thread.cycles) warnings.push(`The histogram of thread ${key} counts ${counted}, more than its ${thread.cycles} cycles.`);
    const samples = Math.max(thread.cycles, counted);
    const measured = (figures: number | null | undefined) => (samples === 0 ? null : figures ?? null);
    return {
      index: Number(key), cpu: thread.cpu === undefined || thread.cpu < 0 ? null : thread.cpu, samples,
      min: measured(thread.min), avg: measured(thread.avg), max: measured(thread.max),
      // The report has no overflow count: what is not in the histogram did not fit into it.
      overflows: hasHistogram ? samples - counted : 0,
      histogram: hasHistogram ? binned : null,
    };
  }).sort((a, b) => a.index - b.index);
  if (data.num_threads !== undefined && data.num_threads !== threads.length) warnings.push(`The report says ${data.num_threads} threads and holds ${threads.length}.`);
  return {
    threads, warnings, bound,
    unit: data.resolution_in_ns === 1 ? 'ns' : 'us',
    version: data['rt_test_version:'] ?? null,
    realtimeFlag: data.sysinfo?.realtime === undefined ? undefined : data.sysinfo.realtime === 1,
  };
}

/** `-h400`, `-h 400`, `-mqh 400`, `--histogram=400`, and the same with -H and --histofall. */
function boundOf(commandLine: string): number | null {
  const match = /\s(?:-[a-zA-Z]{0,20}[hH]\s{0,4}|--histo(?:gram|fall)[= ])(\d{1,7})(?=\s|$)/.exec(commandLine);
  return match === null ? null : Math.min(Number(match[1]), 1_000_000);
}

function histogramOfRecord(record: Record<string, number>): Histogram | null {
  const builder = new HistogramBuilder();
  for (const [key, count] of Object.entries(record)) {
    if (!/^(?:0|[1-9]\d{0,6})$/.test(key) || !Number.isSafeInteger(count) || count < 0) return null;
    if (count > 0) builder.append(Number(key), count);
  }
  return builder.build();
}
