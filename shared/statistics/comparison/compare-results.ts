import { medianOf, rankSumTest, smallestP } from '../rank-sum.ts';
import { countInWords } from '../words.ts';
import type { ComparedFigure, ComparedRow, ComparedScalar, Comparison } from './comparison.ts';
import { judged, medianFigure, rawDifference, significance } from './differences.ts';
import { figureValues, unknownFigure, worstOf, type FigureValue } from './figures.ts';
import type { ComparedSide, MeasuredLine } from './measured-result.ts';
import { statementsOf } from './statements.ts';

/** A maximum grows with the number of samples: beyond this ratio of them maxima are not compared. */
const largestSampleRatio = 1.1;

/**
 * Compares two or more sides with the first one, line by line and by the worst line of each kind. The unit is the repeat, never the
 * sample; lines are never pooled, and kinds of CPU are kept apart; a maximum is compared only over equal numbers of samples.
 */
export function compareResults(sides: readonly ComparedSide[]): Comparison {
  const obstacle = obstacleOf(sides);
  const isDrawn = measuresOf(sides).length < 2;
  const lines = sides.map((side) => side.repeats.map(({ lines: own }) => own.filter(({ distribution }) => distribution.samples > 0)));
  const all = lines.flat(2);
  const keys = lines.map((side) => side.map(countedKeys));
  const shared = [...new Set(all.map(({ key }) => key))].filter((key) => keys.every((side) => side.every((repeat) => repeat.get(key) === 1)));
  const kinds = [...new Set(all.map(({ kind }) => kind))].filter((kind) => lines.every((side) => side.every((repeat) => repeat.some((line) => line.kind === kind))));
  const pick = (chosen: (line: MeasuredLine) => boolean) => lines.map((side) => side.map((repeat) => repeat.filter(chosen)));
  const single = shared.map((key) => rowOf(key, all.find((line) => line.key === key)?.kind ?? '', false, pick((line) => line.key === key), obstacle, isDrawn));
  const worst = kinds.map((kind) => ({ kind, groups: pick((line) => line.kind === kind) }))
    .filter(({ kind, groups }) => groups.some((side) => side.some((repeat) => repeat.length > 1)) || !single.some((row) => row.kind === kind))
    .map(({ kind, groups }) => rowOf(kind === '' ? 'worst' : `worst: ${kind}`, kind, true, groups, obstacle, isDrawn));
  const rows = [...single, ...worst];
  const comparison = {
    sides: sides.map(({ name, repeats }) => ({
      name, tools: [...new Set(repeats.map(({ tool, version }) => (version === null ? tool : `${tool} ${version}`)))],
      repeats: repeats.map((repeat) => repeat.name), virtualised: commonOf(repeats.map(({ virtualised }) => virtualised)),
    })),
    obstacle, rows,
    scalars: isDrawn ? scalarsOf(sides, obstacle) : [],
    notes: [...notesOf(sides), ...unpaired(all, shared, rows)],
  };
  return { ...comparison, statements: statementsOf(comparison) };
}

