import type { BoardClock, CampaignCell } from '../../model/campaign.ts';
import { isToolRequest, type Run, type RunLoad } from '../../model/run.ts';
import { stampOf } from '../../model/stamp.ts';
import type { CampaignRow } from '../../parsers/campaign-log.ts';
import { workloadProfiles } from '../workloads/workload-profiles.ts';

/** The run of a cell as it is kept with the other runs. `startedAtMs`: this computer's clock when the board started it. */
export function runOfCell({ place, request, command, conditions, snapshotId }: CampaignCell, runId: string, startedAtMs: number): Run {
  const fields = {
    schema: 1 as const, id: runId, boardId: place.boardId, boardName: place.boardName, snapshotId, createdAt: stampOf(new Date(startedAtMs)),
    command: [...command], conditions: [...conditions], loads: [], state: 'running' as const, stateReason: null, bootId: null, endedAt: null, journalSha256: null,
  };
  return isToolRequest(request)
    ? { ...fields, benchmark: request.benchmark, options: request.options }
    : { ...fields, benchmark: 'cyclictest', options: request.options };
}

/** This computer's clock when a board's showed so many seconds since it was started. */
export const atMs = ({ atMs: readAtMs, uptimeSeconds }: BoardClock, seconds: number): number => readAtMs + (seconds - uptimeSeconds) * 1000;

export interface PlacedRow { readonly row: CampaignRow | undefined; readonly clock: BoardClock }

/** Boards relate their times this exactly when nothing else is known: quartz clocks part by up to 100 millionths. */
const drift = 1e-4;

/**
 * What the run of a cell has to say of its load, from what the boards wrote down. A load that did not start, that was not at work
 * before and after, or that covers only part of the run, is one that was not at work when it ended: such a run is not comparable.
 */
export function loadsOfCell({ load }: CampaignCell, measured: PlacedRow, loading: PlacedRow): RunLoad[] {
  if (load === null) return [];
  const { row, clock } = loading;
  const startedAtMs = row?.loadStartedAtSeconds == null ? null : atMs(clock, row.loadStartedAtSeconds);
  const covers = row !== undefined && measured.row !== undefined && (row === measured.row || coversRun(measured.row, measured.clock, row, clock));
  const works = covers && row.loadAfter?.state === 'running' && row.loadBefore !== null;
  return [{
    boardId: load.boardId, boardName: load.boardName, kind: load.workload, command: workloadProfiles[load.workload].shown,
    startedAt: new Date(startedAtMs ?? atMs(clock, clock.uptimeSeconds)).toISOString(),
    busyAtStart: row?.loadBefore?.busyCpus ?? 0,
    atEnd: { running: works, busyCpus: row?.loadAfter?.busyCpus ?? null },
  }];
}

/** Whether a load on another board was at work all the while a run went: their clocks are related with an error that counts against it. */
function coversRun(run: CampaignRow, runClock: BoardClock, load: CampaignRow, loadClock: BoardClock): boolean {
  const { runStartedAtSeconds: begun, runEndedAtSeconds: ended } = run;
  const { loadBefore, loadAfter } = load;
  if (begun === null || ended === null || loadBefore === null || loadAfter === null) return false;
  const farthest = Math.max(ended - runClock.uptimeSeconds, loadAfter.atSeconds - loadClock.uptimeSeconds, 0);
  const errorMs = runClock.errorMs + loadClock.errorMs + farthest * drift * 1000;
  return atMs(loadClock, loadBefore.atSeconds) + errorMs <= atMs(runClock, begun) && atMs(loadClock, loadAfter.atSeconds) - errorMs >= atMs(runClock, ended);
}
