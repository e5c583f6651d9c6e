import { formatDuration, formatUs } from '../text/format.ts';
import { stripColumnCount, stripColumns, stripHeight, stripIsLogarithmic, stripTop } from './strip-columns.ts';

export interface StripGap { readonly fromSeconds: number; readonly toSeconds: number }

export interface Strip {
  readonly points: ReadonlyArray<{ atSeconds: number; maxUs: number }>;
  readonly totalSeconds: number;
  readonly deadlineUs: number | null;
  readonly gaps: readonly StripGap[];
  readonly width: number;
  readonly height: number;
}

const left = 54;
const bottom = 18;
const spikeUs = 100;

/** Paints a strip: bars, their worst labelled, the deadline, pieces of time without a reading. `colour` gives a design token's value. */
export function drawStrip(context: CanvasRenderingContext2D, strip: Strip, colour: (token: string) => string): void {
  const { points, totalSeconds, deadlineUs, width, height } = strip;
  context.clearRect(0, 0, width, height);
  context.font = '10px system-ui, sans-serif';
  const plotWidth = width - left - 4;
  const base = height - bottom;
  const worst = points.reduce((most, point) => Math.max(most, point.maxUs), 0);
  const top = stripTop(Math.max(worst, 1), deadlineUs);
  const logarithmic = stripIsLogarithmic(points, top);
  const yOf = (us: number) => base - stripHeight(us, top, logarithmic) * (base - 12);
  const span = Math.max(totalSeconds, 1);
  const xOf = (seconds: number) => left + (seconds / span) * plotWidth;

  context.fillStyle = colour('--ink-3');
  context.strokeStyle = colour('--line-1');
  context.textAlign = 'right';
  for (const us of logarithmic ? [1, Math.round(Math.sqrt(top)), top] : [0, top / 2, top]) {
    const y = Math.round(yOf(us)) + 0.5;
    line(context, left, y, width - 4, y);
    context.fillText(`${formatUs(us)}${us === top ? ' µs' : ''}`, left - 6, y + 3);
  }
  for (const gap of strip.gaps) {
    context.fillStyle = colour('--warn-weak');
    context.fillRect(xOf(gap.fromSeconds), 12, Math.max(2, xOf(gap.toSeconds) - xOf(gap.fromSeconds)), base - 12);
  }

  const limit = deadlineUs ?? spikeUs;
  const columns = stripColumns(points, span, stripColumnCount(plotWidth, points.length));
  const barWidth = plotWidth / columns.length;
  columns.forEach((column, at) => {
    if (column.maxUs === null) return;
    context.fillStyle = colour(column.maxUs > limit ? '--stress' : '--accent');
    const y = yOf(column.maxUs);
    context.fillRect(left + at * barWidth, y, Math.max(1, Math.min(barWidth - 0.8, 8)), base - y);
  });

  if (deadlineUs !== null && deadlineUs <= top) {
    context.strokeStyle = colour('--accent');
    context.setLineDash([4, 3]);
    line(context, left, yOf(deadlineUs), width - 4, yOf(deadlineUs));
    context.setLineDash([]);
  }
  const peak = columns.reduce((best, column, at) => (column.maxUs ?? -1) > (columns[best]?.maxUs ?? -1) ? at : best, 0);
  const peakUs = columns[peak]?.maxUs ?? null;
  if (peakUs !== null) {
    const x = left + (peak + 0.5) * barWidth;
    context.fillStyle = colour('--ink');
    context.textAlign = x > width - 90 ? 'right' : 'left';
    const place = [context.textAlign === 'right' ? x - 4 : x + 5, Math.max(9, yOf(peakUs) + 3)] as const;
    context.strokeStyle = colour('--panel');
    context.lineWidth = 4;
    context.lineJoin = 'round';
    context.strokeText(`${formatUs(peakUs)} µs`, ...place);
    context.fillText(`${formatUs(peakUs)} µs`, ...place);
    context.lineWidth = 1;
  }
  context.fillStyle = colour('--ink-3');
  context.textAlign = 'left';
  context.fillText('0', left, height - 4);
  context.textAlign = 'right';
  context.fillText(`${formatDuration(totalSeconds)}, worst of each ${formatDuration(span / columns.length)}`, width - 4, height - 4);
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
