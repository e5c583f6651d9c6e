import type { Comparison, Meaning } from '../../statistics/comparison/comparison.ts';
import { changeInWords, figureInWords } from '../../statistics/comparison/statements.ts';
import { countInWords } from '../../statistics/words.ts';
import { comparedRuns, type ComparedRuns } from '../compared-runs.ts';
import { html, type Html } from '../html.ts';
import type { ReportContent } from '../report-content.ts';
import { list, section, table } from './parts.ts';

const meaningInWords: Readonly<Record<Meaning, string>> = {
  different: 'more than chance', 'perhaps different': 'perhaps more than chance', 'no difference shown': 'not shown', equal: 'equal', unknown: 'cannot be told',
};

/** Runs of the same benchmark against one another; equal commands on the same board are repeats of one side. */
export function comparisonSection(content: ReportContent): Html | null {
  const compared = comparedRuns(content);
  return compared.length === 0 ? null : section('comparison', 'Comparison', compared.map(one));
}

function one({ title, comparison, commands }: ComparedRuns): Html {
  const worst = comparison.rows.filter((row) => row.isWorst || !comparison.rows.some((other) => other.isWorst && other.kind === row.kind));
  return html`<article><h3>${title}</h3>
<ol class="sides">${comparison.sides.map(({ name, repeats }, at) => html`<li>${at === 0 ? 'Baseline: ' : ''}${name}${repeats.length > 1 ? html`: ${repeats.length} repeats` : null} ${repeats.map((id) => html`<a href="#run-${id}"><code>${id}</code></a> `)}<br><code>${commands[at] ?? ''}</code></li>`)}</ol>
${worst.map((row) => tableOf(comparison, row))}
${list(comparison.statements)}
${comparison.notes.length === 0 ? null : html`<p class="quiet">${comparison.notes.length} notes of the runs apply; they stand with each run.</p>`}
</article>
`;
}

function tableOf({ sides }: Comparison, { key, isWorst, figures, samples }: Comparison['rows'][number]): Html {
  return table(
    [isWorst ? 'worst CPU of each run' : key, ...sides.map((_, at) => (at === 0 ? 'baseline' : `side ${at + 1}`)), ...sides.slice(1).flatMap((_, at) => [`difference of side ${at + 2}`, 'is it real?'])],
    [
      ...figures.map(({ figure, sides: values, differences }) => [
        /^p\d/.test(figure) ? `${figure.slice(1)} %` : figure, ...values.map(({ median }) => (median.atLeastNs === null ? '–' : figureInWords(median))),
        ...differences.flatMap((difference) => [difference.ns === null ? '–' : changeInWords(difference), meaningInWords[difference.meaning]]),
      ]),
      ['samples', ...samples.map(({ fewest, most }) => (fewest === most ? countInWords(most) : `${countInWords(fewest)} to ${countInWords(most)}`)), ...sides.slice(1).flatMap(() => ['', ''])],
    ],
  );
}
