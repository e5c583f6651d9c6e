import { countInWords, durationInWords, latencyInWords } from '../words.ts';
import { trendOf } from '../trend.ts';
import { checkFit, fitTruncated } from './fit-check.ts';
import { extremeValueQuantile, type ExtremeValueParameters } from './generalised-extreme-value.ts';

/** Maxima of blocks of equal length, in the order of time, of one CPU under unchanged conditions. */
export interface BlockMaxima {
  readonly maximaUs: readonly number[];
  readonly blockSeconds: number;
  /** Values are truncated to this. */
  readonly resolutionUs: number;
}

export const tailRefusals = ['too few blocks', 'too coarse', 'drift', 'dependent', 'heavy tail', 'bad fit'] as const;

export interface TailLevel {
  /** Exceeded once in this time on average. */
  readonly seconds: number;
  readonly us: number;
  /** 95 % of simulated fits stay under it. */
  readonly upperUs: number;
}

/** An estimate, never a proof: what the maxima would be in a longer run if nothing changed. Or why none is made. */
export type TailEstimate =
  | { readonly kind: 'refused'; readonly reason: typeof tailRefusals[number]; readonly sentence: string }
  | {
    readonly kind: 'estimate';
    readonly parameters: ExtremeValueParameters;
    readonly blocks: number;
    readonly blockSeconds: number;
    /** Kolmogorov-Smirnov distance and how often chance alone gives one as large. */
    readonly distance: number;
    readonly p: number;
    readonly levels: readonly TailLevel[];
    /** What the fit expects at each rank beside what was seen, ascending. */
    readonly quantiles: ReadonlyArray<{ readonly expectedUs: number; readonly seenUs: number }>;
    readonly sentence: string;
  };

const fewestBlocks = 30;
const fewestValues = 6;
const mostBlocks = 1000;
/** From here on the variance of the maxima is infinite, and no level beyond what was seen means anything. */
const heaviestShape = 0.5;
/** How far beyond the measured time levels are given. */
const furthest = 10;

/**
 * Estimates the tail from block maxima with the generalised extreme-value distribution. Refused when there are too few blocks,
 * the resolution hides the shape, maxima drift or hang together, the tail is too heavy, or the fit is bad. Levels reach to ten
 * times the time measured and no further.
 */
export function estimateTail(input: BlockMaxima): TailEstimate {
  const { maximaUs, blockSeconds, resolutionUs } = mergedBlocks(input);
  const count = maximaUs.length;
  if (count < fewestBlocks) return refused('too few blocks', `There are ${count} blocks; with fewer than ${fewestBlocks} the tail cannot be told.`);
  const different = new Set(maximaUs).size;
  if (different < fewestValues) return refused('too coarse', `The maxima take only ${different} different values: the resolution of ${latencyInWords(resolutionUs)} hides how they are spread.`);
  const trend = trendOf(maximaUs.map((value, i) => ({ atSeconds: i * blockSeconds, value })));
  if (trend !== null && trend.p < 0.01) return refused('drift', `The maxima ${trend.perHour > 0 ? 'rise' : 'fall'} over the run: they do not come from one distribution, so it says nothing about later.`);
  if (Math.abs(firstAutocorrelation(maximaUs)) > 2.576 / Math.sqrt(count)) return refused('dependent', 'Neighbouring blocks resemble each other: something slower than a block is at work. Take longer blocks.');
  const parameters = fitTruncated(maximaUs, resolutionUs);
  if (parameters === null) return refused('too coarse', 'All maxima are equal.');
  if (parameters.shape >= heaviestShape) return refused('heavy tail', 'The largest maxima lie so far out that nothing can be said about longer runs: look for their cause first.');
  const measuredSeconds = count * blockSeconds;
  const horizons = [measuredSeconds, furthest * measuredSeconds];
  const chances = horizons.map((seconds) => blockSeconds / seconds);
  const { distance, p, upperLevels } = checkFit(maximaUs, parameters, resolutionUs, chances);
  if (p < 0.05) return refused('bad fit', `The fitted distribution lies too far off what was seen (distance ${distance.toFixed(2)}, by chance ${p < 0.01 ? 'less than 1' : Math.round(p * 100)} time in 100): usually the maxima have more than one cause.`);
  const levels = horizons.map((seconds, i) => ({ seconds, us: extremeValueQuantile(chances[i] ?? 1, parameters), upperUs: upperLevels[i] ?? Infinity }));
  const ordered = [...maximaUs].sort((a, b) => a - b);
  return {
    kind: 'estimate', parameters, blocks: count, blockSeconds, distance, p, levels,
    // Gringorten's plotting positions, made for extreme values.
    quantiles: ordered.map((seenUs, i) => ({ seenUs, expectedUs: extremeValueQuantile(1 - (i + 0.56) / (count + 0.12), parameters) })),
    sentence: inWords(levels, count, blockSeconds),
  };
}

function inWords(levels: readonly TailLevel[], count: number, blockSeconds: number): string {
  const last = levels.at(-1);
  if (last === undefined) return '';
  const round = (us: number) => latencyInWords(Math.ceil(us));
  return `An estimate, not a proof: from the maxima of ${countInWords(count)} blocks of ${durationInWords(blockSeconds)}, about ${round(last.us)} would be exceeded once in ${durationInWords(last.seconds)} on average (95 % of simulated fits stay under ${round(last.upperUs)}), if nothing on the board changed.`;
}

const refused = (reason: typeof tailRefusals[number], sentence: string): TailEstimate => ({ kind: 'refused', reason, sentence: `No estimate of the tail. ${sentence}` });

/** Of very many blocks neighbours are put together: the longer a block, the better the theory holds. An incomplete last one is left out. */
function mergedBlocks({ maximaUs, blockSeconds, resolutionUs }: BlockMaxima): BlockMaxima {
  const size = Math.ceil(maximaUs.length / mostBlocks);
  if (size <= 1) return { maximaUs, blockSeconds, resolutionUs };
  const merged = Array.from({ length: Math.floor(maximaUs.length / size) }, (_, i) => maximaUs.slice(i * size, (i + 1) * size).reduce((most, value) => Math.max(most, value)));
  return { maximaUs: merged, blockSeconds: blockSeconds * size, resolutionUs };
}

/** Rank autocorrelation of neighbours: ranks, because one far spike would hide everything else. */
function firstAutocorrelation(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const rank = new Map<number, number>();
  for (let from = 0; from < ordered.length;) {
    let to = from;
    while (ordered[to + 1] === ordered[from]) to++;
    rank.set(ordered[from] ?? 0, (from + to) / 2);
    from = to + 1;
  }
  const middle = (values.length - 1) / 2;
  const offsets = values.map((value) => (rank.get(value) ?? middle) - middle);
  const square = offsets.reduce((total, offset) => total + offset * offset, 0);
  const product = offsets.reduce((total, offset, i) => total + offset * (offsets[i + 1] ?? 0), 0);
  return square === 0 ? 0 : product / square;
}
