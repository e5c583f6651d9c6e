import { latencyInWords } from '../words.ts';
import type { ComparedRow, Comparison, FigureDifference } from './comparison.ts';
import type { FigureValue } from './figures.ts';

/** What a comparison shows, one sentence or two for each kind of line and each side, the plain conclusion first. */
export function statementsOf({ sides, obstacle, rows }: Pick<Comparison, 'sides' | 'obstacle' | 'rows'>): string[] {
  if (obstacle !== null) return [`Nothing is concluded. ${obstacle}`];
  const [baseline] = sides;
  if (baseline === undefined) return [];
  const told = rows.filter((row) => row.isWorst || !rows.some((other) => other.isWorst && other.kind === row.kind));
  return sides.slice(1).flatMap((side, at) => told.flatMap((row) => {
    const cost = baseline.virtualised === false && side.virtualised === true ? 'Virtualisation cost, ' : '';
    const head = `${cost}${side.name} against ${baseline.name}${row.isWorst ? `, worst ${row.kind === '' ? 'line' : row.kind} of each result` : told.length > 1 ? `, ${row.key}` : ''}:`;
    const sentences = sentencesOf(row, at);
    return sentences.length === 0 ? [] : [`${head} ${sentences.join(' ')}`];
  }));
}

function sentencesOf(row: ComparedRow, at: number): string[] {
  const cases = row.figures.flatMap((figure) => {
    const difference = figure.differences[at];
    return difference === undefined ? [] : [{ figure: figure.figure, before: figure.sides[0]?.median, after: figure.sides[at + 1]?.median, difference }];
  });
  const of = (...meanings: Array<FigureDifference['meaning']>) => cases.filter(({ difference }) => meanings.includes(difference.meaning));
  const changes = (list: typeof cases) => list.map(({ figure, before, after, difference }) =>
    `${figureName(figure)} ${(difference.ns ?? 0) > 0 ? 'rose' : 'fell'} from ${figureInWords(before)} to ${figureInWords(after)} (${changeInWords(difference)})`).join('; ');
  const sentences: string[] = [];
  if (of('different').length > 0) sentences.push(`More than chance: ${changes(of('different'))}.`);
  if (of('perhaps different').length > 0) sentences.push(`Perhaps more than chance: ${changes(of('perhaps different'))}.`);
  if (of('no difference shown').length > 0) sentences.push(`No difference shown: ${names(of('no difference shown'))}.`);
  if (of('equal').length > 0) sentences.push(`Equal within the resolution: ${names(of('equal'))}.`);
  for (const reason of new Set(of('unknown').map(({ difference }) => difference.reason ?? ''))) {
    sentences.push(`Cannot be told for ${names(of('unknown').filter(({ difference }) => (difference.reason ?? '') === reason))}: ${reason}`);
  }
  return sentences;
}

const names = (cases: ReadonlyArray<{ figure: string }>) => cases.map(({ figure }) => figureName(figure)).join(', ');

/** "p99.9" as people write it: "99.9 %". */
export const figureName = (figure: string) => (/^p\d/.test(figure) ? `${figure.slice(1)} %` : { min: 'the minimum', avg: 'the average', max: 'the maximum' }[figure] ?? figure);

/** A figure, or its bounds where the overflow hides it. */
export function figureInWords(value: FigureValue | undefined): string {
  if (value === undefined) return 'unknown';
  if (value.ns !== null) return latencyInWords(value.ns / 1000);
  if (value.atLeastNs === null) return 'unknown';
  return value.atMostNs === null ? `at least ${latencyInWords(value.atLeastNs / 1000)}` : `${latencyInWords(value.atLeastNs / 1000)} to ${latencyInWords(value.atMostNs / 1000)}`;
}

/** "+5 µs, +25 %, p = 0.008". */
export function changeInWords({ ns, percent, interval, p }: FigureDifference): string {
  if (ns === null) return 'unknown';
  const signed = (us: number) => `${us > 0 ? '+' : ''}${latencyInWords(us)}`;
  return [
    signed(ns / 1000),
    ...(percent === null ? [] : [`${percent > 0 ? '+' : ''}${percent.toFixed(Math.abs(percent) < 10 ? 1 : 0)} %`]),
    ...(interval === null ? [] : [`95 %: ${signed(interval.lowNs / 1000)} to ${signed(interval.highNs / 1000)}`]),
    ...(p === null ? [] : [`p = ${p < 0.001 ? '< 0.001' : p.toFixed(3)}`]),
  ].join(', ').replace('p = <', 'p <');
}
