import type { CampaignCell, ConditionSummary } from '../../model/campaign.ts';
import { compareResults } from '../../statistics/comparison/compare-results.ts';
import { figureValues, worstOf, type FigureValue } from '../../statistics/comparison/figures.ts';
import type { MeasuredResult } from '../../statistics/comparison/measured-result.ts';
import { medianOf } from '../../statistics/rank-sum.ts';

export interface MeasuredCell { readonly cell: CampaignCell; readonly result: MeasuredResult | null; readonly hostBusyCpus: number | null }

/** The figures of a condition that stand in the matrix; which of them there are depends on the number of samples. */
const shown = ['avg', 'p99', 'p99.9', 'p99.99', 'max'];

/**
 * The repeats of each condition together, and what the conditions show against the first one. The unit is the repeat: a repeat
 * gives its worst CPU's figure, and the condition their median and range; samples are never pooled.
 */
export function campaignSummary(cells: readonly MeasuredCell[]): { summary: ConditionSummary[]; statements: string[] } {
  const conditions = [...new Set(cells.map(({ cell }) => cell.condition))];
  const summary = conditions.map((condition) => conditionSummary(condition, cells.filter(({ cell }) => cell.condition === condition)));
  const sides = conditions.map((name) => ({ name, repeats: cells.flatMap(({ cell, result }) => (cell.condition === name && result !== null ? [result] : [])) })).filter(({ repeats }) => repeats.length > 0);
  return { summary, statements: sides.length < 2 ? [] : [...compareResults(sides).statements] };
}

function conditionSummary(condition: string, cells: readonly MeasuredCell[]): ConditionSummary {
  const results = cells.flatMap(({ result }) => (result === null ? [] : [result]));
  const figures = shown.flatMap((figure) => {
    const values = results.map(({ lines }) => worstOf(lines.map((line) => figureValues(line).get(figure)).filter((value): value is FigureValue => value !== undefined)));
    const known = values.flatMap(({ ns }) => (ns === null ? [] : [ns / 1000]));
    if (results.length === 0 || known.length < values.length) return [];
    return [{ figure, medianUs: medianOf(known), lowUs: Math.min(...known), highUs: Math.max(...known) }];
  });
  const busy = cells.flatMap(({ hostBusyCpus }) => (hostBusyCpus === null ? [] : [hostBusyCpus]));
  return { condition, cells: cells.map(({ cell }) => cell.number), done: results.length, figures, hostBusyCpus: busy.length === 0 ? null : medianOf(busy) };
}
