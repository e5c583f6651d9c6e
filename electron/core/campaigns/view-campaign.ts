import type { Campaign, CampaignDetail, CampaignView, CellView } from '../../../shared/model/campaign.ts';
import { isToolResult, type AnyRunResult } from '../../../shared/model/run.ts';
import { campaignProgress, isUnderWay, type CellProgress, type RunStanding } from '../../../shared/planning/campaign/campaign-progress.ts';
import { campaignSummary, type MeasuredCell } from '../../../shared/planning/campaign/campaign-summary.ts';
import { resultOfAnyRun } from '../../../shared/statistics/comparison/from-any-run.ts';
import type { ProjectContext } from '../open-project.ts';
import { standingsOf } from './follow-campaign.ts';

type ResultOf = (runId: string) => Promise<AnyRunResult | null>;

/** Results of runs that have ended, worked out once for as long as nothing they hang on is another. */
export class ResultCache {
  readonly #resultOf: ResultOf;
  readonly #known = new Map<string, { readonly of: string; readonly result: AnyRunResult | null }>();

  constructor(resultOf: ResultOf) {
    this.#resultOf = resultOf;
  }

  /** `of`: what the result hangs on beside the run's output: its deadline and its loads. A result that cannot be read is none. */
  async get(runId: string, of: string): Promise<AnyRunResult | null> {
    const known = this.#known.get(runId);
    if (known?.of === of) return known.result;
    const result = await this.#resultOf(runId).catch(() => null);
    if (result !== null) this.#known.set(runId, { of, result });
    return result;
  }
}

interface Judged { readonly progress: CellProgress; readonly result: AnyRunResult | null; readonly view: CellView }

async function judged(campaign: Campaign, standings: ReadonlyMap<string, RunStanding>, { runs }: Pick<ProjectContext, 'runs'>, results: ResultCache): Promise<Judged[]> {
  const all: Judged[] = [];
  for (const progress of campaignProgress(campaign, standings)) {
    const { cell, state, reason, runId, startsAtMs, hostBusyCpus, loadBusyCpus } = progress;
    const run = state === 'done' && runId !== null ? await runs.get(runId) : null;
    const result = run === null ? null : await results.get(run.id, JSON.stringify([run.options.deadlineUs, run.options.deadlineFraction, run.loads ?? []]));
    // Until the boards have told of the load, the run is judged without it and stands as still going on.
    const told = cell.load === null || run === null || run.loads?.length;
    const verdict = result?.verdict ?? null;
    const invalid = told && verdict?.grade === 'not comparable';
    all.push({
      progress, result,
      view: {
        number: cell.number, runId, hostBusyCpus, loadBusyCpus, startsAt: startsAtMs === null ? null : new Date(startsAtMs).toISOString(),
        state: !told ? 'running' : invalid ? 'not comparable' : state,
        reason: invalid ? verdict.reasons.join(' ') : reason,
        verdict: told ? verdict : null, maxUs: told && result !== null ? maxUsOf(result) : null,
      },
    });
  }
  return all;
}

function maxUsOf(result: AnyRunResult): number | null {
  if (!isToolResult(result)) return result.merged.maxUs;
  const maxima = (result.output?.distributions ?? []).flatMap(({ maxNs }) => (maxNs === null ? [] : [maxNs / 1000]));
  return maxima.length === 0 ? null : Math.max(...maxima);
}

/** A campaign in a line, as it stands. Cells are not judged for it: their results are not read. */
export function campaignView(campaign: Campaign, standings: ReadonlyMap<string, RunStanding>, jobId: string | null): CampaignView {
  return viewOf(campaign, campaignProgress(campaign, standings).map(({ state }) => state), jobId);
}

function viewOf(campaign: Campaign, states: ReadonlyArray<CellView['state']>, jobId: string | null): CampaignView {
  const count = (state: CellView['state']) => states.filter((one) => one === state).length;
  const left = count('waiting') + count('running');
  const laying = campaign.layings.findLast(isUnderWay);
  const endsAfter = Math.max(0, ...laying?.cells.map(({ endsAfterSeconds }) => endsAfterSeconds) ?? []);
  return {
    id: campaign.id, name: campaign.name, createdAt: campaign.createdAt, template: campaign.wish.template, jobId,
    state: left > 0 || laying !== undefined || jobId !== null ? 'running' : count('missing') === 0 ? 'complete' : campaign.cancelledAt !== null ? 'cancelled' : 'incomplete',
    counts: { cells: states.length, done: count('done'), missing: count('missing'), notComparable: count('not comparable'), left },
    endsAt: laying?.beganAtMs == null ? null : new Date(laying.beganAtMs + endsAfter * 1000).toISOString(),
  };
}

/** A campaign with every cell judged, and the repeats of each condition together. */
export async function campaignDetail(context: ProjectContext, campaign: Campaign, results: ResultCache, jobId: string | null): Promise<CampaignDetail> {
  const cells = await judged(campaign, await standingsOf(context), context, results);
  const measured: MeasuredCell[] = [];
  for (const { progress: { cell, runId, hostBusyCpus }, result, view } of cells) {
    const run = runId === null || result === null || view.state !== 'done' ? null : await context.runs.get(runId);
    const snapshot = run?.snapshotId == null ? null : await context.store.snapshot(run.boardId, run.snapshotId).catch(() => null);
    measured.push({ cell, hostBusyCpus, result: run === null || result === null ? null : resultOfAnyRun(run, result, snapshot) });
  }
  const laying = campaign.layings.at(-1);
  return {
    ...viewOf(campaign, cells.map(({ view }) => view.state), jobId),
    notes: campaign.notes, wish: campaign.wish, plan: campaign.cells, cells: cells.map(({ view }) => view), ...campaignSummary(measured),
    boards: (laying?.queues ?? []).map(({ boardId, boardName, state, clock }) => ({ boardId, boardName, state, clockErrorMs: clock.errorMs })),
  };
}
