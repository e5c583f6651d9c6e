import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Curve } from '../../../shared/model/compare.ts';
import type { ThreadResult } from '../../../shared/model/run.ts';
import { parseXml } from '@rgrove/parse-xml';
import { evenAxis, powerAxis } from '../../../renderer/plots/axis.ts';
import { exceedanceScene, exceedanceSpan } from '../../../renderer/plots/exceedance-scene.ts';
import { countAbove, exceedanceSeriesOf, latencyAtShare } from '../../../renderer/plots/exceedance-series.ts';
import { latencyRows, latencySpan, levelOf, timeRows } from '../../../renderer/plots/heat-map-cells.ts';
import { heatHeight, heatScene } from '../../../renderer/plots/heat-map-scene.ts';
import { histogramScene } from '../../../renderer/plots/histogram-scene.ts';
import { seriesOf } from '../../../renderer/plots/histogram-series.ts';
import { MaxPyramid } from '../../../renderer/plots/max-pyramid.ts';
import { svgOf } from '../../../renderer/plots/scene.ts';
import { evenStripData, stripColumns, stripDataOf } from '../../../renderer/plots/strip-columns.ts';
import { stripBars, stripScene } from '../../../renderer/plots/strip-scene.ts';

const style = { colourToken: '--accent', dash: [] };

describe('MaxPyramid', () => {
  it('gives the greatest of any stretch, and where it is first', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 900 }), fc.nat(900), fc.nat(900), (values, from, to) => {
      const pyramid = new MaxPyramid(Float64Array.from(values));
      const stretch = values.slice(from, to);
      expect(pyramid.max(from, to)).toBe(stretch.length === 0 ? null : Math.max(...stretch));
      expect(pyramid.indexOfMax(from, to)).toBe(stretch.length === 0 ? null : from + stretch.indexOf(Math.max(...stretch)));
    }));
  });
});

describe('strip at any zoom', () => {
  const spiky = () => {
    const values = new Uint16Array(200_000).fill(12);
    const spikes = Array.from({ length: 100 }, (_, at) => (at * 1999 + 7) % values.length);
    spikes.forEach((at, i) => { values[at] = 200 + i; });
    return { data: evenStripData(new MaxPyramid(values), 0.001), spikes: new Set(spikes), values };
  };

  it('shows every spike that is in view, as high as it is', () => {
    const { data, spikes, values } = spiky();
    fc.assert(fc.property(fc.double({ min: 0, max: 199, noNaN: true }), fc.double({ min: 0.01, max: 200, noNaN: true }), fc.integer({ min: 1, max: 900 }), (from, width, columns) => {
      const view = { from, to: Math.min(199.999, from + width) };
      const bars = stripColumns(data, view, columns);
      for (const at of spikes) {
        const seconds = at * 0.001;
        if (seconds < view.from + 1e-6 || seconds > view.to - 1e-6) continue;
        expect(bars.some(({ maxUs, fromSeconds, toSeconds }) => (maxUs ?? 0) >= (values[at] ?? 0) && seconds >= fromSeconds - 1e-6 && seconds <= toSeconds + 1e-6)).toBe(true);
      }
    }), { numRuns: 60 });
  });

  it('counts each reading in one slice only', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (seconds, columns) => {
      const points = [...new Set(seconds)].map((atSeconds) => ({ atSeconds, maxUs: 1 + atSeconds }));
      const shown = stripColumns(stripDataOf(points), { from: 0, to: 1000 }, columns).flatMap(({ maxUs }) => maxUs ?? []);
      expect(new Set(shown).size).toBe(shown.length);
      expect(Math.max(...shown)).toBe(Math.max(...points.map(({ maxUs }) => maxUs)));
    }));
  });

  it('draws a bar of a pixel at least for the longest of a day', () => {
    const { data } = spiky();
    const scene = stripScene({ data, view: { from: 0, to: 200 }, totalSeconds: 200, deadlineUs: 100, gaps: [{ fromSeconds: 3, toSeconds: 4 }], width: 900, height: 112, topUs: 400, isLogarithmic: false, cursorSeconds: 5 });
    const over = scene.items.find((item) => item.kind === 'area' && item.fill === '--stress');
    expect(over?.kind === 'area' && over.d.split('M').length - 1).toBe(stripBars({ data, view: { from: 0, to: 200 }, width: 900 }).filter(({ maxUs }) => (maxUs ?? 0) > 100).length);
    expect(scene.items.some((item) => item.kind === 'text' && item.text === '299 µs')).toBe(true);
  });
});

