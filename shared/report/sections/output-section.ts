import { notVerified } from '../../model/imported-run.ts';
import type { ToolOutput } from '../../parsers/tool-output.ts';
import { commandText } from '../../planning/cyclictest-command.ts';
import { resultOfOutput } from '../../statistics/comparison/from-tool-output.ts';
import { figureValues } from '../../statistics/comparison/figures.ts';
import { figureInWords } from '../../statistics/comparison/statements.ts';
import { countInWords, durationInWords } from '../../statistics/words.ts';
import { html, type Html } from '../html.ts';
import { exceedancePlot } from '../plots/exceedance-plot.ts';
import { legend } from '../plots/frame.ts';
import type { PlotSeries } from '../plots/series.ts';
import type { ReportContent, ReportImport, ReportToolRun } from '../report-content.ts';
import { code, dateInWords, facts, list, table, verdictTag } from './parts.ts';

/** Runs of tools other than cyclictest, and results that were measured elsewhere: their figures are in the model that all tools share. */
export const outputArticles = ({ toolRuns, imports }: Pick<ReportContent, 'toolRuns' | 'imports'>): Html[] => [...toolRuns.map(toolArticle), ...imports.map(importArticle)];

function toolArticle({ run, result }: ReportToolRun): Html {
  const verdict = result?.verdict ?? null;
  return html`<article id="run-${run.id}"><h3>${run.benchmark} on ${run.boardName} ${result === null ? html`<span class="tag none">no result</span>` : verdict === null ? html`<span class="tag none">no verdict</span>` : verdictTag(verdict)}</h3>
${facts([
    ['run', code(run.id)], ['begun', dateInWords(run.createdAt)], ['ended', run.endedAt === null ? null : dateInWords(run.endedAt)],
    ['state', `${run.state}${run.stateReason === null ? '' : `: ${run.stateReason}`}`], ['command', code(commandText(run.command))],
    ['measured', result === null ? null : durationInWords(result.measuredSeconds)], ['raw output', run.journalSha256 === null ? 'not complete on this computer' : html`SHA-256 ${code(run.journalSha256)}`],
  ])}
${result === null ? null : html`<div class="verdict">${verdict === null ? html`<p>${result.noVerdict ?? 'There is no rule for what this measures.'}</p>` : html`<p><strong>Verdict: ${verdict.grade}${verdict.indicative ? ', indicative only' : ''}.</strong> ${verdict.rule}</p>${list(verdict.reasons)}`}</div>
${conditions([...result.conditions, ...result.warnings])}${result.output === null ? html`<p>Nothing that could be read came from the board.</p>` : figures(result.output)}`}
</article>
`;
}

function importArticle({ run, output }: ReportImport): Html {
  return html`<article id="run-${run.id}"><h3>${run.label} <span class="tag warn">imported, not verified by us</span></h3>
${facts([
    ['result', code(run.id)], ['measured on', run.boardName], ['brought in', dateInWords(run.createdAt)], ['tool', `${run.tool}${run.version === null ? '' : ` ${run.version}`}`],
    ['command', run.command === null ? 'not told by the file' : code(run.command)], ['file', html`${run.file.name}, ${countInWords(run.file.sizeBytes)} bytes, SHA-256 ${code(run.file.sha256)}`],
  ])}
${conditions([notVerified, ...output?.warnings ?? []])}${output === null ? html`<p class="warning">Its file cannot be read any more.</p>` : figures(output)}
</article>
`;
}

const conditions = (items: readonly string[]): Html | null => (items.length === 0 ? null : html`<h4>Conditions</h4>${list([...new Set(items)])}`);

function figures(output: ToolOutput): Html {
  const lines = resultOfOutput('', output).lines.filter(({ distribution }) => distribution.samples > 0).map((line) => ({ line, values: figureValues(line) }));
  const names = [...new Set(lines.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => placeOf(a) - placeOf(b));
  const drawn = lines.map(({ line }) => line).filter(({ distribution }) => distribution.buckets.length > 0).sort((a, b) => (b.distribution.maxNs ?? 0) - (a.distribution.maxNs ?? 0)).slice(0, 6);
  const series = drawn.map(({ key, distribution: { samples, maxNs, overflows, buckets } }): PlotSeries => ({ name: key, samples, overflows, maxUs: maxNs === null ? null : maxNs / 1000, histogram: buckets.map(([ns, count]) => [ns / 1000, count]) }));
  const bound = Math.max(1, ...drawn.map(({ boundNs, distribution }) => (boundNs ?? distribution.maxNs ?? 0) / 1000));
  return html`${lines.length === 0 ? null : table(['', ...names.map((name) => (/^p\d/.test(name) ? `${name.slice(1)} %` : name)), 'samples'], lines.map(({ line, values }) => [
    line.key, ...names.map((name) => { const value = values.get(name); return value === undefined || value.atLeastNs === null ? '–' : figureInWords(value); }), countInWords(line.distribution.samples),
  ]), 'figures')}
${output.scalars.length === 0 ? null : table(['figure', 'value'], output.scalars.map(({ name, value, unit }) => [name, `${value.toLocaleString('en-US', { maximumSignificantDigits: 6 })} ${unit}`]), 'figures')}
${series.length === 0 ? null : html`<figure>${exceedancePlot(series, bound, [])}${legend(series.map(({ name }) => name))}<figcaption>Which share of the samples is at least so long${lines.length > series.length ? ', of the lines with the longest' : ''}.</figcaption></figure>`}`;
}

const placeOf = (figure: string) => (figure === 'min' ? -2 : figure === 'avg' ? -1 : figure === 'max' ? 1000 : Number(figure.slice(1)));
