import { z } from 'zod';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board } from '../../../shared/model/board.ts';
import { isCyclictestRun, isToolRun, type CyclictestRun, type Run, type ToolRun } from '../../../shared/model/run.ts';
import { reportSections, type ReportRequest } from '../../../shared/model/report.ts';
import type { GuideCheck } from '../../../shared/model/setting.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { remarksOf } from '../../../shared/planning/remarks.ts';
import type { ReportBoard, ReportContent, ReportImport, ReportRun, ReportToolRun } from '../../../shared/report/report-content.ts';
import { snapshotDifferences } from '../../../shared/report/snapshot-differences.ts';
import { guidesOfRole } from '../../../shared/settings/guides-of-role.ts';
import { runResultOf } from '../../../shared/statistics/run-result.ts';
import { toolResultOf } from '../../../shared/statistics/tool-result.ts';
import { listImports, outputPathOf, readImport } from '../import/import-store.ts';
import { explainStoredRun } from '../explanation/explain-stored-run.ts';
import type { ProjectContext } from '../open-project.ts';
import { checkBoard } from '../probe/check-board.ts';
import { readJson } from '../project/read-json.ts';
import { resultContextOf } from '../firmware/result-context.ts';
import { loadJournal } from '../runs/load-journal.ts';
import { evidenceOf } from './evidence.ts';

/** Puts together what a report tells, from the files of the project alone. Errors: `run-unknown` when a run that was asked for is not there. */
export async function collectReport(context: ProjectContext, request: ReportRequest, version: string): Promise<ReportContent> {
  const { store, runs } = context;
  const all = await runs.list();
  const allImports = await listImports(store);
  const missing = request.runs?.find((id) => ![...all, ...allImports].some((run) => run.id === id));
  if (missing !== undefined) throw new CodedError('run-unknown', `This project has no run “${missing}”.`, { next: 'List the runs to see what there is.' });
  const chosen = all.filter(({ id }) => request.runs === null || request.runs.includes(id));
  const boards: ReportBoard[] = [];
  for (const board of await store.boards()) {
    // Every project has a practice board; one that nobody used is not worth a reader's time.
    const isUnused = board.reach.kind === 'practice' && (await store.snapshots(board.id)).length === 0 && !all.some(({ boardId }) => boardId === board.id);
    if (!isUnused) boards.push(await boardOf(context, board));
  }
  const reported: ReportRun[] = [];
  for (const run of chosen.filter(isCyclictestRun)) reported.push(await runOf(context, run));
  const toolRuns: ReportToolRun[] = [];
  for (const run of chosen.filter(isToolRun)) toolRuns.push(await toolRunOf(context, run));
  const imports: ReportImport[] = [];
  for (const run of allImports.filter(({ id }) => request.runs === null || request.runs.includes(id))) {
    imports.push({ run, output: await readImport(store, run.id).then((read) => read?.output ?? null, () => null) });
  }
  const recorded = await recordedHashes(context, all);
  for (const { id, file } of allImports) recorded.set(outputPathOf(id), file.sha256);
  return {
    schema: 1, project: await store.project(), date: request.date ?? stampOf(new Date()), signedOffBy: request.signedOffBy, version,
    sections: reportSections.filter((section) => request.sections?.includes(section) ?? true),
    boards, runs: reported, toolRuns, imports,
    evidence: await evidenceOf(store.directory, recorded),
    // Read last: what cannot be read is noted while the rest is read.
    quarantined: store.quarantined,
  };
}

async function boardOf({ store, changes }: ProjectContext, board: Board): Promise<ReportBoard> {
  const { id, name, role, notes, addedAt, reach, hostKeys } = board;
  const readings = await store.snapshots(id);
  const latest = await store.latestSnapshot(id);
  const first = readings[0] === undefined || readings[0] === latest?.id ? null : await store.snapshot(id, readings[0]).catch(() => null);
  return {
    board: { id, name, role, notes, addedAt },
    isPretend: reach.kind === 'practice',
    reachedBy: reach.kind === 'practice' ? `the practice board of RTVM Bench, a pretend machine (${reach.machine})`
      : [...reach.jumps, reach.target].map(({ user, address, port }) => `${user}@${address}${port === 22 ? '' : `:${port}`}`).join(', then '),
    hostKeys: hostKeys.map(({ type, sha256 }) => `${type} ${sha256}`),
    snapshotId: latest?.id ?? null, snapshot: latest?.snapshot ?? null, remarks: latest === null ? [] : remarksOf(latest.snapshot),
    checks: await checksOf(id, role, store),
    changes: (await changes.changes(id)).map(({ id: changeId, owner, startedAt, endedAt, state, words, steps, plan }) => ({
      id: changeId, owner, startedAt, endedAt, state, words, title: plan.title,
      steps: steps.map(({ number, title, state: step }) => ({ number, title, state: step, why: plan.steps.find((planned) => planned.number === number)?.why ?? '' })),
    })),
    readings,
    differences: first === null || latest === null ? [] : snapshotDifferences(first, latest.snapshot),
  };
}

/** What cannot be checked is left out here, and told among what is unknown. */
async function checksOf(boardId: string, role: Board['role'], store: ProjectContext['store']): Promise<GuideCheck[]> {
  const checks: GuideCheck[] = [];
  for (const guide of guidesOfRole[role]) {
    try {
      const check = await checkBoard(store, boardId, guide, null);
      if (check !== null) checks.push(check);
    } catch (thrown) {
      store.noteUnreadable(`boards/${boardId}/snapshots`, CodedError.from(thrown));
    }
  }
  return checks;
}

async function toolRunOf({ store, runs }: ProjectContext, run: ToolRun): Promise<ReportToolRun> {
  const snapshot = run.snapshotId === null ? null : await store.snapshot(run.boardId, run.snapshotId).catch(() => null);
  const journal = await loadJournal(runs, run.id);
  return { run, result: journal.header === null ? null : toolResultOf(run, journal, await resultContextOf(store, run, snapshot)) };
}

async function runOf(context: ProjectContext, run: CyclictestRun): Promise<ReportRun> {
  const { store, runs } = context;
  const snapshot = run.snapshotId === null ? null : await store.snapshot(run.boardId, run.snapshotId).catch(() => null);
  const journal = await loadJournal(runs, run.id);
  return {
    run, snapshot, result: journal.header === null ? null : runResultOf(run, journal, await resultContextOf(store, run, snapshot)),
    explanation: await explainStoredRun(context, run.id).catch(() => null),
  };
}

const storedHash = z.object({ captureSha256: z.string() });

/** Hashes that were written down when the files were: of captures, and of the journals of runs that have ended. */
async function recordedHashes({ store }: ProjectContext, runs: readonly Run[]): Promise<Map<string, string>> {
  const recorded = new Map<string, string>();
  for (const { id, journalSha256 } of runs) if (journalSha256 !== null) recorded.set(`runs/${id}/journal`, journalSha256);
  for (const { id } of await store.boards()) {
    for (const stamp of await store.snapshots(id)) {
      const stored = await readJson(`${store.directory}/boards/${id}/snapshots/${stamp}.json`, storedHash).catch(() => null);
      if (stored !== null) recorded.set(`boards/${id}/snapshots/${stamp}.capture`, stored.captureSha256);
    }
  }
  return recorded;
}
