import type { CyclictestRun, Run } from '../../../shared/model/run.ts';

/**
 * The laptop's copy of a run's journal: a byte-exact beginning of the board's file. Its length is the cursor, so whatever
 * dies in between, the next reader goes on where the copy ends: no byte twice, none left out.
 */
export interface JournalCopy {
  readonly sizeBytes: number;
  /** Appends bytes that begin at byte `at` of the board's file. `at` must be the present size. Errors: `disk-full`, `file-unreadable`. */
  append(bytes: Uint8Array, at: number): Promise<void>;
  /** Hands over what is there already, in portions. */
  read(onChunk: (chunk: Uint8Array) => void): Promise<void>;
  /** SHA-256 of the first `length` bytes, hexadecimal. */
  sha256(length: number): Promise<string>;
  /** Puts the copy aside under another name and begins an empty one. Gives the name. */
  setAside(): Promise<string>;
  close(): Promise<void>;
}

/** What becomes of a run after its start; of its options only what it is judged by. */
export type RunChanges = Partial<Omit<CyclictestRun, 'benchmark' | 'options'>> & { options?: Pick<CyclictestRun['options'], 'deadlineUs' | 'deadlineFraction'> };

/** Where runs are kept: one folder a run, `run.json` and `journal` in it. */
export interface RunStore {
  /** Errors: `project-locked` when the project is open read-only. */
  save(run: Run): Promise<void>;
  /** Changes some fields of what is stored, whatever else was changed meanwhile. Errors as `get` and `save`. */
  update(runId: string, changes: RunChanges): Promise<Run>;
  /** Errors: `run-unknown`, `file-unreadable`, `project-newer`. */
  get(runId: string): Promise<Run>;
  /** All runs that can be read, oldest first. */
  list(): Promise<Run[]>;
  journal(runId: string): Promise<JournalCopy>;
  /** Reads the journal without opening it for writing; nothing is handed over when there is none. */
  readJournal(runId: string, onChunk: (chunk: Uint8Array) => void): Promise<void>;
}
