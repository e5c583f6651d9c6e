import { ok, type Result } from '../../contract/result.ts';
import { outputLines, type OutputLine } from '../tool-text/output-lines.ts';
import { Remarks } from '../tool-text/remarks.ts';
import { countOf } from '../tool-text/units.ts';
import type { Distribution, Scalar, ToolOutput } from '../tool-output.ts';
import { RtlaAnalyses, type RtlaAnalysis } from './rtla-analysis.ts';
import { RtlaHist, type HistColumn, type HistTable } from './rtla-hist.ts';
import { RtlaTop, type TopTable, type Tracer } from './rtla-top.ts';

export interface RtlaOutput extends ToolOutput {
  readonly tool: 'rtla';
  /** Null with --no-header. */
  readonly tracer: Tracer | null;
  readonly form: 'top' | 'hist' | 'analysis';
  /** Whether a limit was hit (-T, -i, -s, -a). The exit status is 0 then too, up to 6.12. */
  readonly stopped: boolean;
  readonly analyses: readonly RtlaAnalysis[];
}

const kinds: Readonly<Record<string, string>> = { IRQ: 'IRQ', Thread: 'Thread', Thr: 'Thread', 'Ret user': 'User', Usr: 'User', CPU: 'noise' };

/** `parse rtla`: timerlat, osnoise and hwnoise of the kernel tools 6.1 to 6.12, as top (coloured or not, live or quiet) or hist. */
export const rtlaFormat = {
  title: 'rtla timerlat, osnoise and hwnoise of the kernel tools 6.1 to 6.12: top, hist, analysis',
  parse(text: string): Result<RtlaOutput> {
    const remarks = new Remarks('rtla', [
      { pattern: /^Invalid -/, meaning: 'a value was not accepted, so nothing was measured', next: 'Check the options.' },
      { pattern: /^(?:Could not |Failed to |Fail |Error )/, meaning: 'the tracer could not be used', next: 'See that the kernel has the osnoise and timerlat tracers, and that no other run uses them.' },
    ]);
    const [top, hist, analyses] = [new RtlaTop(), new RtlaHist(), new RtlaAnalyses()];
    let version: string | null = null;
    for (const line of linesOf(text)) {
      remarks.reached(line);
      version ??= /\bversion (\d{1,3}\.\d{1,4}[\w.+-]{0,40})\)?$/.exec(line.text)?.[1] ?? null;
      if (/^\s*usage: \[?rtla\]? /.test(line.text)) {
        remarks.failByUsage(line);
        break;
      }
      if (top.isOfAnother(line)) remarks.anotherRun(line);
      if (!analyses.take(line) && !top.take(line) && !hist.take(line) && !/^\s*(?:rtla|osnoise|timerlat|hwnoise) (?:version |\w+(?: \w+)?: a )/.test(line.text)) remarks.take(line);
    }
    const shared = { tool: 'rtla' as const, version, stopped: analyses.stoppedTracer !== null, analyses: analyses.analyses };
    if (remarks.mixed) return remarks.unreadable();
    const table = top.finish();
    if (table !== null) return ok({ ...shared, form: 'top', tracer: table.tracer, ...topModel(table), warnings: remarks.all() });
    const histogram = hist.finish();
    // Rows of numbers alone are rtla's with --no-header, where nothing else is said: other tools print such rows, too.
    if (histogram !== null && histogram.tracer === null && histogram.columns.every(({ kind }) => kind === null) && remarks.strange) return remarks.unreadable();
    if (histogram !== null) {
      const { distributions, warnings } = histModel(histogram);
      return ok({ ...shared, form: 'hist', tracer: histogram.tracer, distributions, scalars: durationOf(histogram), warnings: [...warnings, ...remarks.all()] });
    }
    if (analyses.stoppedTracer === null) return remarks.unreadable();
    return ok({ ...shared, form: 'analysis', tracer: analyses.stoppedTracer, distributions: [], scalars: [], warnings: remarks.all() });
  },
} as const;

