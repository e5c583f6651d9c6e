import type { SceneItem } from './scene.ts';

/** The field of a plot that is drawn in, px. */
export interface Field { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

/** Where values lie on an axis, and which of them are written beside it. */
export interface Axis { at(value: number): number; readonly ticks: ReadonlyArray<{ readonly value: number; readonly label: string }> }

/** A tenth of a pixel is less than anybody sees. */
export const round = (px: number): number => Math.round(px * 10) / 10;

/** From `low` to `high`, evenly. */
export function evenAxis(low: number, high: number, from: number, to: number, most: number, label: (value: number) => string): Axis {
  const span = Math.max(high - low, 1e-12);
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.max(0, Math.floor(high / step + 1e-9) - first + 1);
  return {
    at: (value) => round(from + ((value - low) / span) * (to - from)),
    ticks: Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12))).map((value) => ({ value, label: label(value) })),
  };
}

/** By powers of ten from `low` to `high`, both above 0. Where only a few fit, values between them are written too. */
export function powerAxis(low: number, high: number, from: number, to: number, most: number, label: (value: number) => string): Axis {
  const [first, last] = [Math.log10(low), Math.log10(high)];
  const span = Math.max(last - first, 1e-9);
  const digits = span < 0.4 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9] : span < 1.2 ? [1, 2, 3, 4, 5, 6, 8] : span < 3.2 ? [1, 2, 5] : [1];
  const step = digits.length > 1 ? 1 : Math.max(1, Math.ceil(span / most));
  const values: number[] = [];
  for (let power = Math.floor(first); power <= Math.ceil(last); power += 1) {
    if (((Math.round(last) - power) % step + step) % step !== 0 && step > 1) continue;
    for (const digit of digits) {
      const value = Number((digit * 10 ** power).toPrecision(6));
      if (value >= low * 0.9999 && value <= high * 1.0001) values.push(value);
    }
  }
  return { at: (value) => round(from + ((Math.log10(Math.max(value, low / 1e6)) - first) / span) * (to - from)), ticks: values.map((value) => ({ value, label: label(value) })) };
}

export interface AxesOptions { readonly field: Field; readonly x: Axis; readonly y: Axis; readonly xTitle: string; readonly yTitle: string; readonly height: number }

/** Grid, ticks and what the axes are of. Labels of the x axis that would touch are left out. */
export function axesItems({ field: { left, right, top, bottom }, x, y, xTitle, yTitle, height }: AxesOptions): SceneItem[] {
  const items: SceneItem[] = [
    { kind: 'line', d: y.ticks.map(({ value }) => `M${String(left)} ${String(y.at(value))}H${String(right)}`).join(''), stroke: '--line-1', width: 1, dash: [] },
    { kind: 'line', d: `M${String(left)} ${String(bottom)}H${String(right)}${x.ticks.map(({ value }) => `M${String(x.at(value))} ${String(bottom)}v4`).join('')}`, stroke: '--ink-3', width: 1, dash: [] },
  ];
  for (const { value, label } of y.ticks) items.push({ kind: 'text', x: left - 6, y: y.at(value) + 3.5, text: label, anchor: 'end', fill: '--ink-3' });
  let end = -Infinity;
  for (const { value, label } of x.ticks) {
    const width = label.length * 6;
    if (x.at(value) - width / 2 < end + 6) continue;
    end = x.at(value) + width / 2;
    items.push({ kind: 'text', x: x.at(value), y: bottom + 15, text: label, anchor: 'middle', fill: '--ink-3' });
  }
  items.push({ kind: 'text', x: right, y: height - 3, text: xTitle, anchor: 'end', fill: '--ink-3' }, { kind: 'text', x: left, y: top - 8, text: yTitle, anchor: 'start', fill: '--ink-3' });
  return items;
}
