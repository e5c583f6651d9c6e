import type UPlot from 'uplot';
import type { HistogramSeries } from './histogram-series.ts';
import { thresholds } from './histogram-range.ts';
import { formatCount, formatUs } from '../text/format.ts';

export interface Marks {
  readonly all: readonly HistogramSeries[];
  readonly histogramUs: number;
  readonly deadlineUs: number | null;
  readonly highest: number;
}

/** Where a label already stands, px. */
interface Taken { readonly from: number; readonly to: number }

/** Draws what is not a line: thresholds, the deadline, the worst latency, and samples past the histogram's end. */
export function drawMarks(plot: UPlot, marks: Marks, colour: (token: string) => string): void {
  const { ctx } = plot;
  const ratio = plot.bbox.width / Math.max(1, plot.over.clientWidth);
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.bbox.left, 0, plot.bbox.width + 12 * ratio, plot.bbox.top + plot.bbox.height);
  ctx.clip();
  ctx.font = `${String(11 * ratio)}px system-ui, sans-serif`;
  overflowBand(plot, marks, colour, ratio);
  const taken: Taken[] = [];
  if (marks.deadlineUs !== null) verticalLine(plot, marks.deadlineUs, `your deadline ${formatUs(marks.deadlineUs)}`, colour('--accent'), colour('--panel'), [6, 3], ratio, taken);
  for (const { us, label } of thresholds) {
    if (us !== marks.deadlineUs) verticalLine(plot, us, label, colour(us === 300 ? '--warn' : us === 100 ? '--good' : '--ink-3'), colour('--panel'), [3, 3], ratio, taken);
  }
  worstMark(plot, marks, colour, ratio);
  ctx.restore();
}

function verticalLine(plot: UPlot, us: number, label: string, stroke: string, rim: string, dash: readonly number[], ratio: number, taken: Taken[]): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(us, 'x', true);
  if (x < bbox.left || x > bbox.left + bbox.width + 1) return;
  ctx.strokeStyle = stroke;
  ctx.fillStyle = stroke;
  ctx.lineWidth = ratio;
  ctx.setLineDash(dash.map((length) => length * ratio));
  ctx.beginPath();
  ctx.moveTo(x, bbox.top - 12 * ratio);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.setLineDash([]);
  const textWidth = ctx.measureText(label).width;
  const toLeft = x + textWidth + 6 * ratio > bbox.left + bbox.width + 10 * ratio;
  const start = toLeft ? x - textWidth - 4 * ratio : x + 4 * ratio;
  const row = taken.some((other) => start < other.to + 6 * ratio && start + textWidth > other.from - 6 * ratio) ? 13 : 0;
  taken.push({ from: start, to: start + textWidth });
  ctx.textAlign = 'left';
  haloText(ctx, label, start, bbox.top + (row - 2) * ratio, rim, ratio);
}

/** Samples later than the last bucket: how many is known, and the worst, but not where each lies. So a hatched field, not a bar. */
function overflowBand(plot: UPlot, marks: Marks, colour: (token: string) => string, ratio: number): void {
  const sum = marks.all.find((series) => series.cpu === null);
  const overflows = sum?.overflows ?? 0;
  if (overflows === 0) return;
  const { ctx, bbox } = plot;
  const from = Math.max(bbox.left, plot.valToPos(marks.histogramUs, 'x', true));
  const to = bbox.left + bbox.width;
  if (from >= to) return;
  const top = plot.valToPos(Math.max(1, overflows), 'y', true);
  const base = bbox.top + bbox.height;
  ctx.fillStyle = colour('--bad-weak');
  ctx.fillRect(from, bbox.top, to - from, bbox.height);
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, top, to - from, base - top);
  ctx.clip();
  ctx.strokeStyle = colour('--bad');
  ctx.lineWidth = 1.5 * ratio;
  ctx.beginPath();
  for (let x = from - bbox.height; x < to; x += 6 * ratio) {
    ctx.moveTo(x, base);
    ctx.lineTo(x + bbox.height, base - bbox.height);
  }
  ctx.stroke();
  ctx.restore();
  ctx.fillStyle = colour('--bad');
  ctx.textAlign = 'right';
  haloText(ctx, `${formatCount(overflows)} past ${formatUs(marks.histogramUs)} µs, worst ${formatUs(sum?.maxUs ?? null)} µs`, to - 4 * ratio, Math.max(bbox.top + 28 * ratio, top - 6 * ratio), colour('--panel'), ratio);
}

/** A marker at the worst latency, so that a single sample is never overlooked. */
function worstMark(plot: UPlot, marks: Marks, colour: (token: string) => string, ratio: number): void {
  const worst = marks.all.filter((series) => series.cpu !== null || marks.all.length === 1).reduce<HistogramSeries | null>((best, series) => (series.maxUs ?? -1) > (best?.maxUs ?? -1) ? series : best, null);
  if (!worst || worst.maxUs === null || worst.maxUs >= marks.histogramUs) return;
  const { ctx, bbox } = plot;
  const x = plot.valToPos(worst.maxUs + 0.5, 'x', true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  const y = bbox.top + bbox.height - 34 * ratio;
  ctx.fillStyle = colour('--ink');
  ctx.beginPath();
  ctx.moveTo(x, y + 9 * ratio);
  ctx.lineTo(x - 5 * ratio, y);
  ctx.lineTo(x + 5 * ratio, y);
  ctx.fill();
  const label = `max ${formatUs(worst.maxUs)} µs, ${worst.label}`;
  ctx.textAlign = x + ctx.measureText(label).width / 2 > bbox.left + bbox.width ? 'right' : 'center';
  haloText(ctx, label, ctx.textAlign === 'right' ? x + 6 * ratio : x, y - 5 * ratio, colour('--panel'), ratio);
}

/** Text that stays readable over lines: on a rim of the background's colour. */
function haloText(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, rim: string, ratio: number): void {
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4 * ratio;
  ctx.strokeStyle = rim;
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
}