/** After the row over all CPUs there is no newline, so what rtla says next is on the same line. */
function* linesOf(text: string): Generator<OutputLine> {
  for (const line of outputLines(text)) {
    const glued = /^(ALL #.{1,400}\|) {0,8}((?:rtla )?(?:timerlat|osnoise) hit stop tracing)$/.exec(line.text);
    if (glued === null) yield line;
    else for (const part of glued.slice(1)) yield { ...line, text: part };
  }
}

const durationOf = ({ durationSeconds }: { durationSeconds: number | null }): Scalar[] =>
  (durationSeconds === null ? [] : [{ name: 'duration', value: durationSeconds, unit: 's' }]);

function topModel(table: TopTable): { distributions: Distribution[]; scalars: Scalar[] } {
  const factor = table.unit === 'ns' ? 1 : 1000;
  const ns = (value: number | null) => (value === null ? null : value * factor);
  const latencies = table.latencies.map(({ cpu, kind, count, min, avg, max }): Distribution => ({
    label: `${kinds[kind] ?? kind} on CPU ${cpu}`, cpu, samples: count, minNs: ns(min), avgNs: ns(avg), maxNs: ns(max), overflows: 0, buckets: [],
  }));
  const noises = table.noises.map(({ cpu, columns }): Distribution => {
    const [periods = 0, noise = 0] = [columns.get('Period'), columns.get('Noise')];
    return {
      label: `noise per period on CPU ${cpu}`, cpu, samples: periods, minNs: null,
      avgNs: periods === 0 ? null : Math.round((noise / periods) * factor * 1000) / 1000, maxNs: periods === 0 ? null : ns(columns.get('Max Noise') ?? null), overflows: 0, buckets: [],
    };
  });
  const scalars = table.noises.flatMap(({ cpu, columns }) =>
    [...columns].map(([name, value]) => ({ name: `${name} on CPU ${cpu}`, value, unit: unitOf(name, table.unit) })));
  return { distributions: [...latencies, ...noises], scalars: [...durationOf(table), ...scalars] };
}

function unitOf(column: string, unit: string): string {
  if (column === '% CPU Aval') return '%';
  return ['Runtime', 'Noise', 'Max Noise', 'Max Single'].includes(column) ? unit : 'count';
}

function histModel(table: HistTable): { distributions: Distribution[]; warnings: string[] } {
  const warnings: string[] = [];
  const factor = table.unit === 'ns' ? 1 : 1000;
  if (table.unit === null) warnings.push('Without a header the unit is not known; it is read as microseconds.');
  if (table.misfits > 0) warnings.push(`${table.misfits} ${table.misfits === 1 ? 'row' : 'rows'} of the histogram could not be read; what is counted there is missing.`);
  if (table.columns.some(({ tail }) => tail.over === undefined || tail.max === undefined)) {
    warnings.push('The histogram has no summary: it is cut or was made without one, so overflows are not counted and the maximum is not known.');
  }
  const distributions = table.columns.map((column, i) => columnModel(column, i, factor, warnings));
  return { distributions, warnings };
}

function columnModel({ kind, cpu, counts, tail }: HistColumn, position: number, factor: number, warnings: string[]): Distribution {
  const label = kind === null ? `column ${position + 1}` : `${kinds[kind] ?? kind} on CPU ${cpu ?? position}`;
  const buckets = counts.map(([index, count]): [number, number] => [index * factor, count]);
  const overflows = tail.over ?? 0;
  const samples = countOf(buckets) + overflows;
  const told = tail.count ?? samples;
  if (told !== samples) warnings.push(`${label}: the rows and the overflows add up to ${samples}, but rtla counted ${told}.`);
  const ns = (value: number | null | undefined) => (samples === 0 || value === null || value === undefined ? null : Math.round(value * factor * 1000) / 1000);
  return { label, cpu, samples, minNs: ns(tail.min), avgNs: ns(tail.avg), maxNs: ns(tail.max), overflows, buckets };
}