const curveOf = (buckets: Array<[number, number]>, overflows = 0): Curve => ({
  runId: 'a', resolutionNs: 1000, boundNs: 100_000,
  distribution: { label: 'CPU 4', cpu: 4, samples: buckets.reduce((sum, [, count]) => sum + count, overflows), minNs: 1000, avgNs: 5000, maxNs: overflows > 0 ? 450_000 : buckets.at(-1)?.[0] ?? 0, overflows, buckets },
});

describe('percentile curves', () => {
  const bucketLists = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 40 }).chain((edges) => fc.tuple(fc.constant([...edges].sort((a, b) => a - b)), fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: edges.length, maxLength: edges.length })))
    .map(([edges, counts]) => edges.map((us, at): [number, number] => [us * 1000, counts[at] ?? 1]));

  it('counts what is at least so long as counting one by one does', () => {
    fc.assert(fc.property(bucketLists, fc.nat(50), fc.integer({ min: 0, max: 101 }), (buckets, overflows, us) => {
      const series = exceedanceSeriesOf(curveOf(buckets, overflows), 'A');
      // A bucket [v, v + 1) may hold values of at least us unless it ends at or before it.
      expect(countAbove(series, us)).toBe(buckets.filter(([edge]) => edge / 1000 + 1 > us).reduce((sum, [, count]) => sum + count, overflows));
    }));
  });

  it('gives the latency that no more than a share passes, and none where the overflow hides it', () => {
    const series = exceedanceSeriesOf(curveOf([[3000, 900], [10_000, 99]], 1), 'A');
    expect([latencyAtShare(series, 0.5), latencyAtShare(series, 0.1), latencyAtShare(series, 0.01), latencyAtShare(series, 1e-4)]).toEqual([4, 4, 11, null]);
  });

  it('begins at all and ends where the longest is, dotted through the overflow, whatever the zoom', () => {
    const series = [exceedanceSeriesOf(curveOf([[3000, 900], [10_000, 99]], 1), 'A')];
    const full = exceedanceSpan(series, null);
    const scene = exceedanceScene({ curves: series.map((one) => ({ series: one, style })), view: full, width: 800, height: 300, deadlineUs: 50, cursorUs: 10 });
    const lines = scene.items.filter((item) => item.kind === 'line' && item.stroke === '--accent');
    expect(lines.some((item) => item.kind === 'line' && item.dash.join() === '1,4')).toBe(true);
    fc.assert(fc.property(fc.double({ min: full.from, max: full.to - 0.05, noNaN: true }), fc.double({ min: 0.02, max: 3, noNaN: true }), (from, width) => {
      const { items } = exceedanceScene({ curves: series.map((one) => ({ series: one, style })), view: { from, to: from + width }, width: 800, height: 300, deadlineUs: null, cursorUs: null });
      for (const item of items) if (item.kind !== 'text') expect(item.d).not.toMatch(/NaN|Infinity/);
      const known = items.find((item) => item.kind === 'line' && item.stroke === '--accent' && item.dash.length === 0);
      for (const [, x] of known?.kind === 'line' ? known.d.matchAll(/[MH](-?[\d.]+)/g) : []) expect(Number(x)).toSatisfy((at: number) => at >= 72 && at <= 788);
    }));
  });
});

