import { CodedError } from '../../../shared/contract/errors.ts';
import type { JobEvent } from '../../../shared/model/job.ts';
import type { BoardQueue, Campaign, Laying } from '../../../shared/model/campaign.ts';
import { campaignProgress, isUnderWay, type CellProgress, type RunStanding } from '../../../shared/planning/campaign/campaign-progress.ts';
import { atMs, loadsOfCell, runOfCell } from '../../../shared/planning/campaign/cell-run.ts';
import { runSeconds } from '../../../shared/planning/campaign/time-table.ts';
import { durationInWords } from '../../../shared/statistics/words.ts';
import type { ProjectContext } from '../open-project.ts';
import { cancelled, isLinkFailure } from '../runs/link-failures.ts';
import { cancelQueue, readQueue } from './board-queue.ts';

export interface FollowCampaign {
  readonly context: ProjectContext;
  readonly campaignId: string;
  /** Ends the following, not the campaign. */
  readonly signal: AbortSignal;
  tell(body: Extract<JobEvent['body'], { kind: 'progress' | 'link' }>): void;
  /** Brings a run home that the board has started, as for any run; gives the error where that is not to be had. */
  bringHome(runId: string): Promise<CodedError | null>;
  /** The campaign's file or one of its runs is another. */
  changed(runId: string | null): void;
}

/** The states of all runs, for the progress of campaigns. */
export async function standingsOf({ runs }: ProjectContext): Promise<Map<string, RunStanding>> {
  return new Map((await runs.list()).map(({ id, state, stateReason }) => [id, { state, reason: stateReason }]));
}

/**
 * Brings home what the boards have of a campaign until all of it is here: their logs, and the runs they name. A board that is
 * not reached is asked again; the others go on. Errors: `cancelled` (the campaign goes on), those of a session that waiting does
 * not mend, `project-locked`, `disk-full`.
 */
export async function followCampaign(follow: FollowCampaign): Promise<{ campaignId: string; done: number; missing: number }> {
  const { context, campaignId, signal } = follow;
  const failures = new Map<string, number>();
  for (let told = ''; ;) {
    if (signal.aborted) throw cancelled(signal);
    let campaign = await context.campaigns.get(campaignId);
    let lost = false;
    for (const laying of campaign.layings.filter(isUnderWay)) {
      for (const queue of laying.queues.filter(({ state }) => state === 'laid' || state === 'running')) {
        try {
          await readHome(follow, laying, queue);
          failures.delete(queue.boardId);
        } catch (thrown) {
          if (signal.aborted) throw cancelled(signal);
          const error = CodedError.from(thrown);
          if (!isLinkFailure(error)) throw error;
          lost = true;
          failures.set(queue.boardId, (failures.get(queue.boardId) ?? 0) + 1);
          if (failures.get(queue.boardId) === 1) follow.tell({ kind: 'link', state: 'lost', message: `${queue.boardName} is not reached; its part of the campaign goes on there.` });
        }
      }
    }
    campaign = await context.campaigns.get(campaignId);
    const progress = campaignProgress(campaign, await standingsOf(context));
    const bringing = await bringRunsHome(follow, progress);
    const message = inWords(campaign, progress);
    if (message.text !== told) {
      told = message.text;
      follow.tell({ kind: 'progress', message: message.text, fraction: message.fraction });
    }
    if (!bringing && !campaign.layings.some(isUnderWay)) {
      return { campaignId, done: progress.filter(({ state }) => state === 'done').length, missing: progress.filter(({ state }) => state === 'missing').length };
    }
    await pause(lost ? Math.min(10, 2 ** Math.min(4, Math.max(...failures.values()))) : pauseSeconds(campaign, bringing), signal);
  }
}

/** Cells of seconds are looked at every second, cells of hours twice a minute. */
function pauseSeconds({ cells }: Campaign, bringing: boolean): number {
  if (bringing) return 1;
  return Math.min(30, Math.max(1, Math.min(...cells.map(runSeconds)) / 10));
}

