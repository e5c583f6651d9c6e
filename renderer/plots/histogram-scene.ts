import { axesItems, evenAxis, powerAxis, round, type Field } from './axis.ts';
import { decadeLabel, thresholds } from './histogram-range.ts';
import { emptyCount, highestCount, histogramColumns, type HistogramSeries } from './histogram-series.ts';
import type { ShownSeries } from './histogram-series.ts';
import type { Scene, SceneItem } from './scene.ts';
import type { Span } from './zoom.ts';
import { formatCount, formatUs } from '../text/format.ts';

export interface HistogramPicture {
  readonly shown: readonly ShownSeries[];
  readonly all: readonly HistogramSeries[];
  readonly view: Span;
  readonly histogramUs: number;
  readonly deadlineUs: number | null;
  readonly width: number;
  readonly height: number;
}

/** The histogram as a picture for a file: the same columns as on the screen, with the names of the lines. */
export function histogramScene({ shown, all, view, histogramUs, deadlineUs, width, height }: HistogramPicture): Scene {
  const named = shown.slice(0, 10);
  const field: Field = { left: 56, right: width - 14, top: 24, bottom: height - 34 };
  const highest = highestCount(all);
  const x = evenAxis(view.from, view.to, field.left, field.right, 10, formatUs);
  const y = powerAxis(emptyCount, highest * 2.2, field.bottom, field.top, 6, decadeLabel);
  const wholePowers = { ...y, ticks: y.ticks.filter(({ value }) => Number.isInteger(Math.log10(value))) };
  const items: SceneItem[] = [];
  if (all.some(({ overflows }) => overflows > 0) && histogramUs < view.to) {
    const from = x.at(Math.max(view.from, histogramUs));
    items.push({ kind: 'area', d: `M${String(from)} ${String(field.top)}H${String(field.right)}V${String(field.bottom)}H${String(from)}z`, fill: '--bad-weak' });
    items.push({ kind: 'text', x: field.right - 4, y: field.bottom - 6, text: `${formatCount(all.reduce((most, { overflows }) => Math.max(most, overflows), 0))} past ${formatUs(histogramUs)} µs`, anchor: 'end', fill: '--bad' });
  }
  items.push(...axesItems({ field, x, y: wholePowers, xTitle: 'latency, µs', yTitle: 'samples', height }));
  const upright = (us: number, label: string, stroke: string, dash: readonly number[]) => {
    if (us < view.from || us > view.to) return;
    items.push({ kind: 'line', d: `M${String(x.at(us))} ${String(field.top - 4)}V${String(field.bottom)}`, stroke, width: 1, dash });
    items.push({ kind: 'text', x: x.at(us) + 4, y: field.top + 4, text: label, anchor: 'start', fill: stroke, isRimmed: true });
  };
  if (deadlineUs !== null) upright(deadlineUs, `deadline ${formatUs(deadlineUs)}`, '--accent', [6, 3]);
  for (const { us, label } of thresholds) if (us !== deadlineUs) upright(us, label, '--ink-3', [3, 3]);
  const { x: edges, y: columns } = histogramColumns(shown.map(({ series }) => series), view, field.right - field.left);
  columns.forEach((counts, at) => {
    const style = shown[at]?.style;
    if (style) items.push({ kind: 'line', d: outline(edges, counts, view, x.at, y.at), stroke: style.colourToken, width: shown[at]?.strong ? 1.8 : 1.2, dash: style.dash });
  });
  named.forEach(({ series, style }, at) => {
    const top = field.top + 22 + at * 14;
    items.push({ kind: 'line', d: `M${String(field.right - 120)} ${String(top - 4)}h22`, stroke: style.colourToken, width: 1.6, dash: style.dash }, { kind: 'text', x: field.right - 92, y: top, text: series.label.slice(0, 18), anchor: 'start', fill: '--ink-2' });
  });
  return { width, height, items };
}

/** Steps; what is empty runs along the foot. */
function outline(edges: Float64Array, counts: Float64Array, view: Span, xOf: (us: number) => number, yOf: (count: number) => number): string {
  let path = '';
  let level = Number.NaN;
  edges.forEach((edge, at) => {
    const x = round(xOf(Math.min(view.to, Math.max(view.from, edge))));
    const y = round(yOf(Math.max(emptyCount, counts[at] ?? emptyCount)));
    if (path === '') path = `M${String(x)} ${String(y)}`;
    else if (y !== level) path += `H${String(x)}V${String(y)}`;
    level = y;
  });
  return `${path}H${String(xOf(view.to))}`;
}
