import { formatDuration, formatUs } from '../text/format.ts';
import { round } from './axis.ts';
import type { Scene, SceneItem } from './scene.ts';
import { stripColumnCount, stripColumns, stripHeight, type StripColumn, type StripData } from './strip-columns.ts';
import type { Span } from './zoom.ts';

export interface StripGap { readonly fromSeconds: number; readonly toSeconds: number }

export interface Strip {
  readonly data: StripData;
  readonly view: Span;
  readonly totalSeconds: number;
  readonly deadlineUs: number | null;
  readonly gaps: readonly StripGap[];
  readonly width: number;
  readonly height: number;
  /** The height of the latency axis and its kind stay the same at every zoom. */
  readonly topUs: number;
  readonly isLogarithmic: boolean;
  /** The slice the cursor is on; null: none. */
  readonly cursorSeconds: number | null;
}

export const stripLeft = 54;
const bottom = 18;
const spikeUs = 100;

/** The bars of a strip at its zoom. */
export const stripBars = ({ data, view, width }: Pick<Strip, 'data' | 'view' | 'width'>): StripColumn[] =>
  stripColumns(data, view, stripColumnCount(width - stripLeft - 4, data.maxima.length));

/** A strip as a picture: a bar is the worst of its slice, those past the deadline in another colour, the worst of all labelled. */
export function stripScene(strip: Strip): Scene {
  const { view, deadlineUs, width, height, topUs, isLogarithmic, cursorSeconds } = strip;
  const plotWidth = width - stripLeft - 4;
  const base = height - bottom;
  const yOf = (us: number) => round(base - stripHeight(us, topUs, isLogarithmic) * (base - 12));
  const xOf = (seconds: number) => round(stripLeft + ((seconds - view.from) / (view.to - view.from)) * plotWidth);
  const items: SceneItem[] = [];
  const area = (fill: string, d: string) => { if (d !== '') items.push({ kind: 'area', d, fill }); };
  const box = (x: number, y: number, w: number, h: number) => `M${String(round(x))} ${String(round(y))}h${String(round(w))}v${String(round(h))}h${String(-round(w))}z`;

  for (const us of isLogarithmic ? [1, Math.round(Math.sqrt(topUs)), topUs] : [0, topUs / 2, topUs]) {
    items.push({ kind: 'line', d: `M${String(stripLeft)} ${String(Math.round(yOf(us)) + 0.5)}H${String(width - 4)}`, stroke: '--line-1', width: 1, dash: [] });
    items.push({ kind: 'text', x: stripLeft - 6, y: yOf(us) + 3, text: `${formatUs(us)}${us === topUs ? ' µs' : ''}`, anchor: 'end', fill: '--ink-3' });
  }
  area('--warn-weak', strip.gaps.filter(({ fromSeconds, toSeconds }) => toSeconds > view.from && fromSeconds < view.to).map(({ fromSeconds, toSeconds }) => {
    const [from, to] = [xOf(Math.max(view.from, fromSeconds)), xOf(Math.min(view.to, toSeconds))];
    return box(from, 12, Math.max(2, to - from), base - 12);
  }).join(''));

  const columns = stripBars(strip);
  const barWidth = plotWidth / columns.length;
  const limit = deadlineUs ?? spikeUs;
  const bars = (over: boolean) => columns.map(({ maxUs }, at) => (maxUs === null || maxUs > limit !== over ? ''
    : box(stripLeft + at * barWidth, Math.min(yOf(maxUs), base - 1), Math.max(1, Math.min(barWidth - 0.8, 8)), Math.max(1, base - yOf(maxUs))))).join('');
  area('--accent', bars(false));
  area('--stress', bars(true));

  if (deadlineUs !== null && deadlineUs <= topUs) items.push({ kind: 'line', d: `M${String(stripLeft)} ${String(yOf(deadlineUs))}H${String(width - 4)}`, stroke: '--accent', width: 1, dash: [4, 3] });
  if (cursorSeconds !== null && cursorSeconds >= view.from && cursorSeconds <= view.to) items.push({ kind: 'line', d: `M${String(xOf(cursorSeconds))} 10V${String(base)}`, stroke: '--ink', width: 1, dash: [2, 2] });
  const peak = columns.reduce((best, column, at) => ((column.maxUs ?? -1) > (columns[best]?.maxUs ?? -1) ? at : best), 0);
  const peakUs = columns[peak]?.maxUs ?? null;
  if (peakUs !== null) {
    const x = stripLeft + (peak + 0.5) * barWidth;
    const toLeft = x > width - 90;
    items.push({ kind: 'text', x: round(toLeft ? x - 4 : x + 5), y: Math.max(9, yOf(peakUs) + 3), text: `${formatUs(peakUs)} µs`, anchor: toLeft ? 'end' : 'start', fill: '--ink', isRimmed: true });
  }
  items.push({ kind: 'text', x: stripLeft, y: height - 4, text: view.from === 0 ? '0' : formatDuration(view.from), anchor: 'start', fill: '--ink-3' });
  items.push({ kind: 'text', x: width - 4, y: height - 4, text: `${formatDuration(view.to)}, worst of each ${formatDuration((view.to - view.from) / columns.length)}`, anchor: 'end', fill: '--ink-3' });
  return { width, height, items };
}
