import type { Board } from '../model/board.ts';
import type { Change } from '../model/change.ts';
import type { ImportedRun } from '../model/imported-run.ts';
import type { ProjectFile, Quarantined } from '../model/project.ts';
import type { Explanation } from '../model/explanation.ts';
import type { ReportSection } from '../model/report.ts';
import type { CyclictestRun, RunResult, ToolRun, ToolRunResult } from '../model/run.ts';
import type { GuideCheck } from '../model/setting.ts';
import type { Remark, Snapshot } from '../model/snapshot.ts';
import type { ToolOutput } from '../parsers/tool-output.ts';
import type { SnapshotDifference } from './snapshot-differences.ts';

/** A change as a report tells it: what files held is in the project, and may not be for every reader of a report. */
export interface ReportChange extends Pick<Change, 'id' | 'owner' | 'startedAt' | 'endedAt' | 'state' | 'words'> {
  readonly title: string;
  readonly steps: ReadonlyArray<Pick<Change['steps'][number], 'number' | 'title' | 'state'> & { readonly why: string }>;
}

export interface ReportBoard {
  readonly board: Pick<Board, 'id' | 'name' | 'role' | 'notes' | 'addedAt'>;
  /** How it is reached, without anything secret. */
  readonly reachedBy: string;
  /** The practice board: nothing measured on it says anything about hardware. */
  readonly isPretend: boolean;
  /** Fingerprints of the host keys that were accepted. */
  readonly hostKeys: readonly string[];
  readonly snapshotId: string | null;
  readonly snapshot: Snapshot | null;
  readonly remarks: readonly Remark[];
  readonly checks: readonly GuideCheck[];
  readonly changes: readonly ReportChange[];
  /** Stamps of all readings, oldest first. */
  readonly readings: readonly string[];
  /** What the last reading differs in from the first one. */
  readonly differences: readonly SnapshotDifference[];
}

export interface ReportRun {
  readonly run: CyclictestRun;
  readonly result: RunResult | null;
  /** The reading the run was started from. */
  readonly snapshot: Snapshot | null;
  /** Why it is as it is; null: nothing of it came from the board. */
  readonly explanation: Explanation | null;
}

/** A run of another tool: its result is in the model that all tools share. */
export interface ReportToolRun {
  readonly run: ToolRun;
  readonly result: ToolRunResult | null;
}

/** A result that was measured elsewhere; null: its file cannot be read any more. */
export interface ReportImport { readonly run: ImportedRun; readonly output: ToolOutput | null }

/** A file that the report rests on. `agrees`: whether its hash is the one recorded when it was written; null where none was. */
export interface Evidence { readonly file: string; readonly sizeBytes: number; readonly sha256: string; readonly agrees: boolean | null }

/** Everything a report tells, in an order that does not depend on when or where it is made. */
export interface ReportContent {
  readonly schema: 1;
  readonly project: ProjectFile;
  /** When the report was made, the one thing in it that the project does not decide. */
  readonly date: string;
  readonly signedOffBy: string | null;
  /** Version of the application that made it. */
  readonly version: string;
  readonly sections: readonly ReportSection[];
  readonly boards: readonly ReportBoard[];
  readonly runs: readonly ReportRun[];
  readonly toolRuns: readonly ReportToolRun[];
  readonly imports: readonly ReportImport[];
  readonly quarantined: readonly Quarantined[];
  readonly evidence: readonly Evidence[];
}