/** What a board wrote since it was last asked, kept with the campaign. Ends what a killed worker left behind, and what never began. */
async function readHome(follow: FollowCampaign, laying: Laying, queue: BoardQueue): Promise<void> {
  const { context, campaignId, signal } = follow;
  const session = await context.sessions.get(queue.boardId);
  const on = { session, boardName: queue.boardName, signal };
  const known = Buffer.byteLength(queue.log);
  const reading = await readQueue(on, laying.id, known, queue.asRoot);
  // A log that is shorter than what is here is another one: it is taken whole.
  const { state, log } = reading.sizeBytes < known ? await readQueue(on, laying.id, 0, queue.asRoot) : reading;
  const neverBegan = state === 'laid';
  if (state === 'killed' || neverBegan) await cancelQueue(on, laying.id, queue.asRoot);
  const text = reading.sizeBytes < known && state !== 'gone' ? log.toString('utf8') : queue.log + log.toString('utf8');
  const now = neverBegan ? 'gone' : state;
  if (now === queue.state && text === queue.log) return;
  await context.campaigns.update(campaignId, (campaign) => ({
    ...campaign, layings: campaign.layings.map((one) => (one.id !== laying.id ? one : { ...one, queues: one.queues.map((other) => (other.boardId === queue.boardId ? { ...other, state: now, log: text } : other)) })),
  }));
  follow.changed(null);
}

/** Makes a run of the project of every run that a board has started, and sees to it that it comes home. True: some are not home yet. */
async function bringRunsHome({ context: { runs }, bringHome, changed }: FollowCampaign, progress: readonly CellProgress[]): Promise<boolean> {
  let bringing = false;
  for (const { cell, attempt, state } of progress) {
    const row = attempt?.rowOf(cell.place.boardId);
    const queue = attempt?.queueOf(cell.place.boardId);
    if (attempt === null || queue === undefined || row?.runStartedAtSeconds == null) continue;
    const { runId } = attempt;
    const stored = await runs.get(runId).catch((thrown: unknown) => {
      if (CodedError.from(thrown).code === 'run-unknown') return null;
      throw thrown;
    });
    if (stored === null) {
      await runs.save(runOfCell(cell, runId, atMs(queue.clock, row.runStartedAtSeconds)));
      changed(runId);
    }
    if (stored === null || state === 'running') {
      const error = await bringHome(runId);
      if (error !== null && !isLinkFailure(error)) throw error;
      bringing = true;
      continue;
    }
    // The load is told when the boards are through with the cell: only then is it known whether it was at work to the end.
    if (cell.load === null || stored.loads?.length) continue;
    const loadQueue = attempt.queueOf(cell.load.boardId);
    const loadRow = attempt.rowOf(cell.load.boardId);
    if (loadQueue === undefined || ((loadQueue.state === 'running' || loadQueue.state === 'laid') && loadRow?.done !== true && loadRow?.missing == null)) continue;
    await runs.update(runId, { loads: loadsOfCell(cell, { row, clock: queue.clock }, { row: loadRow, clock: loadQueue.clock }) });
    changed(runId);
  }
  return bringing;
}

function inWords({ layings }: Campaign, progress: readonly CellProgress[]): { text: string; fraction: number } {
  const count = (wanted: CellProgress['state']) => progress.filter(({ state }) => state === wanted).length;
  const over = count('done') + count('missing');
  const laying = layings.findLast(isUnderWay);
  const endsAfter = Math.max(0, ...laying?.cells.map(({ endsAfterSeconds }) => endsAfterSeconds) ?? []);
  const leftSeconds = laying?.beganAtMs == null ? 0 : Math.round((laying.beganAtMs - Date.now()) / 1000 + endsAfter);
  const step = leftSeconds < 120 ? 10 : leftSeconds < 7_200 ? 60 : 600;
  const left = leftSeconds < 1 || over === progress.length ? '' : `, at most ${durationInWords(Math.ceil(leftSeconds / step) * step)} left`;
  const missing = count('missing') === 0 ? '' : `, ${count('missing')} missing`;
  return { text: `${count('done')} of ${progress.length} cells are here${missing}${left}.`, fraction: progress.length === 0 ? 1 : over / progress.length };
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => { clearTimeout(timer); reject(cancelled(signal)); };
    const timer = setTimeout(() => { signal.removeEventListener('abort', abort); resolve(); }, seconds * 1000);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
