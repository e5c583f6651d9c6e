import { ok, type Result } from '../../contract/result.ts';
import { findJsonDocument } from '../tool-text/json-document.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks } from '../tool-text/remarks.ts';
import { bucketsOf, countOf, nanosecondsOfUs } from '../tool-text/units.ts';
import type { Distribution, Scalar, ToolOutput } from '../tool-output.ts';
import { readOslatJson } from './oslat-json.ts';
import { labelOf, lowerEdge, roundingOf, type OslatRounding, type OslatTable, type OslatThread } from './oslat-table.ts';
import { OslatText } from './oslat-text.ts';

export interface OslatOutput extends ToolOutput {
  readonly tool: 'oslat';
  /** The gap that ended the run with -T: oslat then prints nothing else. `cpu` is -1 where an old version does not name it. */
  readonly stoppedBy: { readonly cpu: number; readonly gapUs: number; readonly thresholdUs: number } | null;
}

/**
 * `parse oslat`: the table or the JSON report. Gaps are given by their lower edge, as cyclictest counts: oslat's own
 * figures are one µs larger, and from rt-tests 2.5 on those of its buckets by up to one bucket more.
 */
export const oslatFormat = {
  title: 'oslat of rt-tests 1.9 to 2.10: table, JSON',
  parse(text: string): Result<OslatOutput> {
    const document = findJsonDocument(text);
    if (document === null) return parseText(text);
    const table = readOslatJson(document);
    return table.ok ? ok(outputOf(table.value, null, [])) : table;
  },
} as const;

function parseText(text: string): Result<OslatOutput> {
  const table = new OslatText();
  const remarks = new Remarks('oslat', [
    { pattern: /^Illegal |^Parameter --|^Unknown workload/, meaning: 'a value was not accepted, so nothing was measured', next: 'Check the options: a plain number of seconds, or one with m, h or d.' },
    { pattern: /^Accumulated overflow too much|^Bucket \d+ overflowed/, meaning: 'oslat’s counters overflowed, and it gave up', next: 'Run it for a shorter time.' },
  ]);
  for (const line of outputLines(text)) {
    remarks.reached(line);
    if (!table.take(line)) remarks.take(line);
    if (table.usage !== null) {
      remarks.failByUsage(table.usage);
      break;
    }
  }
  const found = table.finish();
  const warnings = [...table.warnings, ...remarks.all()];
  if (found !== null) return ok(outputOf(found, table.stoppedBy, warnings));
  if (table.stoppedBy !== null) return ok(outputOf({ version: table.version, unit: 'us', bias: null, width: null, threads: [] }, table.stoppedBy, warnings));
  if (table.began !== null) remarks.fail(table.began, 'the table that begins here is cut before its maxima', 'Run oslat again and let it end.');
  return remarks.unreadable();
}

function outputOf(table: OslatTable, stoppedBy: OslatOutput['stoppedBy'], warnings: readonly string[]): OslatOutput {
  const rounding = roundingOf(table);
  const given = table.threads.map((thread, index) => distributionOf(table, rounding, thread, index));
  const withoutAverage = given.filter(({ avgNs }) => avgNs === null).map(({ label }) => label);
  return {
    tool: 'oslat',
    version: table.version,
    distributions: given,
    scalars: [...scalarsOf(table), ...(stoppedBy === null ? [] : [{ name: 'gap that stopped the run, rounded up', value: stoppedBy.gapUs, unit: 'us' }])],
    stoppedBy,
    warnings: [
      ...warnings,
      ...(withoutAverage.length === 0 ? [] : [`oslat’s average is wrong with -B and where gaps are longer than the buckets, and was left out: ${withoutAverage.join(', ')}.`]),
    ],
  };
}

function distributionOf(table: OslatTable, rounding: OslatRounding, thread: OslatThread, index: number): Distribution {
  const unitNs = table.unit === 'ns' ? 1 : 1000;
  const minNs = (thread.min - 1) * unitNs;
  const overflowed = labelOf(thread.max, table.bias ?? 0, rounding) > thread.lastLabel;
  const overflows = overflowed ? thread.counts.get(thread.lastLabel) ?? 0 : 0;
  const edges = new Map<number, number>();
  for (const [label, count] of thread.counts) {
    if (overflowed && label === thread.lastLabel) continue;
    const edge = lowerEdge(label, rounding) * unitNs;
    edges.set(edge, (edges.get(edge) ?? 0) + count);
  }
  const buckets = bucketsOf(edges);
  const [first] = buckets;
  // With -B whatever is shorter than the bias is counted in the first bucket.
  if (first !== undefined && first[0] > minNs) first[0] = Math.max(0, minNs);
  const samples = countOf(buckets) + overflows;
  // The sum of what overflowed is that of the first thread for all of them, and in another unit than the rest with -W in ns.
  const averageHolds = table.bias === null && (overflows === 0 || (index === 0 && table.unit === 'us'));
  const shiftNs = (rounding.upperEdges ? rounding.width + 1 : 1) * unitNs;
  return {
    label: `CPU ${thread.cpu}`,
    cpu: thread.cpu,
    samples,
    minNs: samples === 0 ? null : Math.max(0, minNs),
    avgNs: samples === 0 || thread.averageUs === null || !averageHolds ? null : Math.max(0, nanosecondsOfUs(thread.averageUs - shiftNs / 1000)),
    maxNs: samples === 0 ? null : Math.max(0, (thread.max - 1) * unitNs),
    overflows,
    buckets,
  };
}

function scalarsOf({ threads }: OslatTable): Scalar[] {
  return threads.flatMap(({ cpu, durationSeconds, frequencyMhz }) => [
    ...(durationSeconds === null ? [] : [{ name: `duration on CPU ${cpu}`, value: durationSeconds, unit: 's' }]),
    ...(frequencyMhz === null ? [] : [{ name: `counter of CPU ${cpu}`, value: frequencyMhz, unit: 'MHz' }]),
  ]);
}
