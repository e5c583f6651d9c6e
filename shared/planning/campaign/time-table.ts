import type { CampaignCell, CampaignWish } from '../../model/campaign.ts';

/**
 * What a board does for one cell. `measure`: load of its own (if any), run, load off. `load`: a load for a measurement elsewhere.
 * `watch`: nothing but noting the CPU time used.
 */
export interface QueueRow {
  readonly cell: number;
  readonly kind: 'measure' | 'load' | 'watch';
  /** When it begins, from the beginning of the table; null: as soon as the board is through with the row before. */
  readonly atSeconds: number | null;
  /** How long after that it may still begin. */
  readonly patienceSeconds: number;
  /** A run is stopped after so long; a load or a watch ends then. */
  readonly lengthSeconds: number;
  /** How long the row's own load works before the measurement. */
  readonly leadSeconds: number;
  readonly coolDownSeconds: number;
}

export interface TimeTable {
  readonly queues: ReadonlyArray<{ readonly boardId: string; readonly rows: readonly QueueRow[] }>;
  readonly cells: ReadonlyArray<{ readonly cell: number; readonly startsAfterSeconds: number; readonly endsAfterSeconds: number }>;
  readonly totalSeconds: number;
}

type Pace = Pick<CampaignWish, 'leadSeconds' | 'coolDownSeconds' | 'patienceSeconds'>;

/** Starting a run, and what it does between two segments and at its end, on a slow board. */
const startSeconds = 6;
const segmentSeconds = 2;
/** Starting a load and seeing that it works, and ending it. */
const loadSeconds = 6;
/** Boards on one table begin their parts of a cell within this, clocks and the start of processes together. */
const togetherSeconds = 3;
/** Two quartz clocks that nobody disciplines part by up to 100 millionths (PC clocks are specified to 50 each). */
const drift = 1e-4;

/** The boards that have a part in a cell: the measured one first. */
export function boardsOf({ place, load, host }: Pick<CampaignCell, 'place' | 'load' | 'host'>): string[] {
  return [...new Set([place.boardId, ...(load === null ? [] : [load.boardId]), ...(host === null ? [] : [host.boardId])])];
}

/** How long the run of a cell takes from its start to its end, at most. */
export function runSeconds({ request: { options } }: Pick<CampaignCell, 'request'>): number {
  const segments = 'segmentSeconds' in options ? Math.ceil(options.durationSeconds / Math.max(1, options.segmentSeconds)) : 1;
  return options.durationSeconds + startSeconds + segmentSeconds * segments;
}

/**
 * Gives every board its rows. Where only one board has a part in all of it, each row follows the one before and nothing waits for
 * a clock: the times are then the latest ones. Where several have, every row has its time, and the time a cell may take grows
 * with the distance from the beginning by as much as their clocks may part.
 */
export function timeTable(cells: readonly CampaignCell[], pace: Pace): TimeTable {
  const alone = new Set(cells.flatMap(boardsOf)).size < 2;
  const rows = new Map<string, QueueRow[]>();
  const put = (boardId: string, row: QueueRow) => { rows.set(boardId, [...rows.get(boardId) ?? [], row]); };
  const times: Array<TimeTable['cells'][number]> = [];
  let at = 0;
  for (const cell of cells) {
    const apart = alone ? 0 : togetherSeconds + Math.ceil(at * drift);
    const ownLoad = cell.load?.boardId === cell.place.boardId;
    const before = cell.load === null ? 0 : loadSeconds + pace.leadSeconds;
    const measured = runSeconds(cell);
    const length = before + apart * 2 + measured + (cell.load === null ? 0 : loadSeconds);
    const common = { cell: cell.number, coolDownSeconds: pace.coolDownSeconds };
    put(cell.place.boardId, {
      ...common, kind: 'measure', lengthSeconds: measured, leadSeconds: ownLoad ? pace.leadSeconds : 0,
      atSeconds: alone ? null : at + apart + (ownLoad ? 0 : before),
      patienceSeconds: alone ? pace.patienceSeconds : apart,
    });
    for (const boardId of boardsOf(cell).slice(1)) {
      put(boardId, { ...common, kind: cell.load?.boardId === boardId ? 'load' : 'watch', lengthSeconds: length, leadSeconds: 0, atSeconds: at, patienceSeconds: apart });
    }
    times.push({ cell: cell.number, startsAfterSeconds: at, endsAfterSeconds: at + length });
    at += length + pace.coolDownSeconds;
  }
  return { queues: [...rows].map(([boardId, own]) => ({ boardId, rows: own })), cells: times, totalSeconds: Math.max(0, at - (cells.length === 0 ? 0 : pace.coolDownSeconds)) };
}