describe('heat map', () => {
  const threadsOf = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 399 }), { maxLength: 20 }), { minLength: 1, maxLength: 6 }).map((cpus) => cpus.map((edges, cpu): ThreadResult => ({
    index: cpu, cpu, samples: edges.length * 3, minUs: 0, avgUs: 1, maxUs: 399, overflows: cpu % 2, histogram: [...edges].sort((a, b) => a - b).map((us): [number, number] => [us, 3]),
  })));

  it('loses no sample, and a single one is seen', () => {
    fc.assert(fc.property(threadsOf, fc.integer({ min: 1, max: 90 }), (threads, pieces) => {
      const view = latencySpan(threads, 400);
      for (const [at, { cells }] of latencyRows(threads, view, pieces, 400).entries()) {
        const told = cells.reduce((sum, { words }) => sum + Number((/: ([\d\u202f]+) samples/.exec(words)?.[1] ?? '0').replaceAll('\u202f', '')), 0);
        const thread = threads[at];
        expect(told).toBe((thread?.histogram ?? []).reduce((sum, [, count]) => sum + count, 0) + (thread?.overflows ?? 0));
        for (const { level, words } of cells) expect(level > 0).toBe(!words.endsWith(': 0 samples'));
      }
    }));
    expect([levelOf(0, 1e9), levelOf(1, 1e9), levelOf(1e9, 1e9)]).toEqual([0, 1, 8]);
  });

  it('over time has the worst of each CPU in each part, and says what is not known', () => {
    const thread = (cpu: number, maxUs: number | null): ThreadResult => ({ index: cpu, cpu, samples: 1, minUs: 1, avgUs: 1, maxUs, overflows: 0 });
    const rows = timeRows([{ index: 1, startedAtSeconds: 0, endedAtSeconds: 10, complete: true, maxUs: 50, threads: [thread(5, 50), thread(4, 8)] }, { index: 2, startedAtSeconds: 12, endedAtSeconds: 20, complete: true, maxUs: 9, threads: [thread(4, 9)] }]);
    expect(rows.map(({ label, cells }) => [label, ...cells.map(({ level }) => level > 0)])).toEqual([['CPU 4', true, true], ['CPU 5', true, false]]);
    expect(rows[1]?.cells[1]?.words).toContain('not known');
    const scene = heatScene({ rows, view: { from: 0, to: 20 }, of: 'time', width: 700, cursor: { row: 0, cell: 1 } });
    expect(scene.height).toBe(heatHeight(2));
    expect(scene.items.filter((item) => item.kind === 'text' && item.text.startsWith('CPU')).length).toBe(2);
  });
});

describe('axes', () => {
  it('write values within themselves, in order', () => {
    fc.assert(fc.property(fc.double({ min: -3, max: 5, noNaN: true }), fc.double({ min: 0.05, max: 9, noNaN: true }), (power, span) => {
      const [low, high] = [10 ** power, 10 ** (power + span)];
      const values = powerAxis(low, high, 0, 800, 8, String).ticks.map(({ value }) => value);
      expect(values).toEqual([...values].sort((a, b) => a - b));
      for (const value of values) expect(value).toSatisfy((one: number) => one >= low * 0.999 && one <= high * 1.001);
    }));
    expect(evenAxis(0, 100, 0, 100, 5, String).ticks.map(({ value }) => value)).toEqual([0, 20, 40, 60, 80, 100]);
  });
});

describe('a saved picture', () => {
  it('is XML whatever the lines are called, with a title', () => {
    fc.assert(fc.property(fc.string(), (label) => {
      const series = seriesOf({ index: 0, samples: 4, minUs: 1, avgUs: 2, maxUs: 9, overflows: 1, histogram: [[1, 3], [9, 1]] }, label, 4);
      const scene = histogramScene({ shown: [{ series, style, strong: false }], all: [series], view: { from: 0, to: 60 }, histogramUs: 40, deadlineUs: 30, width: 700, height: 320 });
      const svg = svgOf(scene, label, (colour) => (colour.startsWith('--') ? '#123456' : colour));
      expect(parseXml(svg).root?.name).toBe('svg');
      expect(svg).not.toContain('--accent');
    }));
  });
});
