import type { RunResult } from '../../../shared/model/run.ts';
import { lineStyle, type LineStyle } from '../../plots/line-style.ts';
import { seriesOf, type HistogramSeries } from '../../plots/histogram-series.ts';

/** A line that can be drawn: the merged one (`cpu` null) or one CPU's. */
export interface ResultLine { readonly series: HistogramSeries; readonly style: LineStyle; readonly strong: boolean }

/** The merged line first, then the CPUs in the order of the result. With a single CPU there is nothing to merge. */
export function linesOf(result: RunResult): ResultLine[] {
  const cpus = result.threads.map((thread, at) => ({
    series: seriesOf(thread, `CPU ${String(thread.cpu ?? `of thread ${String(thread.index)}`)}`, thread.cpu ?? thread.index),
    style: lineStyle(at),
    strong: false,
  }));
  const merged = { series: seriesOf(result.merged, 'all CPUs', null), style: { colourToken: '--ink', dash: [] }, strong: true };
  return cpus.length === 1 ? [{ ...merged, series: { ...merged.series, label: cpus[0]?.series.label ?? 'all CPUs' } }] : [merged, ...cpus];
}

const fewLines = 8;
const worstShown = 4;

/** What is drawn at first: everything while it stays readable, else the sum and the worst CPUs. By index in `linesOf`. */
export function firstShown(lines: readonly ResultLine[]): Set<number> {
  if (lines.length <= fewLines + 1) return new Set(lines.map((_, at) => at));
  return new Set([0, ...worstLines(lines)]);
}

/** Indices of the CPUs with the highest maxima. */
export function worstLines(lines: readonly ResultLine[]): number[] {
  return lines.map((line, at) => ({ at, us: line.series.cpu === null ? -1 : line.series.maxUs ?? -1 }))
    .filter(({ us }) => us >= 0).sort((a, b) => b.us - a.us).slice(0, worstShown).map(({ at }) => at);
}
