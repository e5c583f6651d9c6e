import { ok, type Result } from '../../contract/result.ts';
import { readJsonReport } from '../cyclictest/json-report.ts';
import { severalRuns, SummaryBlocks } from '../cyclictest/summary-blocks.ts';
import { VerboseSamples } from '../cyclictest/verbose-samples.ts';
import { findJsonDocument } from '../tool-text/json-document.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks, unreadableAt } from '../tool-text/remarks.ts';
import { lineDistribution, threadDistribution } from '../tool-text/thread-distribution.ts';
import { parseThreadLine } from '../tool-text/thread-line.ts';
import type { ToolOutput } from '../tool-output.ts';

const tool = 'signaltest';

export interface SignaltestOutput extends ToolOutput { readonly tool: typeof tool }

/**
 * `parse signaltest`: summary, live display, verbose, JSON. A latency is the time a signal takes round all threads. CPUs
 * are known from JSON only.
 */
export const signaltestFormat = {
  title: 'signaltest of rt-tests 2.0 to 2.10: summary, display, verbose, JSON',
  parse(text: string): Result<SignaltestOutput> {
    const document = findJsonDocument(text);
    if (document === null) return parseText(text);
    const report = readJsonReport(document.text, tool);
    if (typeof report === 'string') return unreadableAt(document.line, '{', report, 'Keep the whole file that --json wrote.');
    const { threads, version, warnings } = report;
    return ok({ tool, version, distributions: threads.map(threadDistribution), scalars: [], warnings });
  },
} as const;

/** The display repeats the load average of /proc/loadavg before its threads. */
const noise = /^(?:\d+\.\d\d ){3}\d+\/\d+ \d+$/;

function parseText(text: string): Result<SignaltestOutput> {
  const remarks = new Remarks(tool);
  const blocks = new SummaryBlocks();
  const verbose = new VerboseSamples();
  let version: string | null = null;
  for (const line of outputLines(text)) {
    remarks.reached(line);
    const usage = /^signaltest V (\d{1,3}\.\d{1,4})$/.exec(line.text);
    if (usage !== null) {
      version = usage[1] ?? null;
      remarks.failByUsage(line);
      break;
    }
    if (line.repaint) blocks.begin('display');
    const thread = parseThreadLine(line.text, line.ended, 'P');
    if (thread !== null) {
      if (!blocks.add(thread)) remarks.anotherRun(line);
    } else if (!noise.test(line.text) && !(line.ended && verbose.take(line.text))) remarks.take(line);
  }
  if (remarks.mixed) return remarks.unreadable();
  if (blocks.runs > 1) remarks.warnings.push(severalRuns(blocks.runs));
  const { lines } = blocks.finish();
  if (!verbose.empty) {
    const { threads, warnings } = verbose.threads(new Map());
    return ok({ tool, version, distributions: threads.map(threadDistribution), scalars: [], warnings: [...warnings, ...remarks.all()] });
  }
  return lines.length === 0 ? remarks.unreadable() : ok({ tool, version, distributions: lines.map(lineDistribution), scalars: [], warnings: remarks.all() });
}
