import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import { idSchema } from '../../../shared/model/board.ts';
import { runSchema, type Run } from '../../../shared/model/run.ts';
import { errnoOf, writeJson } from '../project/atomic-write.ts';
import { readJson } from '../project/read-json.ts';
import { FileJournalCopy, readInPortions } from './file-journal-copy.ts';
import type { JournalCopy, RunChanges, RunStore } from './run-store.ts';

/** Files open at the same time while runs are listed: waiting for one after the other is most of the time it takes. */
const readAtOnce = 32;

/** Runs as folders below `runs/` of a project: `run.json` written whole or not at all, `journal` only ever appended to. */
export class FileRunStore implements RunStore {
  readonly #directory: string;
  readonly #readOnlyReason: () => string | null;
  readonly #unreadable: (file: string, error: CodedError) => void;
  #lastUpdate: Promise<unknown> = Promise.resolve();

  /** `unreadable` is told of each run.json that cannot be read; the others are listed all the same. */
  constructor(projectDirectory: string, options: { readOnlyReason?: () => string | null; unreadable?: (file: string, error: CodedError) => void } = {}) {
    this.#directory = join(projectDirectory, 'runs');
    this.#readOnlyReason = options.readOnlyReason ?? (() => null);
    this.#unreadable = options.unreadable ?? (() => undefined);
  }

  /** The folder of a run, for a person to open. */
  directory(runId: string): string {
    return join(this.#directory, this.#known(runId));
  }

  async save(run: Run): Promise<void> {
    this.#mustBeWritable();
    await writeJson(join(this.directory(run.id), 'run.json'), runSchema.parse(run));
  }

  async update(runId: string, changes: RunChanges): Promise<Run> {
    const mine = this.#lastUpdate.then(async () => {
      const before = await this.get(runId);
      const run = runSchema.parse({ ...before, ...changes, options: { ...before.options, ...changes.options } });
      await this.save(run);
      return run;
    });
    this.#lastUpdate = mine.catch(() => undefined);
    return mine;
  }

  async get(runId: string): Promise<Run> {
    const file = join(this.directory(runId), 'run.json');
    return readJson(file, runSchema).catch((thrown: unknown) => { throw isMissing(thrown) ? this.#unknown(runId) : thrown; });
  }

  async list(): Promise<Run[]> {
    const names = (await readdir(this.#directory).catch(() => [])).filter((entry) => idSchema.safeParse(entry).success).sort();
    const runs: Run[] = [];
    for (let from = 0; from < names.length; from += readAtOnce) {
      const some = names.slice(from, from + readAtOnce);
      for (const run of await Promise.all(some.map((name) => this.#orNull(name)))) if (run !== null) runs.push(run);
    }
    return runs.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
  }

  async journal(runId: string): Promise<JournalCopy> {
    this.#mustBeWritable();
    return FileJournalCopy.open(this.directory(runId));
  }

  async readJournal(runId: string, onChunk: (chunk: Uint8Array) => void): Promise<void> {
    await readInPortions(join(this.directory(runId), 'journal'), onChunk);
  }

  /** Null: it is no run, or it cannot be read, which is told. */
  async #orNull(name: string): Promise<Run | null> {
    try {
      return await this.get(name);
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (error.code !== 'run-unknown') this.#unreadable(join('runs', name, 'run.json'), error);
      return null;
    }
  }

  #known(runId: string): string {
    if (!idSchema.safeParse(runId).success) throw this.#unknown(runId);
    return runId;
  }

  #unknown(runId: string): CodedError {
    return new CodedError('run-unknown', `This project has no run “${runId}”.`, { next: 'List the runs to see what there is.' });
  }

  #mustBeWritable(): void {
    const reason = this.#readOnlyReason();
    if (reason !== null) throw new CodedError('project-locked', `The project is open for reading only: ${reason}`, { state: 'Nothing was changed.' });
  }
}

const isMissing = (thrown: unknown): boolean => thrown instanceof CodedError && ['ENOENT', 'ENOTDIR'].includes(errnoOf(thrown.cause) ?? '');
