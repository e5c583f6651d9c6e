import { html, type Html } from '../html.ts';
import { countInWords, latencyInWords } from '../../statistics/words.ts';
import { fieldOf, framed, lineClass, limitLines } from './frame.ts';
import { linearScale, logScale, round } from './scale.ts';
import { longestUs, type PlotSeries } from './series.ts';

export interface Limit { readonly us: number; readonly label: string }

const height = 270;
/** The count that the foot of the plot stands for: one sample must be seen to rise above it. */
const foot = 0.6;

/** Histograms over one another, counts by powers of ten. `boundUs` is where the overflow begins. */
export function histogramPlot(series: readonly PlotSeries[], boundUs: number, limits: readonly Limit[]): Html {
  const { left, right, top, bottom } = fieldOf(height);
  const overflows = series.reduce((total, one) => total + one.overflows, 0);
  const last = series.reduce((most, { histogram }) => Math.max(most, (histogram.at(-1)?.[0] ?? 0) + 1), 1);
  const worst = longestUs(series);
  const span = overflows > 0 ? boundUs * 1.15 : Math.max(worst + 1, ...limits.filter(({ us }) => us < worst * 2.5).map(({ us }) => us * 1.05));
  const x = linearScale(Math.max(span, 10), left, right, (us) => us.toLocaleString('en-US'));
  const highest = series.reduce((most, { histogram }) => histogram.reduce((count, [, one]) => Math.max(count, one), most), 1);
  const y = logScale(foot, highest * 1.5, bottom, top, powerLabel);
  return framed({
    height, x, y, xTitle: 'latency, µs', yTitle: 'samples',
    label: `Histogram of ${series.map(({ name }) => name).join(', ')}: from ${latencyInWords(series.reduce((least, { histogram }) => Math.min(least, histogram[0]?.[0] ?? least), last))} to ${latencyInWords(worst)}.`,
    children: [
      overflows > 0 ? html`<rect class="overflow" x="${x.at(boundUs)}" y="${top}" width="${round(right - x.at(boundUs))}" height="${bottom - top}"/><text class="warn-text end" x="${right - 3}" y="${bottom - 6}">${`${countInWords(overflows)} beyond ${latencyInWords(boundUs)}, worst ${latencyInWords(worst)}`}</text>` : null,
      limitLines(limits, x, height),
      series.map(({ histogram }, at) => html`<path class="${lineClass(at)}" d="${outline(histogram, x.at, y.at, bottom, right)}"/>`),
      overflows > 0 ? null : html`<path class="worst" d="M${x.at(worst + 0.5)} ${bottom - 3}l-4 -8h8z"/>`,
    ],
  });
}

/** Steps, one column of pixels wide at least; a column shows its highest bucket, so that no peak is lost. */
function outline(histogram: PlotSeries['histogram'], xOf: (us: number) => number, yOf: (count: number) => number, bottom: number, right: number): string {
  const columns = new Map<number, number>();
  for (const [us, count] of histogram) {
    const from = Math.floor(xOf(us));
    const to = Math.max(from, Math.ceil(xOf(us + 1)) - 1);
    for (let column = from; column <= Math.min(to, right); column++) columns.set(column, Math.max(columns.get(column) ?? 0, count));
  }
  let path = '';
  let at: number | null = null;
  let level = bottom;
  for (const column of [...columns.keys()].sort((a, b) => a - b)) {
    const y = yOf(columns.get(column) ?? 0);
    if (at === null || column !== at) path += `${at === null ? '' : `V${bottom}`}M${column} ${bottom}V${y}`;
    else if (y !== level) path += `V${y}`;
    path += `h1`;
    level = y;
    at = column + 1;
  }
  return at === null ? '' : joined(`${path}V${bottom}`);
}

/** Neighbouring steps of one pixel on the same level are one. */
const joined = (path: string) => path.replace(/(?:h1){2,}/g, (steps) => `h${steps.length / 2}`);

function powerLabel(value: number): string {
  return value >= 1e5 ? `10${[...String(Math.round(Math.log10(value)))].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '').join('')}` : value.toLocaleString('en-US');
}
