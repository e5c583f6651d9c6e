import type { BoardQueue, Campaign, CampaignCell, CellState, Laying } from '../../model/campaign.ts';
import type { RunState } from '../../model/run.ts';
import { busyBetween, parseCampaignLog, type CampaignLog, type CampaignRow } from '../../parsers/campaign-log.ts';
import { boardsOf } from './time-table.ts';
import { missingWords, queueWords } from './missing-words.ts';

/** What is known of a run without reading its output. */
export interface RunStanding { readonly state: RunState; readonly reason: string | null }

/** A cell as the boards' logs and the runs at home tell of it. Whether a completed run is comparable is not told here. */
export interface CellProgress {
  readonly cell: CampaignCell;
  readonly state: Exclude<CellState, 'not comparable'>;
  readonly reason: string | null;
  readonly runId: string | null;
  readonly startsAtMs: number | null;
  readonly hostBusyCpus: number | null;
  readonly loadBusyCpus: { readonly before: number | null; readonly after: number | null } | null;
  /** Where the cell stands in the newest table that has it; null: in none. */
  readonly attempt: CellAttempt | null;
}

export interface CellAttempt { readonly laying: Laying; readonly runId: string; rowOf(boardId: string): CampaignRow | undefined; queueOf(boardId: string): BoardQueue | undefined }

const isOver = (state: BoardQueue['state']): boolean => state !== 'laid' && state !== 'running';

/** Whether something of a table may still happen on a board. */
export const isUnderWay = ({ queues }: Laying): boolean => queues.some(({ state }) => !isOver(state));

/** Every cell of a campaign, in its order. Total: whatever the boards wrote. */
export function campaignProgress(campaign: Campaign, runs: ReadonlyMap<string, RunStanding>): CellProgress[] {
  const attempts = attemptsOf(campaign);
  return campaign.cells.map((cell) => {
    const attempt = attempts.get(cell.number) ?? null;
    const base = { cell, runId: null, startsAtMs: null, hostBusyCpus: null, loadBusyCpus: null, attempt, reason: null };
    if (attempt === null) return { ...base, state: 'missing', reason: leftOut(campaign, cell.number) };
    const { laying, runId } = attempt;
    const planned = laying.cells.find((one) => one.cell === cell.number);
    const row = attempt.rowOf(cell.place.boardId);
    const loadRow = cell.load === null ? undefined : attempt.rowOf(cell.load.boardId);
    const hostRow = attempt.rowOf(cell.host?.boardId ?? cell.place.boardId);
    const told = {
      ...base,
      startsAtMs: laying.beganAtMs === null || planned === undefined ? null : laying.beganAtMs + planned.startsAfterSeconds * 1000,
      hostBusyCpus: busyBetween(hostRow?.cpuBefore ?? null, hostRow?.cpuAfter ?? null),
      loadBusyCpus: cell.load === null ? null : { before: loadRow?.loadBefore?.busyCpus ?? null, after: loadRow?.loadAfter?.busyCpus ?? null },
    };
    return { ...told, ...standing(campaign, cell, attempt, row, runs.get(runId)) };
  });
}

function standing(campaign: Campaign, cell: CampaignCell, { runId, queueOf, rowOf }: CellAttempt, row: CampaignRow | undefined, run: RunStanding | undefined): Pick<CellProgress, 'state' | 'reason' | 'runId'> {
  const { place } = cell;
  const missing = (reason: string, known: string | null = null) => ({ state: 'missing' as const, reason, runId: known });
  if (row?.runStartedAtSeconds != null) {
    if (run === undefined || run.state === 'starting' || run.state === 'running') return { state: 'running', reason: null, runId };
    return run.state === 'completed' ? { state: 'done', reason: null, runId } : missing(run.reason ?? `The run ended before its time (${run.state}).`, runId);
  }
  if (row?.missing != null) return missing(missingWords(place.boardName, row.missing));
  for (const boardId of boardsOf(cell)) {
    const queue = queueOf(boardId);
    if (queue !== undefined && isOver(queue.state)) return missing(queueWords(queue.boardName, queue.state, endOf(queue)));
  }
  if (campaign.cancelledAt !== null && boardsOf(cell).every((boardId) => queueOf(boardId) === undefined)) return missing('The campaign was cancelled.');
  const begun = boardsOf(cell).some((boardId) => rowOf(boardId)?.beganAtSeconds != null);
  return { state: begun ? 'running' : 'waiting', reason: null, runId: null };
}

function leftOut({ layings, cancelledAt }: Campaign, cell: number): string {
  const reason = layings.flatMap((laying) => laying.leftOut).findLast((one) => one.cell === cell)?.reason;
  return reason ?? (cancelledAt === null ? 'It was never laid on the boards: resume the campaign.' : 'The campaign was cancelled.');
}

function attemptsOf({ layings }: Campaign): Map<number, CellAttempt> {
  const attempts = new Map<number, CellAttempt>();
  for (const laying of layings) {
    const logs = new Map(laying.queues.map((queue) => [queue.boardId, logOf(queue)]));
    for (const { cell, runId } of laying.cells) {
      attempts.set(cell, {
        laying, runId,
        rowOf: (boardId) => logs.get(boardId)?.rows.get(cell),
        queueOf: (boardId) => laying.queues.find((queue) => queue.boardId === boardId),
      });
    }
  }
  return attempts;
}

const endOf = (queue: BoardQueue): string | null => logOf(queue).end?.why ?? null;

/** A log is read once however often its campaign is looked at. */
const parsed = new WeakMap<BoardQueue, CampaignLog>();
function logOf(queue: BoardQueue): CampaignLog {
  const known = parsed.get(queue);
  if (known !== undefined) return known;
  const log = parseCampaignLog(queue.log);
  parsed.set(queue, log);
  return log;
}
