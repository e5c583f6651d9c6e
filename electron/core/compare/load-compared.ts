import { CodedError } from '../../../shared/contract/errors.ts';
import type { ComparedRun } from '../../../shared/model/compare.ts';
import type { AnyRunResult, Run } from '../../../shared/model/run.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { commandText } from '../../../shared/planning/cyclictest-command.ts';
import { resultOfAnyRun, resultOfImport } from '../../../shared/statistics/comparison/from-any-run.ts';
import type { MeasuredResult } from '../../../shared/statistics/comparison/measured-result.ts';
import type { ImportedRun } from '../../../shared/model/imported-run.ts';
import { readImport } from '../import/import-store.ts';
import type { ProjectContext } from '../open-project.ts';

/** A run of the project with its figures, and the reading it was started from. */
export interface Loaded {
  readonly about: ComparedRun;
  readonly measured: MeasuredResult;
  readonly run: Run | null;
  readonly imported: ImportedRun | null;
  readonly snapshot: Snapshot | null;
}

/** Gives the result of a run of ours; null: it has none. */
export type ResultOf = (runId: string) => Promise<AnyRunResult | null>;

/** Errors: `run-unknown` (no such run, or it has no result yet), `file-unreadable`, `output-unreadable`. */
export async function loadCompared(context: ProjectContext, resultOf: ResultOf, id: string): Promise<Loaded> {
  const imported = await readImport(context.store, id);
  if (imported !== null) {
    const { label, boardName, createdAt, format, command } = imported.run;
    return {
      about: { id, origin: 'imported', label, boardName, createdAt, benchmark: format, command, grade: null, hasSnapshot: false },
      measured: resultOfImport(imported), run: null, imported: imported.run, snapshot: null,
    };
  }
  const run = await context.runs.get(id);
  const result = await resultOf(id);
  const snapshot = run.snapshotId === null ? null : await context.store.snapshot(run.boardId, run.snapshotId).catch(() => null);
  const measured = result === null ? null : resultOfAnyRun(run, result, snapshot);
  if (result === null || measured === null) {
    throw new CodedError('run-unknown', `The run ${id} has no result to compare: it is ${run.state}.`, { next: 'Compare runs that have measured something.' });
  }
  return {
    about: {
      id, origin: 'own', label: id, boardName: run.boardName, createdAt: run.createdAt, benchmark: run.benchmark, command: commandText(run.command),
      grade: result.verdict?.grade ?? null, hasSnapshot: snapshot !== null,
    },
    measured, run, imported: null, snapshot,
  };
}