function countedKeys(lines: readonly MeasuredLine[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of lines) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

type Groups = ReadonlyArray<ReadonlyArray<readonly MeasuredLine[]>>;

function rowOf(key: string, kind: string, isWorst: boolean, groups: Groups, obstacle: string | null, isDrawn: boolean): ComparedRow {
  const every = groups.flat(2);
  const samples = groups.map((side) => side.map((repeat) => Math.max(...repeat.map(({ distribution }) => distribution.samples))));
  const counts = samples.flat();
  const uneven = Math.max(...counts) > Math.min(...counts) * largestSampleRatio
    ? `A maximum grows with the number of samples, and there are ${countInWords(Math.min(...counts))} to ${countInWords(Math.max(...counts))}: measure equally long.` : null;
  const resolutionNs = Math.max(...every.map((line) => line.resolutionNs));
  const names = groups.flatMap((side) => side.flatMap(([first, ...others]) => (first === undefined ? [] : [...figureValues(first).keys()].filter((name) => others.every((line) => figureValues(line).has(name))))));
  const figures = [...new Set(names)].sort(byPlace).map((figure) => {
    const values = groups.map((side) => side.map((repeat): FigureValue => worstOf(repeat.map((line) => figureValues(line).get(figure) ?? unknownFigure))));
    const against = figure === 'max' ? obstacle ?? uneven : obstacle;
    const [baseline = []] = values;
    const raw = values.slice(1).map((other, i) => rawDifference({ baseline, other, resolutionNs, obstacle: against, isDrawn, blocks: figure === 'max' && !isWorst ? blocksOf(groups, i + 1) : null }));
    return { figure, values, raw };
  });
  // Adjusted over the figures of this row, for each side by itself.
  const verdicts = groups.slice(1).map((_, side) => judged(figures.flatMap(({ raw }) => raw[side] ?? [])));
  return {
    key, kind, isWorst,
    samples: samples.map((side) => ({ fewest: Math.min(...side), most: Math.max(...side) })),
    figures: figures.map(({ figure, values }, at): ComparedFigure => ({
      figure,
      sides: values.map((side) => ({ values: side, median: medianFigure(side) })),
      differences: verdicts.flatMap((side) => side[at] ?? []),
    })),
  };
}

/** Block maxima of the one line of each of two sides, when each has one result only and blocks of equal numbers of samples. */
function blocksOf(groups: Groups, other: number): readonly [readonly number[], readonly number[]] | null {
  const [a, b] = [groups[0], groups[other]];
  const [first, second] = [a?.length === 1 ? a[0]?.[0] : undefined, b?.length === 1 ? b[0]?.[0] : undefined];
  if (!first?.blockMaximaNs || !second?.blockMaximaNs) return null;
  const sizes = [first.distribution.samples / first.blockMaximaNs.length, second.distribution.samples / second.blockMaximaNs.length];
  return Math.max(...sizes) > Math.min(...sizes) * largestSampleRatio ? null : [first.blockMaximaNs, second.blockMaximaNs];
}

function scalarsOf(sides: readonly ComparedSide[], obstacle: string | null): ComparedScalar[] {
  const named = new Map(sides.flatMap(({ repeats }) => repeats.flatMap(({ scalars }) => scalars.map((scalar) => [`${scalar.name} ${scalar.unit}`, scalar] as const))));
  return [...named.values()].map(({ name, unit }) => {
    const values = sides.map(({ repeats }) => repeats.flatMap(({ scalars }) => scalars.filter((one) => one.name === name && one.unit === unit).map(({ value }) => value)));
    const [baseline = []] = values;
    return {
      name, unit,
      sides: values.map((side) => ({ values: side, median: side.length === 0 ? null : medianOf(side) })),
      differences: values.slice(1).map((other) => scalarDifference(baseline, other, obstacle)),
    };
  });
}

function scalarDifference(baseline: readonly number[], other: readonly number[], obstacle: string | null): ComparedScalar['differences'][number] {
  if (baseline.length === 0 || other.length === 0) return { value: null, percent: null, p: null, meaning: 'unknown', reason: 'It was not measured on both sides.' };
  const [a, b] = [medianOf(baseline), medianOf(other)];
  const difference = { value: b - a, percent: a === 0 ? null : (100 * (b - a)) / Math.abs(a) };
  if (obstacle !== null) return { ...difference, p: null, meaning: 'unknown', reason: obstacle };
  if (a === b) return { ...difference, p: null, meaning: 'equal', reason: null };
  if (smallestP(baseline.length, other.length) > significance) return { ...difference, p: null, meaning: 'unknown', reason: 'Too few repeats: measure each side at least four times.' };
  const p = rankSumTest(baseline, other)?.p ?? 1;
  return { ...difference, p, meaning: p <= significance ? 'perhaps different' : 'no difference shown', reason: null };
}

const measuresOf = (sides: readonly ComparedSide[]) => [...new Set(sides.flatMap(({ repeats }) => repeats.map((repeat) => repeat.measures)))];

function obstacleOf(sides: readonly ComparedSide[]): string | null {
  const measures = measuresOf(sides);
  if (measures.length > 1) return `${measures.join(' and ')} measure different things: their figures stand side by side, and no difference is drawn from them.`;
  const invalid = sides.flatMap(({ repeats }) => repeats).find((repeat) => repeat.invalid.length > 0);
  return invalid === undefined ? null : `${invalid.name} is not comparable: ${invalid.invalid[0] ?? ''}`;
}

const notesOf = (sides: readonly ComparedSide[]): string[] =>
  [...new Set(sides.flatMap(({ repeats }) => repeats.flatMap(({ name, notes, invalid }) => [...invalid, ...notes].map((note) => `${name}: ${note}`))))];

function unpaired(all: readonly MeasuredLine[], shared: readonly string[], rows: readonly ComparedRow[]): string[] {
  const left = [...new Set(all.filter(({ key }) => !shared.includes(key)).map(({ key }) => key))];
  if (left.length === 0) return [];
  const names = left.length > 8 ? `${left.slice(0, 8).join(', ')} and ${left.length - 8} more` : left.join(', ');
  return [`${names}: not on every side, ${rows.some(({ isWorst }) => isWorst) ? 'so they are compared only as part of the worst.' : 'so they are not compared.'}`];
}

function byPlace(a: string, b: string): number {
  const place = (figure: string) => (figure === 'min' ? -2 : figure === 'avg' ? -1 : figure === 'max' ? 1000 : Number(figure.slice(1)));
  return place(a) - place(b);
}

const commonOf = <T>(values: readonly T[]): T | null => (values.length > 0 && values.every((value) => value === values[0]) ? values[0] ?? null : null);
