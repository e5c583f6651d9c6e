import { CodedError } from '../../../shared/contract/errors.ts';
import type { CampaignCell } from '../../../shared/model/campaign.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { campaignProgress, isUnderWay } from '../../../shared/planning/campaign/campaign-progress.ts';
import { campaignTemplates, wishOf } from '../../../shared/planning/campaign/campaign-templates.ts';
import { cancelCampaign } from '../campaigns/cancel-campaign.ts';
import { followCampaign, standingsOf, type FollowCampaign } from '../campaigns/follow-campaign.ts';
import { layCampaign } from '../campaigns/lay-campaign.ts';
import { previewCampaign } from '../campaigns/preview-campaign.ts';
import { ResultCache, campaignDetail, campaignView } from '../campaigns/view-campaign.ts';
import type { CoreParts } from '../create-core.ts';
import { ownerName } from '../owner-name.ts';
import type { HandlerGroup } from './handler-group.ts';

type Work = Parameters<CoreParts['jobs']['start']>[1];

/** `runs`: what a campaign uses of single runs, so that each is previewed, followed and judged as any other. */
export function campaignHandlers({ project, bus, jobs }: CoreParts, runs: HandlerGroup<'runs'>): HandlerGroup<'campaigns'> {
  const following = new Map<string, string>();
  const results = new ResultCache(async (runId) => runs['runs.result']({ runId }));
  const changed = (campaignId: string): void => { bus.emit('campaigns-changed', { campaignId }); };
  const jobOf = (campaignId: string): string | null => {
    const jobId = following.get(campaignId);
    return jobId !== undefined && jobs.list().some(({ id, state }) => id === jobId && state === 'running') ? jobId : null;
  };

  /** Brings a run home with the job that follows runs; one that is followed already is left to its job. */
  const runJobs = new Map<string, string>();
  const bringHome: FollowCampaign['bringHome'] = async (runId) => {
    const known = runJobs.get(runId);
    const failure = known === undefined ? undefined : jobs.list().some(({ id }) => id === known) ? jobs.snapshot(known, 0).events.find(({ body }) => body.kind === 'failed') : undefined;
    if (failure?.body.kind === 'failed') {
      runJobs.delete(runId);
      return CodedError.fromData(failure.body.error);
    }
    const { jobId } = await runs['runs.attach']({ runId });
    if (jobId !== null) runJobs.set(runId, jobId);
    return null;
  };

  const start = (campaignId: string, title: string, before: (context: Parameters<Work>[0]) => Promise<void>): string => {
    const { context } = project;
    const job = jobs.start({ kind: 'campaign', title, boardId: null, runId: null }, async (work) => {
      try {
        await before(work);
        changed(campaignId);
        return await followCampaign({
          context, campaignId, signal: work.signal, tell: work.tell, bringHome,
          changed: (runId) => {
            changed(campaignId);
            if (runId !== null) bus.emit('runs-changed', { runId });
          },
        });
      } finally {
        following.delete(campaignId);
        changed(campaignId);
      }
    });
    following.set(campaignId, job.id);
    return job.id;
  };
  const mustBeFree = (campaignId: string): void => {
    if (jobOf(campaignId) !== null) throw new CodedError('campaign-running', 'This campaign is being carried out.', { state: 'Nothing was done.', next: 'Wait until it has ended, or cancel it.' });
  };
  const lay = (campaignId: string, cells: readonly CampaignCell[]) => async ({ signal, tell }: Parameters<Work>[0]): Promise<void> => {
    const { context } = project;
    const say = (message: string): void => { tell({ kind: 'progress', message, fraction: null }); };
    await layCampaign({ context, signal, tell: say }, await context.campaigns.get(campaignId), cells);
  };

  return {
    'campaigns.templates': async () => [...campaignTemplates],
    'campaigns.propose': async ({ template, boardIds }) => previewCampaign(project.context, runs, wishOf(template, boardIds, Date.now() % 4_294_967_296)),
    'campaigns.preview': (wish) => previewCampaign(project.context, runs, wish),
    'campaigns.start': async ({ campaignId, wish }) => {
      const { context } = project;
      if (await context.campaigns.has(campaignId)) throw new CodedError('campaign-exists', `There is a campaign ${campaignId} already.`, { next: 'Resume it, or start one with another id.' });
      const { cells, notes, problems } = await previewCampaign(context, runs, wish);
      const errors = problems.filter(({ severity }) => severity === 'error');
      if (errors.length > 0 || cells.length === 0) {
        throw new CodedError('campaign-refused', errors.map(({ message }) => message).join(' ') || 'There is nothing to measure.', { state: 'Nothing was started.', next: 'Change what is named, then start again.' });
      }
      await context.campaigns.save({
        schema: 1, id: campaignId, name: wish.name, createdAt: stampOf(new Date()), owner: ownerName(), wish, notes, layings: [], cancelledAt: null, cells,
      });
      return { jobId: start(campaignId, `Campaign “${wish.name}”`, lay(campaignId, cells)) };
    },
    'campaigns.list': async () => {
      const standings = await standingsOf(project.context);
      return (await project.context.campaigns.list()).map((campaign) => campaignView(campaign, standings, jobOf(campaign.id))).reverse();
    },
    'campaigns.get': async ({ campaignId }) => {
      const { context } = project;
      return campaignDetail(context, await context.campaigns.get(campaignId), results, jobOf(campaignId));
    },
    'campaigns.attach': async ({ campaignId }) => {
      const running = jobOf(campaignId);
      if (running !== null) return { jobId: running };
      const { context } = project;
      const campaign = await context.campaigns.get(campaignId);
      const unfinished = campaign.layings.some(isUnderWay) || campaignProgress(campaign, await standingsOf(context)).some(({ state }) => state === 'running');
      return { jobId: unfinished ? start(campaignId, `Campaign “${campaign.name}”`, async () => undefined) : null };
    },
    'campaigns.cancel': async ({ campaignId }) => {
      const { context } = project;
      const campaign = await context.campaigns.get(campaignId);
      const hasEnded = jobOf(campaignId) === null && !campaign.layings.some(isUnderWay) && campaignProgress(campaign, await standingsOf(context)).every(({ state }) => state === 'done' || state === 'missing');
      if (hasEnded) throw new CodedError('campaign-refused', 'This campaign has ended already.', { state: 'Nothing was done; what it measured is kept.' });
      const job = jobs.start({ kind: 'campaign', title: `Cancel the campaign “${campaign.name}”`, boardId: null, runId: null }, async ({ signal, tell }) => {
        try {
          const told = await cancelCampaign({ context, campaign, signal, tell: (message) => { tell({ kind: 'progress', message, fraction: null }); } });
          // How it ended stands on the boards: it is brought home where nobody does that yet.
          if (jobOf(campaignId) === null) start(campaignId, `Campaign “${campaign.name}”`, async () => undefined);
          return told;
        } finally {
          changed(campaignId);
        }
      });
      return { jobId: job.id };
    },
    'campaigns.resume': async ({ campaignId }) => {
      mustBeFree(campaignId);
      const { context } = project;
      const campaign = await context.campaigns.get(campaignId);
      if (campaign.layings.some(isUnderWay)) throw new CodedError('campaign-running', 'A time table of this campaign is still on the boards, as far as is known here.', { state: 'Nothing was done.', next: 'Attach to it first; cancel it to end it.' });
      const missing = campaignProgress(campaign, await standingsOf(context)).filter(({ state }) => state === 'missing').map(({ cell }) => cell);
      if (missing.length === 0) throw new CodedError('campaign-refused', 'No cell of this campaign is missing.', { state: 'Nothing was started.' });
      await context.campaigns.update(campaignId, (known) => ({ ...known, cancelledAt: null }));
      return { jobId: start(campaignId, `Campaign “${campaign.name}”, ${missing.length} missing cells`, lay(campaignId, missing)) };
    },
  };
}
