import { toolBenchmarkOf } from '../../../shared/benchmarks/catalogue.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Campaign, CampaignCell, Laying } from '../../../shared/model/campaign.ts';
import { chooseCpus } from '../../../shared/planning/cyclictest-board.ts';
import { runOfCell } from '../../../shared/planning/campaign/cell-run.ts';
import { boardsOf, timeTable, type QueueRow } from '../../../shared/planning/campaign/time-table.ts';
import { workloadProfiles } from '../../../shared/planning/workloads/workload-profiles.ts';
import type { ProjectContext } from '../open-project.ts';
import { inOneLine } from '../owner-name.ts';
import { newRunId } from '../runs/run-id.ts';
import { startArguments } from '../runs/start-run.ts';
import { beginQueue, cancelQueue, layQueue, readMoment, type BoardMoment, type LaidRow } from './board-queue.ts';

interface Where { readonly context: ProjectContext; readonly signal: AbortSignal; tell(message: string): void }

type LeftOut = Laying['leftOut'][number];

/** Boards on one table begin together after this: time for each to be told. */
const lastWordMs = 3_000;

/**
 * Lays a time table for cells of a campaign on their boards and lets it begin. Cells whose boards cannot be reached, run another
 * kernel or are in use are left out with the reason. The table stands in the campaign's file before any board begins.
 * Errors: that of the first board when no cell at all can be laid, `cancelled`, `project-locked`, `disk-full`.
 */
export async function layCampaign(where: Where, campaign: Campaign, cells: readonly CampaignCell[]): Promise<void> {
  const { context } = where;
  const id = layingId(campaign);
  const leftOut: LeftOut[] = [];
  const problems: CodedError[] = [];
  const moments = new Map<string, BoardMoment>();
  let left = [...cells];
  const without = (boardId: string, error: CodedError): void => {
    problems.push(error);
    const gone = left.filter((cell) => boardsOf(cell).includes(boardId));
    leftOut.push(...gone.map(({ number }) => ({ cell: number, reason: error.message })));
    left = left.filter((cell) => !gone.includes(cell));
  };

  for (const boardId of new Set(left.flatMap(boardsOf))) {
    const { name, session } = await boardAt(context, boardId);
    where.tell(`Asking ${name} for its time and its kernel.`);
    try {
      moments.set(boardId, await readMoment({ session, boardName: name, signal: where.signal }));
    } catch (thrown) {
      where.signal.throwIfAborted();
      without(boardId, CodedError.from(thrown));
    }
  }
  for (const cell of left) {
    const { kernel, boardId, boardName } = cell.place;
    const moment = moments.get(boardId);
    if (kernel === 'as-is' || moment === undefined || moment.realtime === null || moment.realtime === (kernel === 'realtime')) continue;
    leftOut.push({ cell: cell.number, reason: `${boardName} runs ${moment.realtime ? 'a real-time' : 'a standard'} kernel (${moment.kernel}). Start it with ${kernel === 'realtime' ? 'a real-time' : 'a standard'} one and resume the campaign.` });
    left = left.filter((other) => other !== cell);
  }

  for (;;) {
    if (left.length === 0) {
      await note(context, campaign.id, { id, beganAtMs: null, cells: [], queues: [], leftOut });
      if (problems[0] !== undefined) throw problems[0];
      return;
    }
    const laid = await layTable(where, campaign, id, left, moments);
    if (laid.refused === null) {
      await note(context, campaign.id, { ...laid.laying, leftOut });
      await begin(where, campaign.id, laid.laying, left);
      return;
    }
    without(laid.refused.boardId, laid.refused.error);
  }
}

/** A name on the boards has 63 signs at most; what is random in a long one stands at its end. */
const layingId = ({ id, layings }: Campaign): string => `${id.length > 56 ? `${id.slice(0, 40)}${id.slice(-16)}` : id}-${layings.length + 1}`;

type Laid = { readonly refused: null; readonly laying: Omit<Laying, 'leftOut'> } | { readonly refused: { readonly boardId: string; readonly error: CodedError } };

/** On every board or on none: a board that refuses takes what was put on the others with it. */
async function layTable(where: Where, campaign: Campaign, id: string, cells: readonly CampaignCell[], moments: ReadonlyMap<string, BoardMoment>): Promise<Laid> {
  const { context, signal } = where;
  const table = timeTable(cells, campaign.wish);
  const runIds = new Map(cells.map(({ number, place }) => [number, newRunId(place.boardId, new Date())]));
  const queues: Laying['queues'] = [];
  for (const { boardId, rows } of table.queues) {
    const { name, session } = await boardAt(context, boardId);
    const moment = moments.get(boardId);
    if (moment === undefined) throw new CodedError('internal', `The time of ${name} was not asked for.`);
    where.tell(`Laying the time table on ${name}: ${rows.length} rows.`);
    try {
      const laid = rows.map((row) => laidRow(row, campaign, cells, runIds));
      const asRoot = await layQueue({ session, boardName: name, signal }, id, campaign.owner, laid, needsOf(rows, cells));
      queues.push({ boardId, boardName: name, asRoot, clock: moment.clock, state: 'laid', log: '' });
    } catch (thrown) {
      for (const queue of queues) {
        const other = await boardAt(context, queue.boardId);
        await cancelQueue({ session: other.session, boardName: other.name }, id, queue.asRoot);
      }
      signal.throwIfAborted();
      return { refused: { boardId, error: CodedError.from(thrown) } };
    }
  }
  return { refused: null, laying: { id, beganAtMs: null, cells: table.cells.map((cell) => ({ ...cell, runId: runIds.get(cell.cell) ?? '' })), queues } };
}

