import type { SegmentResult, ThreadResult } from '../../shared/model/run.ts';
import { formatCount, formatDuration, formatUs } from '../text/format.ts';
import type { Span } from './zoom.ts';

/** One field of a heat map: from where to where on its axis, how hot (0: nothing there, 1 to 8), and what it says. */
export interface HeatCell { readonly from: number; readonly to: number; readonly level: number; readonly words: string }
export interface HeatRow { readonly label: string; readonly cells: readonly HeatCell[] }

export const hottest = 8;

/** How hot a value is by its power between 1 and the greatest. Whatever is there at all is at least 1: a single sample is seen. */
export const levelOf = (value: number, most: number): number =>
  (value <= 0 ? 0 : Math.max(1, Math.min(hottest, Math.ceil((hottest * Math.log(value + 1)) / Math.log(Math.max(2, most + 1))))));

const nameOf = ({ cpu, index }: ThreadResult) => (cpu === undefined ? `thread ${String(index)}` : `CPU ${String(cpu)}`);

/** Where in powers of ten a latency of whole µs lies; what was cut off to 0 lies below 1. */
export const powerOf = (us: number): number => Math.log10(Math.max(0.5, us));

/** The whole latency axis, in powers of ten of µs. */
export function latencySpan(threads: readonly ThreadResult[], histogramUs: number): Span {
  const longest = Math.max(10, ...threads.map(({ maxUs, overflows, histogram }) => Math.max(overflows > 0 ? histogramUs : 0, maxUs ?? 0, (histogram?.at(-1)?.[0] ?? 0) + 1)));
  const shortest = Math.min(longest / 2, ...threads.map(({ histogram }) => histogram?.[0]?.[0] ?? Infinity));
  return { from: powerOf(shortest), to: powerOf(longest + 1) };
}

/**
 * CPU × latency: how many samples of each CPU lie in each piece of the axis. Every sample within the view is in one piece; those of the
 * overflow are a piece of their own at its end, because where they are is not known.
 */
export function latencyRows(threads: readonly ThreadResult[], view: Span, pieces: number, histogramUs: number): HeatRow[] {
  const edges = edgesOf(view, pieces);
  const count = edges.length - 1;
  const pieceOf = (power: number) => {
    if (power < view.from - 1e-9 || power > view.to + 1e-9) return -1;
    const after = edges.findIndex((edge) => edge > power + 1e-12);
    return after < 0 ? count - 1 : Math.max(0, after - 1);
  };
  const counted = threads.map((thread) => {
    const counts = new Float64Array(count);
    const add = (us: number, samples: number) => {
      const at = pieceOf(powerOf(us));
      if (at >= 0) counts[at] = (counts[at] ?? 0) + samples;
    };
    for (const [us, samples] of thread.histogram ?? []) add(us, samples);
    if (thread.overflows > 0) add(histogramUs, thread.overflows);
    return { thread, counts };
  });
  const most = Math.max(1, ...counted.map(({ thread: { histogram } }) => (histogram ?? []).reduce((greatest, [, count]) => Math.max(greatest, count), 0)));
  return counted.map(({ thread, counts }) => ({
    label: nameOf(thread),
    cells: [...counts].map((samples, at) => {
      const [from, to] = [edges[at] ?? view.from, edges[at + 1] ?? view.to];
      return { from, to, level: levelOf(samples, most), words: `${nameOf(thread)}, ${formatUs(10 ** from)} to ${formatUs(10 ** to)} µs: ${formatCount(samples)} samples` };
    }),
  }));
}

/** Where pieces of the axis meet: at every whole µs where those are few enough, so that a bucket is a piece; else evenly. */
function edgesOf(view: Span, pieces: number): number[] {
  const [low, high] = [Math.max(1, Math.ceil(10 ** view.from + 1e-9)), Math.floor(10 ** view.to - 1e-9)];
  if (high - low + 2 > pieces) return Array.from({ length: pieces + 1 }, (_, at) => view.from + (at * (view.to - view.from)) / pieces);
  return [view.from, ...Array.from({ length: Math.max(0, high - low + 1) }, (_, at) => powerOf(low + at)), view.to];
}

/** CPU × time: the worst of each CPU in each part of the run, in seconds. */
export function timeRows(segments: readonly SegmentResult[]): HeatRow[] {
  const cpus = [...new Map(segments.flatMap(({ threads }) => threads.map((thread) => [thread.cpu ?? thread.index, thread] as const)))].sort(([a], [b]) => a - b);
  const most = Math.max(1, ...segments.flatMap(({ threads }) => threads.map(({ maxUs }) => maxUs ?? 0)));
  return cpus.map(([cpu, named]) => ({
    label: nameOf(named),
    cells: segments.map(({ index, startedAtSeconds, endedAtSeconds, threads }) => {
      const maxUs = threads.find((thread) => (thread.cpu ?? thread.index) === cpu)?.maxUs ?? null;
      return {
        from: startedAtSeconds, to: Math.max(endedAtSeconds, startedAtSeconds + 1e-9), level: maxUs === null ? 0 : levelOf(maxUs, most),
        words: `${nameOf(named)}, part ${String(index)} from ${formatDuration(startedAtSeconds)}: ${maxUs === null ? 'not known' : `worst ${formatUs(maxUs)} µs`}`,
      };
    }),
  }));
}
