import type { CampaignDetail, CampaignPreview, CampaignView } from '../../../shared/model/campaign.ts';
import { durationInWords } from '../../../shared/statistics/words.ts';
import { columns } from './columns.ts';

/** What a campaign would do, for a person who is about to start it: order, times, commands, and what speaks against it. */
export function describePreview({ wish, cells, totalSeconds, notes, boards }: CampaignPreview): string {
  const commands = [...new Map(cells.map(({ place, commandText, request }) => [`${place.boardName} ${commandText}`, { name: place.boardName, commandText: `${commandText}${partsOf(request)}` }])).values()];
  return [
    `${wish.name}: ${cells.length === 1 ? 'one cell' : `${cells.length} cells`}, at most ${durationInWords(Math.max(1, totalSeconds))}.`,
    '',
    columns(['cell', 'begins after', 'measures', 'condition', 'repeat'], cells.map(({ number, startsAfterSeconds, condition, request, repeat }) => [
      String(number), durationInWords(Math.max(0, startsAfterSeconds)).replace(/^0 ms$/, 'at once'), durationInWords(request.options.durationSeconds), condition, `${repeat} of ${wish.repeats}`,
    ])),
    '',
    ...commands.map(({ name, commandText }) => `${name}: ${commandText}`),
    ...boards.map(({ boardName, does }) => `${boardName} carries out ${does}.`),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `Note: ${note}`)]),
  ].join('\n');
}

/** What is cut into parts shows the command of one. */
function partsOf({ options }: CampaignPreview['cells'][number]['request']): string {
  const parts = 'segmentSeconds' in options ? Math.ceil(options.durationSeconds / options.segmentSeconds) : 1;
  return parts < 2 ? '' : `   (${parts} times: the measurement is cut into parts)`;
}

/** The campaigns of a project, a line each. */
export const describeCampaigns = (campaigns: readonly CampaignView[]): string => (campaigns.length === 0
  ? 'No campaign yet. See what there is: rtvm-bench campaign templates'
  : columns(['campaign', 'name', 'state', 'done', 'missing'], campaigns.map(({ id, name, state, counts }) => [id, name, state, `${counts.done} of ${counts.cells}`, String(counts.missing)])));

/** A campaign as it stands: every cell, the conditions side by side, and what they show. */
export function describeCampaign(campaign: CampaignDetail): string {
  const { name, state, counts, plan, cells, summary, statements, endsAt, notes } = campaign;
  const figures = [...new Set(summary.flatMap((one) => one.figures.map(({ figure }) => figure)))];
  return [
    `${name}: ${state}, ${counts.done} of ${counts.cells} cells done${counts.notComparable === 0 ? '' : `, ${counts.notComparable} not comparable`}${counts.missing === 0 ? '' : `, ${counts.missing} missing`}${endsAt === null ? '' : `. Ends by ${endsAt.replace('T', ' ').slice(0, 16)} UTC`}.`,
    '',
    columns(['cell', 'condition', 'repeat', 'state', 'verdict', 'max µs', 'run'], cells.map(({ number, state: its, verdict, maxUs, runId, reason }, at) => [
      String(number), plan[at]?.condition ?? '', String(plan[at]?.repeat ?? ''), its, verdict === null || its !== 'done' ? '' : `${verdict.grade}${verdict.indicative ? ' (indicative)' : ''}`, maxUs === null ? '' : figureText(maxUs), reason ?? runId ?? '',
    ])),
    '',
    columns(['condition', 'repeats', ...figures.map((figure) => `${figure} µs`), 'host CPUs busy'], summary.map(({ condition, done, figures: own, hostBusyCpus, cells: of }) => [
      condition, `${done} of ${of.length}`,
      ...figures.map((figure) => {
        const found = own.find((one) => one.figure === figure);
        return found?.medianUs == null ? '–' : found.lowUs === found.highUs ? figureText(found.medianUs) : `${figureText(found.medianUs)} (${figureText(found.lowUs ?? 0)}–${figureText(found.highUs ?? 0)})`;
      }),
      hostBusyCpus === null ? '–' : hostBusyCpus.toFixed(2),
    ])),
    ...(statements.length === 0 ? [] : ['', ...statements]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `Note: ${note}`)]),
  ].join('\n');
}

const figureText = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
