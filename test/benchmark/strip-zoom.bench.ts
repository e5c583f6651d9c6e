import { MaxPyramid } from '../../renderer/plots/max-pyramid.ts';
import { evenStripData } from '../../renderer/plots/strip-columns.ts';
import { stripBars, stripScene } from '../../renderer/plots/strip-scene.ts';
import { cheapestOf, cheapestOfMany, type Benchmark } from './benchmark.ts';

/** A day at a cycle a millisecond. */
const samples = 86_400_000;
const spikeCount = 100;
const usualUs = 14;
const width = 1_400;
/** From the whole day down to a tenth of a second, about every spike. */
const zoomsSeconds = [86_400, 20_000, 3_600, 600, 60, 5, 0.1];

/** What a frame leaves for drawing. */
const frameMs = 16;

const spikeAt = (at: number) => (at * 864_013 + 4_321) % samples;

/** Every spike must be a bar as high as it is, in every view that holds it. */
function hiddenSpikes(values: Uint16Array, data: ReturnType<typeof evenStripData>): number {
  let hidden = 0;
  for (let at = 0; at < spikeCount; at += 1) {
    const seconds = spikeAt(at) / 1_000;
    for (const span of zoomsSeconds) {
      const from = Math.max(0, Math.min(samples / 1_000 - span, seconds - span / 3));
      const bars = stripBars({ data, view: { from, to: from + span }, width });
      if (!bars.some(({ maxUs, fromSeconds, toSeconds }) => (maxUs ?? 0) >= (values[spikeAt(at)] ?? 0) && seconds >= fromSeconds - 1e-6 && seconds <= toSeconds + 1e-6)) hidden += 1;
    }
  }
  return hidden;
}

/** The floor: as many bars read straight from as many values, with nothing looked for. What a redraw costs however the maxima are found. */
function bareScene(values: Uint16Array): string {
  const step = Math.floor(values.length / 450);
  let d = '';
  for (let at = 0; at < 450; at += 1) {
    const y = 90 - ((values[at * step] ?? 0) / 400) * 80;
    d += `M${String(Math.round(540 + at * 30) / 10)} ${String(Math.round(y * 10) / 10)}h3v${String(Math.round((90 - y) * 10) / 10)}h-3z`;
  }
  return d;
}

export const benchmark: Benchmark = {
  name: `strip of ${String(samples / 1e6)} million maxima with ${String(spikeCount)} spikes`,
  run: () => {
    const values = new Uint16Array(samples).fill(usualUs);
    for (let at = 0; at < spikeCount; at += 1) values[spikeAt(at)] = 150 + at;
    let data = evenStripData(new MaxPyramid(new Uint16Array(1)), 0.001);
    const buildMs = cheapestOf(1, () => { data = evenStripData(new MaxPyramid(values), 0.001); });
    const hidden = hiddenSpikes(values, data);
    const about = { data, totalSeconds: samples / 1_000, deadlineUs: 100, gaps: [], width, height: 112, topUs: 400, isLogarithmic: false, cursorSeconds: null };
    const redrawMs = zoomsSeconds.map((span) => cheapestOfMany(5, 40, () => stripScene({ ...about, view: { from: 10, to: 10 + Math.min(span, 86_390) } })));
    const floorMs = cheapestOfMany(5, 40, () => bareScene(values));
    const slowestMs = Math.max(...redrawMs);
    return Promise.resolve({
      figures: [
        { name: 'building the pyramid, once', value: buildMs, unit: 'ms CPU' }, { name: 'redraw, the slowest of 7 zooms', value: slowestMs, unit: 'ms CPU' },
        { name: 'redraw, the fastest', value: Math.min(...redrawMs), unit: 'ms CPU' }, { name: 'the same number of bars without maxima', value: floorMs, unit: 'ms CPU' },
      ],
      ratios: [
        { name: `hidden spikes of ${String(spikeCount * zoomsSeconds.length)} looked for`, value: hidden, limit: 0 },
        { name: 'slowest redraw ÷ a frame of 16 ms', value: slowestMs / frameMs, limit: 1 },
        { name: 'slowest redraw ÷ bare bars', value: slowestMs / floorMs, limit: 100 },
      ],
    });
  },
};
