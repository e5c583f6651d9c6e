import type { CyclictestRun, RunResult } from '../../model/run.ts';
import { commandText } from '../../planning/cyclictest-command.ts';
import { resultOfRun } from '../../statistics/comparison/from-run.ts';
import { estimateTail, tailRefusals, type TailEstimate } from '../../statistics/extreme-values/tail-estimate.ts';
import { gradeLimits } from '../../statistics/limits.ts';
import { outliersOf } from '../../statistics/outliers.ts';
import { countInWords, durationInWords, latencyInWords } from '../../statistics/words.ts';
import { trendOf } from '../../statistics/trend.ts';
import { html, type Html } from '../html.ts';
import { exceedancePlot } from '../plots/exceedance-plot.ts';
import { fitPlot } from '../plots/fit-plot.ts';
import { legend } from '../plots/frame.ts';
import { histogramPlot, type Limit } from '../plots/histogram-plot.ts';
import { seriesOf } from '../plots/series.ts';
import { stripPlot } from '../plots/strip-plot.ts';
import { explanationPart } from './explanation-part.ts';
import type { ReportContent, ReportRun } from '../report-content.ts';
import { outputArticles } from './output-section.ts';
import { code, dateInWords, facts, list, section, verdictTag } from './parts.ts';
import { figuresTable, nameOf } from './run-figures.ts';

export function runsSection(content: ReportContent): Html {
  const articles = [...content.runs.map(oneRun), ...outputArticles(content)];
  return section('runs', 'Runs', articles.length === 0 ? html`<p>No run has been made.</p>` : articles);
}

function oneRun({ run, result, snapshot, explanation }: ReportRun): Html {
  const { options } = run;
  return html`<article id="run-${run.id}"><h3>${run.benchmark} on ${run.boardName} ${result === null ? html`<span class="tag none">no result</span>` : verdictTag(result.verdict)}</h3>
${facts([
    ['run', code(run.id)], ['begun', dateInWords(run.createdAt)], ['ended', run.endedAt === null ? null : dateInWords(run.endedAt)],
    ['state', `${run.state}${run.stateReason === null ? '' : `: ${run.stateReason}`}`],
    ['command', code(commandText(run.command))],
    ['measured', result === null ? null : `${durationInWords(result.measuredSeconds)} of ${durationInWords(options.durationSeconds)} asked for${result.gapSeconds > 0 ? `, with ${durationInWords(result.gapSeconds)} between its parts not measured` : ''}`],
    ['deadline', options.deadlineUs === null ? 'none set' : `${latencyInWords(options.deadlineUs)}, ${options.deadlineFraction === 1 ? 'every response' : `${Number((options.deadlineFraction * 100).toPrecision(12))} % of the responses`}`],
    ['idle states', options.holdDmaLatency ? 'kept shut by cyclictest during the run (/dev/cpu_dma_latency): the system by itself may be slower' : 'as the system has them'],
    ['kernel', snapshot?.kernel.release ?? null], ['raw output', run.journalSha256 === null ? 'not complete on this computer' : html`SHA-256 ${code(run.journalSha256)}`],
  ])}
${result === null ? null : resultParts(run, result, snapshot?.virtualisation.kind === 'vm')}
${explanationPart(explanation)}
</article>
`;
}

function resultParts(run: CyclictestRun, result: RunResult, isVirtual: boolean): Html {
  const { verdict, conditions, warnings, claim } = result;
  return html`<div class="verdict"><p><strong>Verdict: ${verdict.grade}${verdict.indicative ? ', indicative only' : ''}.</strong> ${verdict.rule}</p>${list(verdict.reasons)}<p><strong>What may be claimed.</strong> ${claim}</p></div>
${conditions.length + warnings.length === 0 ? null : html`<h4>Conditions</h4>${list([...conditions, ...warnings])}`}
<h4>Figures per CPU, µs</h4>
${figuresTable(result)}
${plots(run, result, isVirtual)}
${findings(run, result)}`;
}

