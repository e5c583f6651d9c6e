import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullSpan, decadeLabel, decadeTicks } from '../../../renderer/plots/histogram-range.ts';
import { emptyCount, highestCount, histogramColumns, seriesOf, type HistogramSeries } from '../../../renderer/plots/histogram-series.ts';
import { stripColumns, stripDataOf, stripHeight, stripIsLogarithmic, stripTop } from '../../../renderer/plots/strip-columns.ts';
import { pan, zoomAround, zoomByKey, zoomTo } from '../../../renderer/plots/zoom.ts';

const line = (histogram: Array<[number, number]>, overflows = 0): HistogramSeries =>
  seriesOf({ index: 0, cpu: 2, samples: 0, minUs: null, avgUs: null, maxUs: histogram.at(-1)?.[0] ?? null, overflows, histogram }, 'CPU 2', 2);

const histograms = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 1, max: 1e9 })), { selector: ([us]) => us, maxLength: 300 })
  .map((pairs) => pairs.sort(([a], [b]) => a - b));

describe('histogram columns', () => {
  it('keeps every bucket as it is while there are pixels enough', () => {
    const { x, y } = histogramColumns([line([[3, 10], [4, 1], [9, 7]])], { from: 0, to: 10 }, 600);
    expect([...x]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([...(y[0] ?? [])]).toEqual([emptyCount, emptyCount, emptyCount, 10, 1, emptyCount, emptyCount, emptyCount, emptyCount, 7, emptyCount]);
  });

  it('shows a single late sample among 40 000 buckets on 100 pixels', () => {
    const { y } = histogramColumns([line([[10, 1_000_000], [39_999, 1]])], { from: 0, to: 40_000 }, 100);
    expect(y[0]?.[199]).toBe(1);
  });

  it('loses neither the greatest nor the smallest count of any pixel column, at any zoom', () => {
    fc.assert(fc.property(histograms, fc.integer({ min: 0, max: 39_000 }), fc.integer({ min: 8, max: 40_000 }), fc.integer({ min: 20, max: 900 }), (histogram, from, width, pixels) => {
      const view = { from, to: from + width };
      const { x, y } = histogramColumns([line(histogram)], view, pixels);
      const drawn = y[0] ?? new Float64Array();
      const inView = histogram.filter(([us]) => us >= from && us < from + width);
      expect(x).toHaveLength(drawn.length);
      expect(Math.max(emptyCount, ...drawn)).toBeGreaterThanOrEqual(Math.max(emptyCount, ...inView.map(([, count]) => count)));
      const perColumn = width <= pixels ? 1 : 2;
      for (const [us, count] of inView) {
        // The pixel column whose stretch of the axis holds the bucket, or begins within the same eight buckets.
        const near = [...Array(drawn.length).keys()].filter((at) => at % perColumn === 0 && (x[at] ?? 0) <= us + 8 && (x[at + perColumn] ?? Infinity) > us - 8);
        const values = near.flatMap((at) => [...drawn.slice(at, at + perColumn)]);
        expect(Math.max(...values)).toBeGreaterThanOrEqual(count);
        expect(Math.min(...values)).toBeLessThanOrEqual(count);
      }
      for (let at = 1; at < x.length; at += 1) expect(x[at]).toBeGreaterThan(x[at - 1] ?? -1);
    }));
  });

  it('puts a bucket in its own pixel column', () => {
    const narrow = histogramColumns([line([[205, 7]])], { from: 0, to: 400 }, 100);
    expect([...(narrow.y[0] ?? [])].flatMap((count, at) => count > emptyCount ? [at] : [])).toEqual([103]);
    const wide = histogramColumns([line([[16_005, 7]])], { from: 0, to: 32_000 }, 100);
    expect([...(wide.y[0] ?? [])].flatMap((count, at) => count > emptyCount ? [at] : [])).toEqual([101]);
    expect([wide.x[100], wide.x[102]]).toEqual([16_000, 16_320]);
  });

  it('shows the greatest count exactly in any view that is cut bucket by bucket', () => {
    fc.assert(fc.property(histograms, fc.integer({ min: 0, max: 39_000 }), fc.integer({ min: 8, max: 4000 }), (histogram, from, width) => {
      const { y } = histogramColumns([line(histogram)], { from, to: from + width }, 500);
      const inView = histogram.filter(([us]) => us >= from && us < from + width).map(([, count]) => count);
      expect(Math.max(emptyCount, ...(y[0] ?? []))).toBe(Math.max(emptyCount, ...inView));
    }));
  });

  it('draws the gap between filled buckets of one pixel column', () => {
    const { y } = histogramColumns([line([[0, 50], [1, 50], [3, 50]])], { from: 0, to: 400 }, 100);
    expect([y[0]?.[0], y[0]?.[1]]).toEqual([emptyCount, 50]);
    const full = histogramColumns([line([[0, 50], [1, 20], [2, 30], [3, 50]])], { from: 0, to: 400 }, 100);
    expect([full.y[0]?.[0], full.y[0]?.[1]]).toEqual([20, 50]);
  });
});

describe('histogram axes', () => {
  it('reaches just past the worst bucket, to the overflow, and to a deadline that is near', () => {
    expect(fullSpan([line([[80, 1]])], 400, null).to).toBe(106);
    expect(fullSpan([line([[80, 1]], 3)], 400, null).to).toBe(424);
    expect(fullSpan([line([[290, 1]])], 400, 320).to).toBe(340);
    expect(fullSpan([line([[20, 1]])], 400, 5000).to).toBeLessThan(60);
  });

  it('has a tick for each decade up to the highest count, overflow counted', () => {
    expect(highestCount([line([[3, 900]], 4000)])).toBe(4000);
    expect(decadeTicks(4000, 6)).toEqual([1, 10, 100, 1000, 10_000]);
    expect(decadeTicks(1e12, 6)).toHaveLength(7);
    expect(decadeLabel(1_000_000)).toBe('10⁶');
  });
});

describe('zoom', () => {
  const full = { from: 0, to: 400 };

  it('knows its keys and no others', () => {
    expect(zoomByKey('+', full, full, 8)).toEqual({ from: 100, to: 300 });
    expect(zoomByKey('-', full, { from: 100, to: 300 }, 8)).toEqual(full);
    expect(zoomByKey('ArrowRight', full, { from: 100, to: 200 }, 8)).toEqual({ from: 120, to: 220 });
    expect(zoomByKey('End', full, { from: 100, to: 200 }, 8)).toEqual({ from: 300, to: 400 });
    expect(zoomByKey('0', full, { from: 1, to: 9 }, 8)).toEqual(full);
    expect(zoomByKey('x', full, full, 8)).toBeNull();
  });

  it('stays inside and never narrower than asked, whatever is done', () => {
    const spans = fc.record({ from: fc.double({ min: 0, max: 350, noNaN: true }), width: fc.double({ min: 8, max: 400, noNaN: true }) });
    fc.assert(fc.property(spans, fc.double({ min: 0.1, max: 10, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), ({ from, width }, factor, share) => {
      const view = zoomTo(full, { from, to: from + width }, 8);
      for (const next of [zoomAround(full, view, factor, (view.from + view.to) / 2, 8), pan(full, view, share)]) {
        expect(next.from).toBeGreaterThanOrEqual(0);
        expect(next.to).toBeLessThanOrEqual(400 + 1e-9);
        expect(next.to - next.from).toBeGreaterThanOrEqual(8 - 1e-9);
      }
    }));
  });

  it('keeps the point under the pointer where it is', () => {
    const next = zoomAround(full, { from: 100, to: 300 }, 0.5, 150, 8);
    expect((150 - next.from) / (next.to - next.from)).toBeCloseTo(0.25);
  });
});

describe('strip', () => {
  it('keeps the worst of each slice of time and when it was', () => {
    const columns = stripColumns(stripDataOf([{ atSeconds: 1, maxUs: 9 }, { atSeconds: 2, maxUs: 290 }, { atSeconds: 3, maxUs: 12 }, { atSeconds: 9, maxUs: 7 }]), { from: 0, to: 10 }, 2);
    expect(columns.map(({ maxUs, atSeconds }) => [maxUs, atSeconds])).toEqual([[290, 2], [7, 9]]);
  });

  it('never hides the worst, at any width', () => {
    const points = fc.array(fc.record({ atSeconds: fc.double({ min: 0, max: 1000, noNaN: true }), maxUs: fc.integer({ min: 0, max: 100_000 }) }), { minLength: 1, maxLength: 400 });
    fc.assert(fc.property(points, fc.integer({ min: 1, max: 500 }), (list, count) => {
      const columns = stripColumns(stripDataOf(list), { from: 0, to: 1000 }, count);
      expect(Math.max(...columns.map((column) => column.maxUs ?? -1))).toBe(Math.max(...list.map((point) => point.maxUs)));
    }));
  });

  it('says nothing of time without a reading', () => {
    expect(stripColumns(stripDataOf([{ atSeconds: 1, maxUs: 9 }]), { from: 0, to: 10 }, 5).map((column) => column.maxUs)).toEqual([9, null, null, null, null]);
  });

  it('turns logarithmic only when the worst would flatten the rest', () => {
    const usual = Array.from({ length: 9 }, () => ({ maxUs: 30 }));
    expect(stripIsLogarithmic(usual, 300)).toBe(false);
    expect(stripIsLogarithmic(usual, 8000)).toBe(true);
    expect(stripHeight(8000, 8000, true)).toBe(1);
    expect(stripHeight(4000, 8000, false)).toBe(0.5);
  });

  it('has a round top above the worst and a near deadline', () => {
    expect(stripTop(290, 320)).toBe(400);
    expect(stripTop(61, 5000)).toBe(80);
  });
});
