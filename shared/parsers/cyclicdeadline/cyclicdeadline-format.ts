import { ok, type Result } from '../../contract/result.ts';
import { readHistogramRows, RowTable } from '../cyclictest/histogram-rows.ts';
import { HistogramSection } from '../cyclictest/histogram-section.ts';
import { readJsonReport } from '../cyclictest/json-report.ts';
import { severalRuns, SummaryBlocks } from '../cyclictest/summary-blocks.ts';
import { findJsonDocument } from '../tool-text/json-document.ts';
import { outputLines, type OutputLine } from '../tool-text/output-lines.ts';
import { Remarks, unreadableAt } from '../tool-text/remarks.ts';
import { lineDistribution, threadDistribution } from '../tool-text/thread-distribution.ts';
import { parseThreadLine } from '../tool-text/thread-line.ts';
import type { ToolOutput } from '../tool-output.ts';

const tool = 'cyclicdeadline';

export interface CyclicdeadlineOutput extends ToolOutput {
  readonly tool: typeof tool;
  /** The thread that went over the limit of -b, by its thread id, and by how much. */
  readonly breaktrace: { readonly threadId: number; readonly valueUs: number | null } | null;
}

/**
 * `parse cyclicdeadline`: summary, live display, histogram, JSON. The CPU of a thread is not known: the kernel moves
 * threads of SCHED_DEADLINE. A minimum of 0 is printed as the next larger one, because 0 stands for “none yet”.
 */
export const cyclicdeadlineFormat = {
  title: 'cyclicdeadline of rt-tests 2.0 to 2.10: summary, display, histogram, JSON',
  parse(text: string): Result<CyclicdeadlineOutput> {
    const document = findJsonDocument(text);
    if (document === null) return parseText(text);
    const report = readJsonReport(document.text, tool);
    if (typeof report === 'string') return unreadableAt(document.line, '{', report, 'Keep the whole file that --json wrote.');
    const { threads, version, warnings } = report;
    return ok({ tool, version, breaktrace: null, distributions: threads.map(threadDistribution), scalars: [], warnings });
  },
} as const;

const noise = /^(?:Using all CPUS|interval: \d|\s+Tested at \d|deadline thread \d|thread\[\d|main thread \d|# Break (?:thread|value): \d|\d+$)/;

function parseText(text: string): Result<CyclicdeadlineOutput> {
  const remarks = new Remarks(tool, [
    { pattern: /less than 2ms run times|sched_features$|debug\/sched\/features/, meaning: 'a run time below 2 ms needs the scheduler feature HRTICK, which could not be switched on, so nothing was measured', next: 'Take an interval of 5000 µs or more, or run it as root with debugfs mounted.' },
    { pattern: /^Failed to perform task within runtime/, meaning: 'the machine is too slow or too busy for the run time asked for', next: 'Take a longer interval.' },
  ]);
  const blocks = new SummaryBlocks();
  const histogram = new HistogramText(text);
  let version: string | null = null;
  let breakThread: number | null = null;
  let breakValue: number | null = null;
  for (const line of outputLines(text)) {
    remarks.reached(line);
    const usage = /^cyclicdeadline V (\d{1,3}\.\d{1,4})$/.exec(line.text);
    if (usage !== null) {
      version = usage[1] ?? null;
      remarks.failByUsage(line);
      break;
    }
    if (line.repaint) blocks.begin('display');
    const thread = parseThreadLine(line.text, line.ended, 'I');
    if (thread !== null) {
      if (!blocks.add(thread)) remarks.anotherRun(line);
      continue;
    }
    const broken = /^# Break (thread|value): (\d{1,12})$/.exec(line.text);
    if (broken?.[1] === 'thread') breakThread = Number(broken[2]);
    else if (broken !== null) breakValue = Number(broken[2]);
    if (!histogram.take(line) && !noise.test(line.text)) remarks.take(line);
  }
  const breaktrace = breakThread === null ? null : { threadId: breakThread, valueUs: breakValue };
  if (remarks.mixed) return remarks.unreadable();
  if (blocks.runs > 1) remarks.warnings.push(severalRuns(blocks.runs));
  const { lines } = blocks.finish();
  const section = histogram.section;
  if (section !== null && section.complete) {
    const { threads, warnings } = section.threads();
    return ok({ tool, version, breaktrace, distributions: threads.map(threadDistribution), scalars: [], warnings: [...warnings, ...remarks.all()] });
  }
  if (lines.length === 0) return remarks.unreadable();
  const lost = section === null ? [] : ['The histogram is cut before its overflow counts; only the figures of the display are used.'];
  return ok({ tool, version, breaktrace, distributions: lines.map(lineDistribution), scalars: [], warnings: [...lost, ...remarks.all()] });
}

/** The histogram of `--histogram`, in the layout of cyclictest 2.7 and later. */
class HistogramText {
  section: HistogramSection | null = null;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  take(line: OutputLine): boolean {
    if (line.text === '# Histogram') {
      this.section = new HistogramSection(readHistogramRows(this.text, line.next, new RowTable()));
      return true;
    }
    if (this.section === null) return false;
    return /^\d{6,7}(?: \d+|\t\d+)+$/.test(line.text) || (line.text.startsWith('#') && line.ended && this.section.take(line.text));
  }
}
