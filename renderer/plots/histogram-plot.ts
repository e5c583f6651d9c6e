import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { tokenValue } from './colours.ts';
import { decadeLabel, decadeTicks } from './histogram-range.ts';
import { emptyCount, highestCount, histogramColumns, type HistogramSeries, type ShownSeries } from './histogram-series.ts';
import { drawMarks } from './histogram-marks.ts';
import type { Span } from './zoom.ts';

export interface HistogramPlotOptions {
  readonly shown: readonly ShownSeries[];
  /** Every series there is, drawn or not: decides the count axis and the overflow. */
  readonly all: readonly HistogramSeries[];
  readonly histogramUs: number;
  readonly deadlineUs: number | null;
  readonly width: number;
  readonly height: number;
  view(): Span;
  onSelect(span: Span): void;
  onCursor(us: number | null): void;
}

export interface HistogramPlotHandle {
  readonly plot: UPlot;
  redraw(): void;
  /** Latency under a horizontal place in the window, px. */
  usAt(clientX: number): number;
  destroy(): void;
}

const axisWidth = 46;

/** From so many lines on nobody tells patterns apart, and dashes cost most of a redraw. */
const manyLines = 16;
const stepped = UPlot.paths.stepped?.({ align: 1 });
const straight = UPlot.paths.linear?.();

/** A uPlot of stepped lines on a logarithmic count axis, cut anew to the view's pixels at every redraw. */
export function createHistogramPlot(host: HTMLElement, options: HistogramPlotOptions): HistogramPlotHandle {
  const series = options.shown.map((one) => one.series);
  const highest = highestCount(options.all);
  const plotWidth = Math.max(40, options.width - axisWidth - 12);
  const colour = tokenValue;

  const many = series.length > manyLines;
  let paired = false;
  const data = (): UPlot.AlignedData => {
    const columns = histogramColumns(series, options.view(), plotWidth);
    paired = columns.paired;
    return [columns.x, ...columns.y];
  };
  const paths: UPlot.Series.PathBuilder = (drawn, at, from, to) => (paired ? straight : stepped)?.(drawn, at, from, to) ?? null;

  const plot = new UPlot({
    width: options.width,
    height: options.height,
    padding: [16, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    scales: {
      x: { time: false, range: () => [options.view().from, options.view().to] },
      y: { distr: 3, log: 10, range: () => [emptyCount, highest * 2.2] },
    },
    axes: [
      { stroke: colour('--ink-3'), grid: { show: false }, ticks: { stroke: colour('--line-1'), size: 4 }, font: '10px system-ui, sans-serif', size: 34, label: 'latency, µs', labelSize: 14, labelFont: '10px system-ui, sans-serif', labelGap: 0 },
      {
        stroke: colour('--ink-3'), grid: { stroke: colour('--line-1'), width: 1 }, ticks: { show: false }, font: '10px system-ui, sans-serif', size: axisWidth, gap: 6,
        splits: () => decadeTicks(highest, 6), values: (_plot, ticks) => ticks.map((tick) => decadeLabel(tick)), filter: (_plot, ticks) => ticks,
      },
    ],
    series: [
      {},
      ...options.shown.map(({ style, strong }) => ({
        stroke: colour(style.colourToken), width: strong ? 1.8 : many ? 1 : 1.2, dash: many ? [] : [...style.dash], points: { show: false }, paths,
      })),
    ],
    hooks: {
      draw: [(drawn) => { drawMarks(drawn, { ...options, highest }, colour); }],
      setSelect: [(drawn) => {
        if (drawn.select.width < 3) return;
        options.onSelect({ from: drawn.posToVal(drawn.select.left, 'x'), to: drawn.posToVal(drawn.select.left + drawn.select.width, 'x') });
        drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      }],
      setCursor: [(drawn) => {
        const at = drawn.cursor.left ?? -1;
        options.onCursor(at < 0 ? null : drawn.posToVal(at, 'x'));
      }],
    },
  }, data(), host);

  return {
    plot,
    redraw: () => { plot.setData(data()); },
    usAt: (clientX) => plot.posToVal(clientX - plot.over.getBoundingClientRect().left, 'x'),
    destroy: () => { plot.destroy(); },
  };
}
