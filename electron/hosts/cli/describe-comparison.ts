import type { SideDifference } from '../../../shared/model/compare.ts';
import { visible } from '../../../shared/report/html.ts';
import type { ComparedRow, Comparison, Meaning } from '../../../shared/statistics/comparison/comparison.ts';
import type { GateOutcome } from '../../../shared/statistics/comparison/gates.ts';
import { changeInWords, figureInWords } from '../../../shared/statistics/comparison/statements.ts';
import { countInWords } from '../../../shared/statistics/words.ts';
import { columns } from './columns.ts';

const meaningInWords: Readonly<Record<Meaning, string>> = {
  different: 'yes', 'perhaps different': 'perhaps', 'no difference shown': 'not shown', equal: 'equal', unknown: 'cannot be told',
};
const shownRows = 8;
const shownNotes = 12;
const shownDifferences = 20;

/** A comparison as text for a terminal. `differences`: what each side after the first differs in; null: nothing is known of that. */
export function describeComparison(comparison: Comparison, gates: readonly GateOutcome[], differences: ReadonlyArray<readonly SideDifference[]> | null, all: boolean): string {
  const { sides, statements, notes } = comparison;
  const rows = all ? comparison.rows : mostDifferent(comparison.rows);
  const hidden = comparison.rows.length - rows.length;
  // Names and notes come from files: nothing in them may steer the terminal.
  return visible([
    ...sides.map(({ name, tools, repeats }, at) => `${at === 0 ? 'baseline' : 'against '}  ${name}  (${tools.join(', ')}${repeats.length > 1 ? `: ${repeats.join(', ')}` : ''})`),
    '',
    ...(rows.length === 0 ? [] : [columns(['', 'figure', ...sides.map(({ name }) => name), ...sides.slice(1).flatMap(({ name }) => [sides.length > 2 ? `difference of ${name}` : 'difference', 'is it real'])], rows.flatMap(linesOf)), '']),
    ...(hidden > 0 ? [`${hidden} more CPUs differ less: --all shows them.`, ''] : []),
    ...(comparison.scalars.length === 0 ? [] : [columns(['scalar', 'unit', ...sides.map(({ name }) => name), ...sides.slice(1).map(() => 'difference')], comparison.scalars.map(({ name, unit, sides: values, differences }) => [
      name, unit, ...values.map(({ median }) => number(median)), ...differences.map(({ value, percent, meaning }) => `${number(value)}${percent === null ? '' : ` (${percent.toFixed(1)} %)`}, ${meaningInWords[meaning]}`),
    ])), '']),
    ...statements,
    ...(differences ?? []).flatMap((side, at) => whatDiffered(side, sides.length > 2 ? ` (${sides[at + 1]?.name ?? ''})` : '')),
    ...(notes.length === 0 ? [] : ['', ...notes.slice(0, shownNotes).map((note) => `Note: ${note}`), ...(notes.length > shownNotes ? [`… and ${notes.length - shownNotes} more notes (--json has all)`] : [])]),
    ...(gates.length === 0 ? [] : ['', ...gates.flatMap(({ gate, outcome, reasons }) => [`${gate}: ${outcome}`, ...reasons.slice(0, 5).map((reason) => `  ${reason}`)])]),
  ].join('\n'));
}

function whatDiffered(differences: readonly SideDifference[], of: string): string[] {
  if (differences.length === 0) return ['', `Nothing known of that differed${of}.`];
  const shown = differences.slice(0, shownDifferences).map(({ kind, what, before, after }) => `  ${what}${kind === 'setting' ? ' (setting)' : ''}: ${kind === 'definition' ? 'see Compare in the window' : kind === 'change' ? after ?? '' : `${before ?? 'none'} → ${after ?? 'none'}`}`);
  return ['', `What differed${of}, the likeliest to matter first:`, ...shown, ...(differences.length > shown.length ? [`  … and ${differences.length - shown.length} more (--json has all)`] : [])];
}

/** The worst of each kind always; of single CPUs those whose maxima differ most. */
function mostDifferent(rows: readonly ComparedRow[]): ComparedRow[] {
  const single = rows.filter(({ isWorst }) => !isWorst);
  const distance = (row: ComparedRow) => Math.max(0, ...row.figures.filter(({ figure }) => figure === 'max').flatMap(({ differences }) => differences.map(({ ns }) => Math.abs(ns ?? 0))));
  const kept = new Set([...single].sort((a, b) => distance(b) - distance(a)).slice(0, shownRows));
  return rows.filter((row) => row.isWorst || kept.has(row));
}

function linesOf(row: ComparedRow): string[][] {
  const samples = ['', 'samples', ...row.samples.map(({ fewest, most }) => (fewest === most ? countInWords(most) : `${countInWords(fewest)} to ${countInWords(most)}`))];
  return [
    ...row.figures.map(({ figure, sides, differences }, at) => [
      at === 0 ? row.key : '', /^p\d/.test(figure) ? `${figure.slice(1)} %` : figure,
      ...sides.map(({ median }) => (median.atLeastNs === null ? '–' : figureInWords(median))),
      ...differences.flatMap((difference) => [difference.ns === null ? '–' : changeInWords(difference), meaningInWords[difference.meaning]]),
    ]),
    samples,
  ];
}

const number = (value: number | null) => (value === null ? 'unknown' : value.toLocaleString('en-US', { maximumSignificantDigits: 6 }));
