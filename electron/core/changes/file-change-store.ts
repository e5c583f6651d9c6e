import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import { stampSchema } from '../../../shared/model/board.ts';
import type { Change, JournalEntry } from '../../../shared/model/change.ts';
import { planSchema, type Plan } from '../../../shared/model/plan.ts';
import { dateOfStamp, stampOf } from '../../../shared/model/stamp.ts';
import { changeOfJournal } from '../../../shared/planning/change/change-of-journal.ts';
import { writeAtomically, writeJson } from '../project/atomic-write.ts';
import { readJson } from '../project/read-json.ts';
import { appendToJournal, readJournal } from './change-journal.ts';
import { bytesOf } from './state-lines.ts';

interface Options { readonly readOnlyReason: () => string | null; readonly unreadable: (file: string, error: CodedError) => void }

/** Plans and changes of a project: `boards/ID/plans/STAMP.json`, `boards/ID/changes/STAMP/` with plan, journal and backups. */
export class FileChangeStore {
  readonly #directory: string;
  readonly #options: Options;

  constructor(projectDirectory: string, options: Options) {
    this.#directory = join(projectDirectory, 'boards');
    this.#options = options;
  }

  /** An id that no plan or change of this board has. */
  async newId(boardId: string): Promise<string> {
    const taken = new Set([...await this.#planIds(boardId), ...await this.#changeIds(boardId)]);
    let id = stampOf(new Date());
    while (taken.has(id)) id = stampOf(new Date(dateOfStamp(id).getTime() + 1_000));
    return id;
  }

  async savePlan(plan: Plan): Promise<void> {
    this.#mustBeWritable();
    await writeJson(this.#plan(plan.boardId, plan.id), planSchema.parse(plan));
  }

  /** Errors: `plan-unknown`. */
  async plan(boardId: string, planId: string): Promise<Plan> {
    if (stampSchema.safeParse(planId).success && await exists(this.#plan(boardId, planId))) return readJson(this.#plan(boardId, planId), planSchema);
    throw new CodedError('plan-unknown', `There is no plan “${planId}” for this board.`, { next: 'It was applied or thrown away, or is for another board. Make a new one.' });
  }

  async plans(boardId: string): Promise<Plan[]> {
    const plans: Plan[] = [];
    for (const id of await this.#planIds(boardId)) {
      const plan = await this.#readable(this.#plan(boardId, id), () => this.plan(boardId, id));
      if (plan) plans.push(plan);
    }
    return plans;
  }

  async removePlan(boardId: string, planId: string): Promise<void> {
    this.#mustBeWritable();
    await this.plan(boardId, planId);
    await rm(this.#plan(boardId, planId), { force: true });
  }

  /** Makes a change of a plan: the plan moves into the change's folder, what the targets held is kept beside it. */
  async open(plan: Plan): Promise<void> {
    this.#mustBeWritable();
    const directory = this.directory(plan.boardId, plan.id);
    for (const { number, action, before } of plan.steps) {
      if (before.kind === 'file' && before.content && action.kind === 'file') {
        await writeAtomically(join(directory, 'backup', `${String(number).padStart(2, '0')}-${basename(action.path)}`), bytesOf(before.content));
      }
    }
    await writeJson(join(directory, 'plan.json'), planSchema.parse(plan));
    await rm(this.#plan(plan.boardId, plan.id), { force: true });
  }

  /** Written and synced when it returns. */
  async note(boardId: string, changeId: string, entry: JournalEntry): Promise<void> {
    this.#mustBeWritable();
    await appendToJournal(join(this.directory(boardId, changeId), 'journal.ndjson'), entry);
  }

  /** Errors: `change-unknown`. */
  async change(boardId: string, changeId: string): Promise<Change> {
    if (!stampSchema.safeParse(changeId).success || !(await exists(join(this.directory(boardId, changeId), 'plan.json')))) {
      throw new CodedError('change-unknown', `There is no change “${changeId}” of this board.`, { next: 'List the changes to see what there is.' });
    }
    const directory = this.directory(boardId, changeId);
    return changeOfJournal(changeId, await readJson(join(directory, 'plan.json'), planSchema), await readJournal(join(directory, 'journal.ndjson')));
  }

  /** Oldest first. */
  async changes(boardId: string): Promise<Change[]> {
    const changes: Change[] = [];
    for (const id of await this.#changeIds(boardId)) {
      const change = await this.#readable(join(this.directory(boardId, id), 'plan.json'), () => this.change(boardId, id));
      if (change) changes.push(change);
    }
    return changes;
  }

  /** The folder of a change, for a person to open. */
  directory(boardId: string, changeId: string): string {
    return join(this.#directory, boardId, 'changes', changeId);
  }

  #plan(boardId: string, planId: string): string {
    return join(this.#directory, boardId, 'plans', `${planId}.json`);
  }

  async #planIds(boardId: string): Promise<string[]> {
    const names = await readdir(join(this.#directory, boardId, 'plans')).catch(() => []);
    return names.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json')).filter(isStamp).sort();
  }

  async #changeIds(boardId: string): Promise<string[]> {
    return (await readdir(join(this.#directory, boardId, 'changes')).catch(() => [])).filter(isStamp).sort();
  }

  async #readable<T>(file: string, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (thrown) {
      this.#options.unreadable(file, CodedError.from(thrown));
      return null;
    }
  }

  #mustBeWritable(): void {
    const reason = this.#options.readOnlyReason();
    if (reason !== null) throw new CodedError('project-locked', `The project is open for reading only: ${reason}`, { state: 'Nothing was changed.' });
  }
}

const isStamp = (name: string) => stampSchema.safeParse(name).success;
const exists = (file: string) => stat(file).then(() => true, () => false);
