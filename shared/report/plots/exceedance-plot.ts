import { html, type Html } from '../html.ts';
import { latencyInWords } from '../../statistics/words.ts';
import { fieldOf, framed, lineClass, limitLines } from './frame.ts';
import type { Limit } from './histogram-plot.ts';
import { logScale } from './scale.ts';
import { longestUs, type PlotSeries } from './series.ts';

const height = 250;

/** Which share of the samples is at least so long, both by powers of ten: percentiles read from right to left. */
export function exceedancePlot(series: readonly PlotSeries[], boundUs: number, limits: readonly Limit[]): Html {
  const { left, right, top, bottom } = fieldOf(height);
  const shortest = Math.max(1, series.reduce((least, { histogram }) => Math.min(least, histogram[0]?.[0] ?? Infinity), Infinity));
  const longest = longestUs(series);
  const most = Math.max(10, ...series.map(({ samples }) => samples));
  const low = shortest * 0.9;
  const x = logScale(Number.isFinite(low) ? low : 1, Math.max(longest * 1.15, ...limits.filter(({ us }) => us < longest * 4).map(({ us }) => us * 1.05)), left, right, (us) => us.toLocaleString('en-US'));
  // A little below one in n, so that a single sample stands above the foot.
  const y = logScale(0.6 / most, 1, bottom, top, shareLabel);
  return framed({
    height, x, y, xTitle: 'latency, µs', yTitle: 'share of samples at least so long',
    label: `Share of samples at least so long, of ${series.map(({ name }) => name).join(', ')}: the longest was ${latencyInWords(longest)}.`,
    children: [
      limitLines(limits, x, height),
      series.map((one, at) => {
        const { known, hidden } = curve(one, boundUs, x.at, y.at);
        return html`<path class="${lineClass(at)}" d="${known}"/>${hidden === null ? null : html`<path class="${lineClass(at)} hidden" d="${hidden}"/>`}`;
      }),
    ],
  });
}

/**
 * Steps down from all to one in n: whatever was counted under v was shorter than v + 1 µs, so there the line falls. What lies in the
 * overflow is dashed: its end is known, its course is not.
 */
function curve({ histogram, samples, overflows, maxUs }: PlotSeries, boundUs: number, xOf: (us: number) => number, yOf: (share: number) => number): { known: string; hidden: string | null } {
  const [first] = histogram;
  if (first === undefined) return { known: '', hidden: null };
  let above = histogram.reduce((total, [, count]) => total + count, overflows);
  let y = yOf(above / samples);
  let known = `M${xOf(first[0])} ${y}`;
  for (const [us, count] of histogram) {
    above -= count;
    const next = yOf(above / samples);
    if (next !== y) known += `H${xOf(us + 1)}V${next}`;
    y = next;
  }
  if (overflows === 0) return { known, hidden: null };
  const [x, end] = [xOf(boundUs), xOf(maxUs ?? boundUs)];
  return { known: `${known}H${x}`, hidden: `M${x} ${y}L${end} ${yOf(1 / samples)}` };
}

const shareLabel = (share: number) => (share >= 0.999 ? 'all' : `1 in ${Math.round(1 / share) >= 1e6 ? `${Math.round(1 / share) / 1e6} M` : Math.round(1 / share).toLocaleString('en-US')}`);
