import { formatCount, formatUs } from '../text/format.ts';
import { axesItems, powerAxis, round, type Axis, type Field } from './axis.ts';
import type { LineStyle } from './line-style.ts';
import type { ExceedanceSeries } from './exceedance-series.ts';
import { thresholds } from './histogram-range.ts';
import type { Scene, SceneItem } from './scene.ts';
import type { Span } from './zoom.ts';

export interface ShownCurve { readonly series: ExceedanceSeries; readonly style: LineStyle }

export interface ExceedancePicture {
  readonly curves: readonly ShownCurve[];
  /** Powers of ten of µs. */
  readonly view: Span;
  readonly width: number;
  readonly height: number;
  readonly deadlineUs: number | null;
  readonly cursorUs: number | null;
}

export const exceedanceField = (width: number, height: number): Field => ({ left: 72, right: width - 12, top: 22, bottom: height - 30 });

/** The whole plot, in powers of ten of µs. */
export function exceedanceSpan(curves: readonly ExceedanceSeries[], deadlineUs: number | null): Span {
  const shortest = Math.max(0.001, Math.min(...curves.map(({ firstUs }) => firstUs), 1e6));
  const longest = Math.max(shortest * 2, ...curves.map(({ maxUs, endsUs }) => Math.max(maxUs ?? 0, endsUs[endsUs.length - 1] ?? 0)));
  const wanted = deadlineUs !== null && deadlineUs < longest * 5 ? Math.max(longest, deadlineUs) : longest;
  return { from: Math.log10(shortest * 0.9), to: Math.log10(wanted * 1.15) };
}

/** Percentile curves of several results: which share is at least so long, both axes by powers of ten. */
export function exceedanceScene({ curves, view, width, height, deadlineUs, cursorUs }: ExceedancePicture): Scene {
  const field = exceedanceField(width, height);
  const most = Math.max(10, ...curves.map(({ series }) => series.samples));
  const x = powerAxis(10 ** view.from, 10 ** view.to, field.left, field.right, 8, formatUs);
  // A little below one in n, so that a single sample stands above the foot.
  const y = powerAxis(0.6 / most, 1, field.bottom, field.top, 7, shareLabel);
  const upright = (us: number) => `M${String(x.at(us))} ${String(field.top - 4)}V${String(field.bottom)}`;
  const isSeen = (us: number) => Math.log10(us) >= view.from && Math.log10(us) <= view.to;
  const items: SceneItem[] = [...axesItems({ field, x, y, height, xTitle: 'latency, µs', yTitle: 'share of samples at least so long' })];
  for (const { us } of thresholds) if (us !== deadlineUs && isSeen(us)) items.push({ kind: 'line', d: upright(us), stroke: '--ink-3', width: 1, dash: [3, 3] });
  if (deadlineUs !== null && isSeen(deadlineUs)) {
    items.push({ kind: 'line', d: upright(deadlineUs), stroke: '--accent', width: 1, dash: [6, 3] });
    items.push({ kind: 'text', x: x.at(deadlineUs) + 4, y: field.top + 4, text: `deadline ${formatUs(deadlineUs)}`, anchor: 'start', fill: '--accent', isRimmed: true });
  }
  for (const { series, style } of curves) {
    const { known, hidden } = pathsOf(series, x, y, field);
    if (known !== '') items.push({ kind: 'line', d: known, stroke: style.colourToken, width: 1.5, dash: style.dash });
    if (hidden !== '') items.push({ kind: 'line', d: hidden, stroke: style.colourToken, width: 1.2, dash: [1, 4] });
  }
  if (cursorUs !== null && isSeen(cursorUs)) items.push({ kind: 'line', d: upright(cursorUs), stroke: '--ink', width: 1, dash: [2, 2] });
  return { width, height, items };
}

/**
 * Steps down from all to one in n. What lies in the overflow is dotted: its end is known, its course is not. Steps too small for a tenth of
 * a pixel are one; each single sample of the tail is a step of its own, because it halves what is left or more.
 */
function pathsOf({ samples, overflows, endsUs, above, firstUs, boundUs, maxUs }: ExceedanceSeries, xAxis: Axis, yAxis: Axis, { left, right }: Field): { known: string; hidden: string } {
  if (samples <= 0 || endsUs.length === 0) return { known: '', hidden: '' };
  const clipped = (us: number) => Math.min(right, Math.max(left, xAxis.at(us)));
  let [x, y] = [clipped(firstUs), yAxis.at(1)];
  let known = '';
  for (let at = 0; at < endsUs.length && x < right; at += 1) {
    const count = above[at] ?? 0;
    const nextX = clipped(endsUs[at] ?? 0);
    const downTo = yAxis.at((count === 0 ? 0.6 : count) / samples);
    // What lies left of the view only tells at which height the curve enters it.
    if (nextX > left) {
      if (known === '') known = `M${String(x)} ${String(y)}`;
      if (nextX !== x) known += `H${String(nextX)}`;
      if (downTo !== y) known += `V${String(downTo)}`;
    }
    [x, y] = [nextX, downTo];
  }
  if (known === '') known = `M${String(x)} ${String(y)}`;
  if (overflows === 0 || boundUs === null) return { known, hidden: '' };
  const end = clipped(maxUs ?? boundUs);
  return { known: `${known}H${String(clipped(boundUs))}`, hidden: `M${String(clipped(boundUs))} ${String(y)}L${String(end)} ${String(round(yAxis.at(1 / samples)))}` };
}

export const shareLabel = (share: number): string => (share >= 0.999 ? 'all' : `1 in ${Math.round(1 / share) >= 1e6 ? `${formatCount(Math.round(1 / share) / 1e6)} M` : formatCount(Math.round(1 / share))}`);
