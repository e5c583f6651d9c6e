import { formatDuration, formatUs } from '../text/format.ts';
import { axesItems, evenAxis, powerAxis, round, type Axis } from './axis.ts';
import { hottest, type HeatRow } from './heat-map-cells.ts';
import type { Scene, SceneItem } from './scene.ts';
import type { Span } from './zoom.ts';

export interface HeatPicture {
  readonly rows: readonly HeatRow[];
  /** Of powers of ten of µs, or of seconds. */
  readonly view: Span;
  readonly of: 'latency' | 'time';
  readonly width: number;
  /** Row and cell the cursor is on; null: none. */
  readonly cursor: { readonly row: number; readonly cell: number } | null;
}

const [left, right, top, foot] = [72, 12, 22, 34];
const rowHeightOf = (rows: number) => (rows <= 16 ? 20 : rows <= 40 ? 12 : 8);

export const heatHeight = (rows: number): number => top + foot + rows * rowHeightOf(rows);

/** CPUs as rows, hotter where more or longer: by lightness alone, so that no colour has to be told from another. */
export function heatScene({ rows, view, of, width, cursor }: HeatPicture): Scene {
  const height = heatHeight(rows.length);
  const rowHeight = rowHeightOf(rows.length);
  const field = { left, right: width - right, top, bottom: height - foot };
  const position = evenAxis(view.from, view.to, field.left, field.right, 8, (seconds) => (seconds === 0 ? '0' : formatDuration(seconds)));
  const x: Axis = of === 'time' ? position : { at: (power) => position.at(power), ticks: powerAxis(10 ** view.from, 10 ** view.to, field.left, field.right, 8, formatUs).ticks.map(({ value, label }) => ({ value: Math.log10(value), label })) };
  const every = Math.max(1, Math.ceil(12 / rowHeight));
  const y: Axis = { at: (row) => field.top + (row + 0.5) * rowHeight, ticks: rows.flatMap(({ label }, row) => (row % every === 0 ? [{ value: row, label }] : [])) };
  const paths = new Array<string>(hottest + 1).fill('');
  rows.forEach(({ cells }, row) => {
    for (const { from, to, level } of cells) {
      if (level === 0 || to <= view.from || from >= view.to) continue;
      const [a, b] = [x.at(Math.max(from, view.from)), x.at(Math.min(to, view.to))];
      paths[level] += `M${String(a)} ${String(field.top + row * rowHeight)}h${String(Math.max(1, round(b - a)))}v${String(rowHeight - 1)}H${String(a)}z`;
    }
  });
  const items: SceneItem[] = axesItems({ field, x, y: { ...y, ticks: [] }, height, xTitle: of === 'time' ? 'time' : 'latency, µs', yTitle: of === 'time' ? 'worst of each part' : 'samples' });
  for (const { value, label } of y.ticks) items.push({ kind: 'text', x: field.left - 6, y: y.at(value) + 3.5, text: label, anchor: 'end', fill: '--ink-3' });
  paths.forEach((d, level) => { if (d !== '') items.push({ kind: 'area', d, fill: `--heat-${String(level)}` }); });
  const at = cursor === null ? undefined : rows[cursor.row]?.cells[cursor.cell];
  if (cursor !== null && at) {
    const [a, b] = [x.at(Math.max(at.from, view.from)), x.at(Math.min(at.to, view.to))];
    items.push({ kind: 'line', d: `M${String(a)} ${String(field.top + cursor.row * rowHeight)}H${String(Math.max(b, a + 2))}v${String(rowHeight - 1)}H${String(a)}z`, stroke: '--ink', width: 2, dash: [] });
  }
  return { width, height, items };
}
