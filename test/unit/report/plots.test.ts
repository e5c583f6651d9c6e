import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceedancePlot } from '../../../shared/report/plots/exceedance-plot.ts';
import { histogramPlot } from '../../../shared/report/plots/histogram-plot.ts';
import { linearScale, logScale, timeScale } from '../../../shared/report/plots/scale.ts';
import { seriesOf, type PlotSeries } from '../../../shared/report/plots/series.ts';
import { stripPlot } from '../../../shared/report/plots/strip-plot.ts';

const one = (histogram: PlotSeries['histogram'], more: Partial<PlotSeries> = {}): PlotSeries =>
  ({ name: 'CPU 2', samples: histogram.reduce((sum, [, count]) => sum + count, 0), maxUs: histogram.at(-1)?.[0] ?? null, overflows: 0, histogram, ...more });
const lines = (svg: string) => [...svg.matchAll(/<path class="line[^"]*" d="([^"]*)"/g)].map((match) => match[1] ?? '');
const buckets = fc.uniqueArray(fc.tuple(fc.nat({ max: 5000 }), fc.integer({ min: 1, max: 1e9 })), { selector: ([us]) => us, maxLength: 60 }).map((pairs) => pairs.sort((a, b) => a[0] - b[0]));

describe('plots', () => {
  it('are numbers only, for any histogram', () => {
    fc.assert(fc.property(buckets, fc.nat({ max: 100 }), fc.boolean(), (histogram, overflows, isKnown) => {
      const bound = (histogram.at(-1)?.[0] ?? 0) + 1;
      const series = [one(histogram, { overflows, samples: Math.max(1, histogram.reduce((sum, [, count]) => sum + count, 0) + overflows), maxUs: isKnown ? bound + 100 : null })];
      for (const { text } of [histogramPlot(series, bound, [{ us: 100, label: 'x' }]), exceedancePlot(series, bound, [{ us: 100, label: 'x' }])]) {
        expect(text).not.toMatch(/NaN|Infinity|undefined/);
        for (const [, y] of text.matchAll(/V(-?[\d.]+)/g)) {
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(270);
        }
      }
    }), { numRuns: 200 });
  });

  it('lose no single sample: a spike far out is a step of its own', () => {
    const [path = ''] = lines(histogramPlot([one([[3, 1e6], [4, 2e6], [9000, 1]])], 10_000, []).text);
    expect(path.match(/M/g)).toHaveLength(2);
  });

  it('of more buckets than pixels keep the highest of each', () => {
    const many = Array.from({ length: 30_000 }, (_, us): [number, number] => [us, us === 12_345 ? 1_000_000 : 10]);
    const [path = ''] = lines(histogramPlot([one(many)], 30_000, []).text);
    const heights = [...path.matchAll(/V([\d.]+)/g)].map((match) => Number(match[1]));
    const [spike, ordinary] = [Math.min(...heights), heights.sort((a, b) => a - b)[1] ?? 0];
    expect(ordinary - spike).toBeGreaterThan(100);
    expect(path.length).toBeLessThan(20_000);
  });

  it('fall where a bucket ends: between 4 and 100 µs one in a thousand is as long, and not more', () => {
    const [path = ''] = lines(exceedancePlot([one([[3, 999], [100, 1]])], 200, []).text);
    const steps = [...path.matchAll(/([MHV])([\d.]+)(?: ([\d.]+))?/g)].map((match) => [match[1], Number(match[2])]);
    expect(steps.map(([command]) => command)).toEqual(['M', 'H', 'V', 'H', 'V']);
    const x = logScale(2.7, 115, 78, 746, String);
    expect([steps[1]?.[1], steps[3]?.[1]]).toEqual([expect.closeTo(x.at(4), 0), expect.closeTo(x.at(101), 0)]);
  });

  it('draw what the overflow hides dashed, to the maximum that is known', () => {
    const { text } = exceedancePlot([one([[3, 900], [5, 90]], { samples: 1000, overflows: 10, maxUs: 700 })], 100, []);
    expect(text).toContain('class="line c0 d0 hidden"');
    expect(histogramPlot([one([[3, 900]], { overflows: 10, maxUs: 700 })], 100, []).text).toContain('10 beyond 100 µs, worst 700 µs');
  });

  it('tell in words what is seen', () => {
    expect(histogramPlot([one([[3, 5], [40, 1]])], 100, []).text).toContain('aria-label="Histogram of CPU 2: from 3 µs to 40 µs."');
    expect(stripPlot([{ atSeconds: 5, maxUs: 12 }], 3600, 10).text).toContain('aria-label="Maxima over 1 h: the longest was 12 µs."');
  });

  it('of many CPUs show those with the longest latencies, and count the others', () => {
    const { shown, hidden } = seriesOf(Array.from({ length: 12 }, (_, cpu) => ({ index: cpu, cpu, samples: 1, minUs: cpu, avgUs: cpu, maxUs: cpu, overflows: 0, histogram: [[cpu, 1]] as Array<[number, number]> })));
    expect([shown.map(({ name }) => name)[0], shown.length, hidden]).toEqual(['CPU 11', 8, 4]);
  });
});

describe('scales', () => {
  const label = String;
  it('put ends at the ends, and ticks between them', () => {
    const x = logScale(1, 1000, 0, 300, label);
    expect([x.at(1), x.at(10), x.at(1000), x.ticks.map(({ value }) => value)]).toEqual([0, 100, 300, [1, 10, 100, 1000]]);
    expect(logScale(2.7, 25, 0, 100, label).ticks.map(({ value }) => value)).toEqual([5, 10, 20]);
    expect(linearScale(12, 0, 120, label).ticks.map(({ value }) => value)).toEqual([0, 2, 4, 6, 8, 10, 12]);
    expect(timeScale(86_400, 0, 100, label).ticks.map(({ value }) => value)[1]).toBe(14_400);
    expect([linearScale(12, 0, 120, label).has(13), x.has(0.5), x.has(5)]).toEqual([false, false, true]);
  });
});
