import { html, type Html } from '../html.ts';
import { durationInWords, latencyInWords } from '../../statistics/words.ts';
import { fieldOf, framed } from './frame.ts';
import { linearScale, timeScale } from './scale.ts';

const height = 150;

/** When maxima were seen, one bar a column of pixels, the longest of each. */
export function stripPlot(points: ReadonlyArray<{ readonly atSeconds: number; readonly maxUs: number }>, totalSeconds: number, limitUs: number | null): Html {
  const { left, right, top, bottom } = fieldOf(height);
  const worst = points.reduce((most, { maxUs }) => Math.max(most, maxUs), 1);
  const x = timeScale(Math.max(totalSeconds, ...points.map(({ atSeconds }) => atSeconds), 1), left, right, (seconds) => (seconds === 0 ? '0' : durationInWords(seconds)));
  const y = linearScale(worst, bottom, top, (us) => us.toLocaleString('en-US'));
  const columns = new Map<number, number>();
  for (const { atSeconds, maxUs } of points) {
    const column = Math.round(x.at(atSeconds));
    columns.set(column, Math.max(columns.get(column) ?? 0, maxUs));
  }
  const bars = [...columns].sort((a, b) => a[0] - b[0]);
  const path = (over: boolean) => bars.filter(([, us]) => (limitUs !== null && us >= limitUs) === over).map(([column, us]) => `M${column} ${bottom}V${y.at(us)}`).join('');
  return framed({
    height, x, y, xTitle: 'time', yTitle: 'maximum so far, µs',
    label: `Maxima over ${durationInWords(totalSeconds)}: the longest was ${latencyInWords(worst)}.`,
    children: [
      limitUs !== null && limitUs <= worst ? html`<path class="limit" d="M${left} ${y.at(limitUs)}H${right}"/>` : null,
      html`<path class="bar" d="${path(false)}"/><path class="bar over" d="${path(true)}"/>`,
    ],
  });
}
