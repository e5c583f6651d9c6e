import type { ToolOutput } from '../parsers/tool-output.ts';
import { figureValues, quantileName } from '../statistics/comparison/figures.ts';
import { resultOfOutput } from '../statistics/comparison/from-tool-output.ts';
import { usualPercentiles } from '../statistics/percentiles.ts';
import { visible } from './html.ts';
import type { ReportContent } from './report-content.ts';

type Cell = string | number | null;

/** One line a run and CPU. Latencies in µs; a quantile hidden in the overflow has no value, but the bounds stand beside it. */
export function runsCsv({ runs, toolRuns, imports }: ReportContent): string {
  const quantiles = usualPercentiles.flatMap((p) => [`${quantileName(p)}_us`, `${quantileName(p)}_at_least_us`, `${quantileName(p)}_at_most_us`]);
  const head = ['run', 'board', 'benchmark', 'created', 'state', 'verdict', 'indicative', 'cpu', 'samples', 'overflows', 'min_us', 'avg_us', ...quantiles, 'max_us', 'measured_seconds', 'command', 'journal_sha256'];
  const own = runs.flatMap(({ run, result }) => (result?.threads ?? []).map((thread): Cell[] => {
    const values = result?.percentiles.find(({ cpu }) => cpu === (thread.cpu ?? null))?.values ?? [];
    return [
      run.id, run.boardName, run.benchmark, run.createdAt, run.state, result?.verdict.grade ?? null, result === null ? null : String(result.verdict.indicative),
      thread.cpu ?? null, thread.samples, thread.overflows, thread.minUs, thread.avgUs,
      ...usualPercentiles.flatMap((p): Cell[] => {
        const found = values.find((value) => value.p === p);
        return [found?.us ?? null, found?.atLeastUs ?? null, found?.atMostUs ?? null];
      }),
      thread.maxUs, result?.measuredSeconds ?? null, run.command.join(' '), run.journalSha256,
    ];
  }));
  const ofTools = toolRuns.flatMap(({ run, result }) => outputCells(result?.output ?? null,
    [run.id, run.boardName, run.benchmark, run.createdAt, run.state, result?.verdict?.grade ?? null, result?.verdict ? String(result.verdict.indicative) : null],
    [result?.measuredSeconds ?? null, run.command.join(' '), run.journalSha256]));
  const brought = imports.flatMap(({ run, output }) => outputCells(output, [run.id, run.boardName, run.format, run.createdAt, 'imported', null, null], [null, run.command, run.file.sha256]));
  return csv(head, [...own, ...ofTools, ...brought]);
}

/** The lines of a tool's output between the cells that are the run's. */
function outputCells(output: ToolOutput | null, before: readonly Cell[], after: readonly Cell[]): Cell[][] {
  if (output === null) return [];
  const us = (ns: number | null | undefined) => (ns === null || ns === undefined ? null : ns / 1000);
  return resultOfOutput('', output).lines.map((line) => {
    const values = figureValues(line);
    const { cpu, samples, overflows } = line.distribution;
    return [
      ...before, cpu ?? line.key, samples, overflows, us(values.get('min')?.ns), us(values.get('avg')?.ns),
      ...usualPercentiles.flatMap((p): Cell[] => {
        const value = values.get(quantileName(p));
        return [us(value?.ns), us(value?.atLeastNs), us(value?.atMostNs)];
      }),
      us(values.get('max')?.ns), ...after,
    ];
  });
}

/** One line a setting of a guide and board. */
export function settingsCsv({ boards }: ReportContent): string {
  return csv(
    ['board', 'guide', 'setting', 'title', 'layer', 'status', 'requested', 'written', 'booted', 'effective', 'stuck_at', 'message', 'fix', 'evidence', 'source'],
    boards.flatMap(({ board, checks }) => checks.flatMap(({ guide, settings }) => settings.map(({ id, title, layer, status, states, stuckAt, message, fix, evidence, source }): Cell[] =>
      [board.id, guide, id, title, layer, status, states.requested, states.written, states.booted, states.effective, stuckAt, message, fix, evidence.join('\n'), source]))),
  );
}

/** One line a bucket: its lower edge in µs and how many samples it holds; the overflow has no edge. */
export function histogramsCsv({ runs }: ReportContent): string {
  return csv(['run', 'cpu', 'bucket_us', 'count'], runs.flatMap(({ run, result }) => (result?.threads ?? []).flatMap((thread): Cell[][] => [
    ...(thread.histogram ?? []).map(([us, count]): Cell[] => [run.id, thread.cpu ?? null, us, count]),
    ...(thread.overflows > 0 ? [[run.id, thread.cpu ?? null, null, thread.overflows]] : []),
  ])));
}

/** RFC 4180: lines end with CR LF, a quote within quotes is doubled. */
const csv = (head: readonly string[], rows: ReadonlyArray<readonly Cell[]>): string => [head, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const shown = visible(cell);
  // A spreadsheet would carry out a text that begins like a formula.
  const text = /^[=+\-@\t]/.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
