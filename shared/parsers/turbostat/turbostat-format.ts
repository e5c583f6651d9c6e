import { ok, type Result } from '../../contract/result.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks } from '../tool-text/remarks.ts';
import type { Scalar, ToolOutput } from '../tool-output.ts';
import { TurboTable, type TurboRow } from './turbostat-table.ts';

export interface TurbostatOutput extends ToolOutput {
  readonly tool: 'turbostat';
  /** The columns there are: turbostat silently leaves out those that the machine does not have, also when asked for them. */
  readonly columns: readonly string[];
  /** Each interval: the row over all CPUs (`cpu` null) and one per CPU. */
  readonly intervals: ReadonlyArray<readonly TurboRow[]>;
}

/** `parse turbostat`: tables with or without the header of the configuration. Counters are added up over the intervals, other figures averaged. */
export const turbostatFormat = {
  title: 'turbostat 2022 to 2024: table per interval, summary, of a command',
  parse(text: string): Result<TurbostatOutput> {
    const remarks = new Remarks('turbostat', [
      { pattern: /re-initialized with num_cpus|Could not migrate to CPU/, meaning: 'turbostat may not run on all CPUs, and starts over endlessly', next: 'Run it outside of a cpuset that lacks CPUs.' },
      { pattern: /Failed to set rlimit|no \/dev\/cpu\/\d+\/msr|msr: /, meaning: 'a counter could not be opened', next: 'Run it as root with the MSR driver loaded and CAP_SYS_RAWIO.' },
    ]);
    const table = new TurboTable();
    let version: string | null = null;
    for (const line of outputLines(text)) {
      remarks.reached(line);
      version ??= /^turbostat version (\d{4}\.\d{2}\.\d{2}) /.exec(line.text)?.[1] ?? null;
      const isConfiguration = version !== null && table.columns.length === 0;
      if (line.text.startsWith('Usage: turbostat')) {
        remarks.failByUsage(line);
        break;
      }
      if (withoutCounter.test(line.text)) remarks.warnings.push(line.text.trim());
      else if (!table.take(line) && !(isConfiguration && !/^turbostat: /.test(line.text))) remarks.take(line);
      if (table.foreign) remarks.anotherRun(line);
    }
    if (remarks.mixed) return remarks.unreadable();
    const intervals = table.intervals.filter((rows) => rows.length > 0);
    if (intervals.length === 0) return remarks.unreadable();
    const duration = table.seconds === null ? [] : [{ name: 'duration', value: table.seconds, unit: 's' }];
    return ok({
      tool: 'turbostat', version, distributions: [], scalars: [...duration, ...scalarsOf(intervals, table.columns)],
      columns: table.columns, intervals, warnings: [...unevenIntervals(intervals), ...remarks.all()],
    });
  },
} as const;

/** A run that was cut, or two runs that alternate: the figures of some CPUs are of fewer intervals than those of others. */
function unevenIntervals(intervals: ReadonlyArray<readonly TurboRow[]>): string[] {
  const most = intervals.reduce((longest, rows) => Math.max(longest, rows.length), 0);
  const fewer = intervals.filter((rows) => rows.length < most).length;
  return fewer === 0 ? [] : [`${fewer} of ${intervals.length} intervals ${fewer === 1 ? 'has' : 'have'} fewer rows than others: the output is cut, or not of one run.`];
}

/** Lines after which turbostat goes on, with columns missing. */
const withoutCounter = /perf instruction counter: |Failed to access .{1,80} counter|^\s+Run as root to enable them/;

function scalarsOf(intervals: ReadonlyArray<readonly TurboRow[]>, columns: readonly string[]): Scalar[] {
  const rows = new Map<number | null, TurboRow[]>();
  for (const row of intervals.flat()) {
    const known = rows.get(row.cpu);
    if (known === undefined) rows.set(row.cpu, [row]);
    else known.push(row);
  }
  const cpus = [...rows].sort((a, b) => (a[0] ?? -1) - (b[0] ?? -1));
  return cpus.flatMap(([cpu, ofCpu]) => columns.flatMap((column): Scalar[] => {
    const values = ofCpu.flatMap((row) => (Object.hasOwn(row.values, column) ? row.values[column] ?? [] : []));
    if (values.length === 0) return [];
    const sum = values.reduce((total, value) => total + value, 0);
    const unit = unitOf(column);
    return [{ name: cpu === null ? column : `${column} on CPU ${cpu}`, value: unit === 'count' ? sum : Math.round((sum / values.length) * 1e6) / 1e6, unit }];
  }));
}

function unitOf(column: string): string {
  if (/^(?:IRQ|NMI|SMI|POLL|C\d{1,2}\w?[+-]?)$/.test(column)) return 'count';
  if (column.includes('%')) return '%';
  if (/MHz$/i.test(column)) return 'MHz';
  if (/Watt$/.test(column)) return 'W';
  if (/Tmp$/.test(column)) return '°C';
  return /_J$/.test(column) ? 'J' : '';
}