function laidRow(row: QueueRow, { owner }: Campaign, cells: readonly CampaignCell[], runIds: ReadonlyMap<number, string>): LaidRow {
  const cell = cells.find(({ number }) => number === row.cell);
  if (cell === undefined) throw new CodedError('internal', `The time table names a cell ${row.cell} that there is not.`);
  const hasLoad = cell.load !== null && (row.kind === 'load' || (row.kind === 'measure' && cell.load.boardId === cell.place.boardId));
  return {
    row,
    loadArguments: hasLoad && cell.load !== null ? loadArguments(cell.load.workload, row, owner) : [],
    runArguments: row.kind === 'measure' ? startArguments(runOfCell(cell, runIds.get(cell.number) ?? '', Date.now()), owner, cell.marked ?? cell.command) : [],
  };
}

/** A load whose end nobody comes to ask for ends by itself, well after its row. */
const afterwardsSeconds = 300;

function loadArguments(workload: NonNullable<CampaignCell['load']>['workload'], { lengthSeconds, leadSeconds }: QueueRow, owner: string): string[] {
  const { command, needBytes } = workloadProfiles[workload];
  return [workload, String(lengthSeconds + leadSeconds + afterwardsSeconds), inOneLine(owner), String(Math.ceil(needBytes / 1024)), ...command];
}

/** What the measurements on a board ask for, together. */
function needsOf(rows: readonly QueueRow[], cells: readonly CampaignCell[]): { priority: number | null; root: boolean } {
  const measured = new Set(rows.filter(({ kind }) => kind === 'measure').map(({ cell }) => cell));
  const requests = cells.filter(({ number }) => measured.has(number)).map(({ request }) => request);
  const priorities = requests.flatMap(({ options: { priority } }) => (priority === null ? [] : [priority]));
  return { priority: priorities.length === 0 ? null : Math.max(...priorities), root: requests.some(({ benchmark }) => toolBenchmarkOf(benchmark)?.root === 'needed') };
}

/** All boards count from one moment, which each is told in its own time. */
async function begin({ context, signal, tell }: Where, campaignId: string, laying: Omit<Laying, 'leftOut'>, cells: readonly CampaignCell[]): Promise<void> {
  const told = await Promise.all(laying.queues.map(async (queue) => {
    const { name, session } = await boardAt(context, queue.boardId);
    return { queue, name, session, moment: await readMoment({ session, boardName: name, signal }), housekeeping: await housekeepingOf(context, queue.boardId, cells) };
  }));
  const slowestMs = Math.max(...told.map(({ moment }) => moment.clock.errorMs * 2));
  const beginsAt = performance.now() + (told.length > 1 ? lastWordMs + slowestMs * 4 : 0);
  const beganAtMs = Math.round(Date.now() + beginsAt - performance.now());
  tell('Letting the campaign begin.');
  const asked = await Promise.allSettled(told.map(async ({ queue, name, session, moment, housekeeping }) => {
    const beginSeconds = moment.clock.uptimeSeconds + (beginsAt - moment.atPerformanceMs) / 1000;
    await beginQueue({ session, boardName: name, signal }, laying.id, housekeeping, beginSeconds, queue.asRoot);
  }));
  await context.campaigns.update(campaignId, (campaign) => ({
    ...campaign, layings: campaign.layings.map((one) => (one.id === laying.id
      ? { ...one, beganAtMs, queues: one.queues.map((queue) => ({ ...queue, clock: told.find(({ queue: { boardId } }) => boardId === queue.boardId)?.moment.clock ?? queue.clock })) } : one)),
  }));
  const failure = asked.find((one) => one.status === 'rejected');
  if (failure !== undefined) throw CodedError.from(failure.reason);
}

/** Where what carries out the table runs: beside what is measured on that board, or where its reading says. */
async function housekeepingOf({ store }: ProjectContext, boardId: string, cells: readonly CampaignCell[]): Promise<number[]> {
  const measured = cells.find(({ place }) => place.boardId === boardId)?.request.options.mainCpus ?? [];
  if (measured.length > 0) return measured;
  const latest = await store.latestSnapshot(boardId);
  return latest === null ? [0] : chooseCpus(latest.snapshot).housekeeping;
}

async function boardAt({ store, sessions }: ProjectContext, boardId: string): Promise<{ name: string; session: Awaited<ReturnType<ProjectContext['sessions']['get']>> }> {
  return { name: (await store.board(boardId)).name, session: await sessions.get(boardId) };
}

async function note({ campaigns }: ProjectContext, campaignId: string, laying: Laying): Promise<void> {
  await campaigns.update(campaignId, (campaign) => ({ ...campaign, layings: [...campaign.layings, laying] }));
}

