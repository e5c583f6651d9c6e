import { html, type Html, type HtmlPart } from '../html.ts';
import type { Scale } from './scale.ts';

export const plotWidth = 760;

/** The field that is drawn in, px. */
export interface Field { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

export const fieldOf = (height: number): Field => ({ left: 78, right: plotWidth - 14, top: 26, bottom: height - 34 });

/** A plot with its axes. `label` says in words what is seen, for those who do not see it. */
export function framed({ height, label, x, y, xTitle, yTitle, children }: { height: number; label: string; x: Scale; y: Scale; xTitle: string; yTitle: string; children: HtmlPart }): Html {
  const { left, right, top, bottom } = fieldOf(height);
  return html`<svg class="plot" viewBox="0 0 ${plotWidth} ${height}" role="img" aria-label="${label}">
${y.ticks.map(({ value, label: text }) => html`<path class="grid" d="M${left} ${y.at(value)}H${right}"/><text class="tick end" x="${left - 6}" y="${y.at(value) + 3.5}">${text}</text>`)}
${x.ticks.map(({ value, label: text }) => html`<path class="axis" d="M${x.at(value)} ${bottom}v4"/><text class="tick mid" x="${x.at(value)}" y="${bottom + 16}">${text}</text>`)}
<path class="axis" d="M${left} ${bottom}H${right}"/><text class="tick end" x="${right}" y="${height - 4}">${xTitle}</text><text class="tick" x="${left}" y="${top - 12}">${yTitle}</text>
${children}
</svg>`;
}

/** A limit as a dashed upright line with its words; labels of neighbours are kept apart by rows. */
export function limitLines(limits: ReadonlyArray<{ readonly us: number; readonly label: string }>, x: Scale, height: number): Html[] {
  const { right, top, bottom } = fieldOf(height);
  let lastEnd = -Infinity;
  let row = 0;
  return [...limits].sort((a, b) => a.us - b.us).filter(({ us }) => x.has(us)).map(({ us, label }) => {
    const at = x.at(us);
    const width = label.length * 5.6;
    const toLeft = at + width > right;
    const start = toLeft ? at - width - 4 : at + 4;
    row = start < lastEnd ? row + 1 : 0;
    lastEnd = start + width;
    return html`<path class="limit" d="M${at} ${top - 4}V${bottom}"/><text class="limit-name${toLeft ? ' end' : ''}" x="${toLeft ? at - 4 : at + 4}" y="${top + 6 + row * 12}">${label}</text>`;
  });
}

/** How the n-th line is drawn: by colour and by pattern, since colour alone must not carry meaning. */
export const lineClass = (at: number): string => `line c${at % 6} d${Math.floor(at / 6) % 4}`;

/** The names of the lines, in the way they are drawn. */
export function legend(names: readonly string[]): Html | null {
  if (names.length < 2) return null;
  return html`<p class="legend">${names.map((name, at) => html`<span><svg class="key" viewBox="0 0 26 8" aria-hidden="true"><path class="${lineClass(at)}" d="M0 4H26"/></svg>${name}</span>`)}</p>`;
}
