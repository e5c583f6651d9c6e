import type { Board } from '../../../shared/model/board.ts';
import type { ComparedRuns, CompareRequest, Curve } from '../../../shared/model/compare.ts';
import { dateOfStamp } from '../../../shared/model/stamp.ts';
import type { SettingReport } from '../../../shared/model/setting.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { guidesOfRole } from '../../../shared/settings/guides-of-role.ts';
import { runDifferences, type ChangeBetween, type SideFacts } from '../../../shared/report/run-differences.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import { compareResults } from '../../../shared/statistics/comparison/compare-results.ts';
import { lineForCurve } from '../../../shared/statistics/comparison/line-for-curve.ts';
import { nameSides } from '../../../shared/statistics/comparison/name-sides.ts';
import type { ProjectContext } from '../open-project.ts';
import { lastVmReading } from '../vms/vm-store.ts';
import { loadCompared, type Loaded, type ResultOf } from './load-compared.ts';

/** Compares sides of runs with the first, and tells what they differ in. Errors: `run-unknown`, `file-unreadable`, `output-unreadable`. */
export async function compareRuns(context: ProjectContext, resultOf: ResultOf, { sides: wanted }: CompareRequest): Promise<ComparedRuns> {
  const sides: Loaded[][] = [];
  for (const { runs } of wanted) {
    const loaded: Loaded[] = [];
    for (const id of runs) loaded.push(await loadCompared(context, resultOf, id));
    sides.push(loaded);
  }
  const names = nameSides(sides.map((side, at) => ({ given: wanted[at]?.name ?? null, labels: side.map(({ about }) => (about.origin === 'imported' ? about.label : `${about.boardName}, ${timeInWords(about.createdAt)}`)), boards: side.map(({ about }) => about.boardName) })));
  const comparison = compareResults(sides.map((side, at) => ({ name: names[at] ?? '', repeats: side.map(({ measured }) => measured) })));
  const [baseline, ...others] = sides;
  const differences: ComparedRuns['differences'] = [];
  const first = baseline?.[0];
  const before = first === undefined ? null : await factsOf(context, first);
  for (const [other] of others) {
    differences.push(first === undefined || other === undefined || before === null ? [] : runDifferences(before, await factsOf(context, other), await changesBetween(context, first, other)));
  }
  return { comparison, sides: sides.map((side) => ({ runs: side.map(({ about }) => about) })), differences };
}

/** Errors: as `compareRuns`. A run that has no line of that key is left out. */
export async function curvesOf(context: ProjectContext, resultOf: ResultOf, ids: readonly string[], key: string | null): Promise<Curve[]> {
  const curves: Curve[] = [];
  for (const runId of ids) {
    const line = lineForCurve((await loadCompared(context, resultOf, runId)).measured, key);
    if (line !== null) curves.push({ runId, distribution: line.distribution, resolutionNs: line.resolutionNs, boundNs: line.boundNs });
  }
  return curves;
}

async function factsOf(context: ProjectContext, { run, imported, snapshot }: Loaded): Promise<SideFacts> {
  return {
    run, snapshot,
    settings: run === null ? [] : await settingsAt(context, run.boardId, run.snapshotId),
    definition: run === null ? null : await definitionOf(context, run.boardId),
    importedFrom: imported === null ? null : { boardName: imported.boardName, tool: imported.tool, command: imported.command },
  };
}

/** The board's guides judged on the reading a run was started from; none where board or reading are gone. */
async function settingsAt({ store }: ProjectContext, boardId: string, snapshotId: string | null): Promise<SettingReport[]> {
  if (snapshotId === null) return [];
  const board = await store.board(boardId).catch(() => null);
  const text = board === null ? null : await store.capture(boardId, snapshotId).catch(() => null);
  const capture = text === null ? null : parseCapture(text);
  if (board === null || !capture?.ok) return [];
  const snapshot = await store.snapshot(boardId, snapshotId).catch(() => null);
  if (snapshot === null) return [];
  return guidesOfRole[board.role].flatMap((guide) => checkGuide({ snapshot, capture: capture.value, guide, housekeeping: null }).settings);
}

/** The definition of the VM that a board is, from the last reading of its host's VMs; null: it is none, or that is not known. */
async function definitionOf({ store }: ProjectContext, boardId: string): Promise<string | null> {
  const boards = await store.boards();
  const guest = boards.find(({ id }) => id === boardId);
  const host = guest === undefined ? undefined : hostOf(guest, boards);
  if (guest?.reach.kind !== 'ssh' || host === undefined) return null;
  const { address } = guest.reach.target;
  const vm = (await lastVmReading(store, host.id))?.vms.find(({ addresses }) => addresses.includes(address));
  return vm === undefined ? null : vm.activeXml ?? vm.inactiveXml;
}

/** A guest is reached through its host. */
function hostOf(guest: Board, boards: readonly Board[]): Board | undefined {
  const way = guest.role === 'guest' && guest.reach.kind === 'ssh' ? guest.reach.jumps.at(-1) : undefined;
  return way === undefined ? undefined : boards.find(({ reach }) => reach.kind === 'ssh' && reach.target.address === way.address && reach.target.port === way.port);
}

/** What was changed between two runs on their boards, and on the hosts of those that are guests. */
async function changesBetween({ store, changes }: ProjectContext, a: Loaded, b: Loaded): Promise<ChangeBetween[]> {
  if (a.run === null || b.run === null) return [];
  const [from, to] = [a.run.createdAt, b.run.createdAt].sort().map((stamp) => dateOfStamp(stamp).getTime());
  const boards = await store.boards();
  const involved = new Set([a.run.boardId, b.run.boardId]);
  for (const board of boards) if (involved.has(board.id)) involved.add(hostOf(board, boards)?.id ?? board.id);
  const found: ChangeBetween[] = [];
  for (const board of boards.filter(({ id }) => involved.has(id))) {
    for (const { startedAt, plan, state } of await changes.changes(board.id)) {
      // A run's time is whole seconds, and it takes one at least.
      const at = Math.floor(new Date(startedAt).getTime() / 1000) * 1000;
      if (from !== undefined && to !== undefined && at > from && at <= to) found.push({ at: startedAt, boardName: board.name, title: plan.title, state });
    }
  }
  return found.sort((x, y) => x.at.localeCompare(y.at));
}

/** `20261120T141000Z` → "2026-11-20 14:10:00". */
const timeInWords = (stamp: string) => dateOfStamp(stamp).toISOString().slice(0, 19).replace('T', ' ');
