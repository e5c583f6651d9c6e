import { html, type Html } from '../html.ts';
import { fieldOf, framed } from './frame.ts';
import { linearScale } from './scale.ts';

const height = 230;

/** What a fitted distribution expects against what was seen: points near the line mean a good fit. */
export function fitPlot(quantiles: ReadonlyArray<{ readonly expectedUs: number; readonly seenUs: number }>): Html {
  const { left, right, top, bottom } = fieldOf(height);
  const most = quantiles.reduce((largest, { expectedUs, seenUs }) => Math.max(largest, expectedUs, seenUs), 1);
  const label = (us: number) => us.toLocaleString('en-US');
  const [x, y] = [linearScale(most, left, right, label), linearScale(most, bottom, top, label)];
  return framed({
    height, x, y, xTitle: 'expected by the fit, µs', yTitle: 'seen, µs',
    label: `Quantiles of the fitted distribution against those seen, ${quantiles.length} blocks.`,
    children: [
      html`<path class="limit" d="M${x.at(0)} ${y.at(0)}L${x.at(most)} ${y.at(most)}"/>`,
      quantiles.map(({ expectedUs, seenUs }) => html`<circle class="dot" r="2" cx="${x.at(Math.max(0, expectedUs))}" cy="${y.at(Math.max(0, seenUs))}"/>`),
    ],
  });
}