function plots(run: CyclictestRun, result: RunResult, isVirtual: boolean): Html | null {
  const { shown, hidden } = seriesOf(result.threads);
  const { deadlineUs, histogramUs } = run.options;
  const { greatUs, goodUs } = gradeLimits(isVirtual);
  const limits: Limit[] = deadlineUs === null ? [{ us: greatUs, label: `${greatUs} great` }, { us: goodUs, label: `${goodUs} good` }] : [{ us: deadlineUs, label: `deadline ${latencyInWords(deadlineUs)}` }];
  return html`${shown.length === 0 ? null : html`<figure>${legend(shown.map(({ name }) => name))}${histogramPlot(shown, histogramUs, limits)}<figcaption>How many samples took how long, by powers of ten.${hidden > 0 ? ` The ${shown.length} CPUs with the longest latencies; ${hidden} more are in the table.` : ''}</figcaption></figure>
<figure>${legend(shown.map(({ name }) => name))}${exceedancePlot(shown, histogramUs, limits)}<figcaption>Percentiles: which share of the samples took at least so long.${shown.some(({ overflows }) => overflows > 0) ? ' Dashed: hidden in the overflow; only its end is known.' : ''}</figcaption></figure>`}
${result.strip.length < 2 ? null : html`<figure>${stripPlot(result.strip, result.measuredSeconds + result.gapSeconds, deadlineUs)}<figcaption>When new maxima were seen, and the maximum of each part at its end, over all measured CPUs.</figcaption></figure>`}`;
}

/** What stands out among CPUs and over time, and the estimate of the tail where there are blocks enough. */
function findings(run: CyclictestRun, result: RunResult): Html | null {
  const items: string[] = [];
  for (const { name, value, median } of outliersOf(result.threads.flatMap((thread) => (thread.maxUs === null ? [] : [{ name: nameOf(thread), value: thread.maxUs }])), 1)) {
    items.push(`CPU ${name} stands out: its maximum was ${latencyInWords(value)}, half of the CPUs stayed at ${latencyInWords(median)} or less.`);
  }
  const complete = result.segments.filter((segment) => segment.complete);
  const trend = trendOf(complete.flatMap(({ startedAtSeconds, maxUs }) => (maxUs === null ? [] : [{ atSeconds: startedAtSeconds, value: maxUs }])));
  if (trend !== null && trend.p < 0.01) items.push(`The maxima of the parts ${trend.perHour > 0 ? 'rise' : 'fall'} over the run, by about ${latencyInWords(Math.abs(trend.perHour))} an hour (p ${trend.p < 0.001 ? '< 0.001' : `= ${trend.p.toFixed(3)}`}).`);
  const estimates = complete.length < 10 ? [] : resultOfRun(run, result, null).lines.flatMap(({ key, blockMaximaNs }) =>
    (blockMaximaNs === null ? [] : [{ key, estimate: estimateTail({ maximaUs: blockMaximaNs.map((ns) => ns / 1000), blockSeconds: run.options.segmentSeconds, resolutionUs: 1 }) }]));
  if (items.length + estimates.length === 0) return null;
  return html`${items.length === 0 ? null : html`<h4>What stands out</h4>${list(items)}`}
${estimates.length === 0 ? null : html`<h4>Estimate of the tail</h4>${list(estimateLines(estimates))}`}
${estimates.map(({ key, estimate }) => (estimate.kind === 'refused' ? null : html`<figure>${fitPlot(estimate.quantiles)}<figcaption>${key}: the fit to the maxima of ${countInWords(estimate.blocks)} blocks. Largest distance ${estimate.distance.toFixed(3)}, as large by chance ${Math.round(estimate.p * 100)} times in 100. Shape ${estimate.parameters.shape.toFixed(2)}.</figcaption></figure>`))}`;
}

interface CpuEstimate { readonly key: string; readonly estimate: TailEstimate }

/** Estimates one by one; CPUs that have none for the same reason together, with the words of the first. */
function estimateLines(estimates: readonly CpuEstimate[]): string[] {
  const made = estimates.flatMap(({ key, estimate }) => (estimate.kind === 'estimate' ? [`${key}: ${estimate.sentence}`] : []));
  const refused = tailRefusals.flatMap((reason) => {
    const [first, ...others] = estimates.filter(({ estimate }) => estimate.kind === 'refused' && estimate.reason === reason);
    if (first === undefined) return [];
    return [`${first.key}: ${first.estimate.sentence}${others.length === 0 ? '' : ` The same holds for ${others.map(({ key }) => key).join(', ')}.`}`];
  });
  return [...made, ...refused];
}
