import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import { abTestSchema, type AbSide, type AbTest } from '../../../shared/model/ab-test.ts';
import { idSchema } from '../../../shared/model/board.ts';
import { writeJson } from '../project/atomic-write.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { readJson } from '../project/read-json.ts';

/** A/B tests of a project: `ab/ID.json`, each written whole or not at all. */
export class FileAbStore {
  readonly #store: ProjectStore;

  constructor(store: ProjectStore) {
    this.#store = store;
  }

  /** Errors: `project-locked`, `disk-full`. */
  async save(test: AbTest): Promise<void> {
    const reason = this.#store.readOnlyReason;
    if (reason !== null) throw new CodedError('project-locked', `The project is open for reading only: ${reason}`, { state: 'Nothing was changed.' });
    await writeJson(this.#file(test.id), abTestSchema.parse(test));
  }

  /** Notes a run before it is begun. Errors as `get` and `save`. */
  async addRun(abId: string, side: AbSide, runId: string): Promise<void> {
    const test = await this.get(abId);
    await this.save({ ...test, [side]: [...test[side], runId] });
  }

  /** Errors: `ab-unknown`, `file-unreadable`, `project-newer`. */
  async get(abId: string): Promise<AbTest> {
    if (!await this.has(abId)) throw new CodedError('ab-unknown', `This project has no A/B test “${abId}”.`, { next: 'List them to see what there is: rtvm-bench ab-tests.' });
    return readJson(this.#file(abId), abTestSchema);
  }

  async has(abId: string): Promise<boolean> {
    return idSchema.safeParse(abId).success && stat(this.#file(abId)).then(() => true, () => false);
  }

  /** All that can be read, oldest first; what cannot is noted with the project. */
  async list(): Promise<AbTest[]> {
    const names = await readdir(join(this.#store.directory, 'ab')).catch(() => []);
    const tests: AbTest[] = [];
    for (const id of names.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json')).filter((name) => idSchema.safeParse(name).success)) {
      try {
        tests.push(await this.get(id));
      } catch (thrown) {
        this.#store.noteUnreadable(join('ab', `${id}.json`), CodedError.from(thrown));
      }
    }
    return tests.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
  }

  #file(abId: string): string {
    return join(this.#store.directory, 'ab', `${abId}.json`);
  }
}
