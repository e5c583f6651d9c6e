import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CodedError } from '../../../shared/contract/errors.ts';
import { boardSchema, idSchema, stampSchema, type Board } from '../../../shared/model/board.ts';
import { storedCpuMapSchema, type StoredCpuMap } from '../../../shared/model/cpu-map.ts';
import { projectFileSchema, type ProjectFile, type Quarantined } from '../../../shared/model/project.ts';
import { snapshotSchema, type Snapshot } from '../../../shared/model/snapshot.ts';
import { dateOfStamp, stampOf } from '../../../shared/model/stamp.ts';
import { errnoOf, writeAtomically, writeJson } from './atomic-write.ts';
import { readJson } from './read-json.ts';

const storedSnapshotSchema = z.object({ schema: z.literal(1), captureSha256: z.string(), snapshot: snapshotSchema });

/** One project folder: plain files, each written whole or not at all. See ARCHITECTURE.md for the tree. */
export class ProjectStore {
  readonly directory: string;
  readonly quarantined: Quarantined[] = [];
  #readOnlyReason: string | null;

  private constructor(directory: string, readOnlyReason: string | null) {
    this.directory = directory;
    this.#readOnlyReason = readOnlyReason;
  }

  /** Makes a new project. Errors: `project-exists` when the folder holds one already, `disk-full`, `file-unreadable`. */
  static async create(directory: string, name: string): Promise<void> {
    const file = join(directory, 'project.json');
    if (await exists(file)) throw new CodedError('project-exists', `${directory} holds a project already.`, { next: 'Open it, or choose another folder.' });
    const entries = await readdir(directory).catch(() => []);
    if (entries.length > 0) throw new CodedError('project-exists', `${directory} is not empty.`, { next: 'Choose a new or empty folder.' });
    const project: ProjectFile = { schema: 1, name, customer: '', notes: '', createdAt: stampOf(new Date()) };
    await writeJson(file, project);
  }

  /** Errors: `project-unreadable`, `project-newer`. */
  static async open(directory: string, readOnlyReason: string | null): Promise<ProjectStore> {
    const store = new ProjectStore(directory, readOnlyReason);
    await store.project();
    return store;
  }

  static async isProject(directory: string): Promise<boolean> {
    return exists(join(directory, 'project.json'));
  }

  get readOnlyReason(): string | null {
    return this.#readOnlyReason;
  }

  async project(): Promise<ProjectFile> {
    try {
      return await readJson(join(this.directory, 'project.json'), projectFileSchema);
    } catch (thrown) {
      if (thrown instanceof CodedError && thrown.code === 'project-newer') throw thrown;
      throw new CodedError('project-unreadable', `${this.directory} is not a project that can be opened: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
        state: 'Nothing was changed.', next: 'Check the path. If project.json is damaged, restore it from a copy; the boards and runs beside it are untouched.',
      }, { cause: thrown });
    }
  }

  /** All boards that can be read; one that cannot is quarantined and named. */
  async boards(): Promise<Board[]> {
    const boards: Board[] = [];
    for (const id of await this.#folders('boards')) {
      const board = await this.#orQuarantine(join('boards', id, 'board.json'), () => readJson(this.#path('boards', id, 'board.json'), boardSchema));
      if (board) boards.push(board);
    }
    return boards.sort((a, b) => a.addedAt.localeCompare(b.addedAt) || a.id.localeCompare(b.id));
  }

  /** Errors: `board-unknown`. */
  async board(id: string): Promise<Board> {
    if (idSchema.safeParse(id).success && await exists(this.#path('boards', id, 'board.json'))) {
      return readJson(this.#path('boards', id, 'board.json'), boardSchema);
    }
    const known = (await this.boards()).map((board) => board.id).join(', ');
    throw new CodedError('board-unknown', `This project has no board “${id}”.`, { next: known ? `Its boards are: ${known}.` : 'Add a board first.' });
  }

  async saveBoard(board: Board): Promise<void> {
    this.#mustBeWritable();
    await writeJson(this.#path('boards', board.id, 'board.json'), boardSchema.parse(board));
  }

  /** Takes a board out of the project. Its folder is moved to `removed/`, never deleted. */
  async removeBoard(id: string): Promise<void> {
    this.#mustBeWritable();
    await this.board(id);
    await mkdir(this.#path('removed'), { recursive: true });
    await rename(this.#path('boards', id), this.#path('removed', `${id}-${stampOf(new Date())}`));
  }

  /** Stores a capture and what was parsed from it. Returns the snapshot's id, its time stamp. */
  async saveSnapshot(boardId: string, capture: string, snapshot: Snapshot): Promise<string> {
    this.#mustBeWritable();
    const taken = new Set(await this.snapshots(boardId));
    let id = snapshot.takenAt;
    while (taken.has(id)) id = stampOf(new Date(dateOfStamp(id).getTime() + 1_000));
    const directory = this.#path('boards', boardId, 'snapshots');
    await writeAtomically(join(directory, `${id}.capture`), capture);
    const captureSha256 = createHash('sha256').update(capture).digest('hex');
    await writeJson(join(directory, `${id}.json`), { schema: 1, captureSha256, snapshot });
    return id;
  }

  /** Ids of a board's snapshots, oldest first. */
  async snapshots(boardId: string): Promise<string[]> {
    const names = await readdir(this.#path('boards', boardId, 'snapshots')).catch(() => []);
    return names.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json')).filter((id) => stampSchema.safeParse(id).success).sort();
  }

  async snapshot(boardId: string, id: string): Promise<Snapshot> {
    return (await readJson(this.#path('boards', boardId, 'snapshots', `${id}.json`), storedSnapshotSchema)).snapshot;
  }

  async latestSnapshot(boardId: string): Promise<{ id: string; snapshot: Snapshot } | null> {
    for (const id of (await this.snapshots(boardId)).reverse()) {
      const file = join('boards', boardId, 'snapshots', `${id}.json`);
      const snapshot = await this.#orQuarantine(file, () => this.snapshot(boardId, id));
      if (snapshot) return { id, snapshot };
    }
    return null;
  }

  async capture(boardId: string, id: string): Promise<string> {
    return readFile(this.#path('boards', boardId, 'snapshots', `${id}.capture`), 'utf8');
  }

  /** The CPU map saved for a board; null: none, or one that cannot be read, which is quarantined and named. */
  async cpuMap(boardId: string): Promise<StoredCpuMap | null> {
    const file = join('boards', boardId, 'cpu-map.json');
    if (!(await exists(join(this.directory, file)))) return null;
    return this.#orQuarantine(file, () => readJson(join(this.directory, file), storedCpuMapSchema));
  }

  /** Errors: `project-locked`, `project-newer` when a newer RTVM Bench wrote the map that is there, `disk-full`. */
  async saveCpuMap(boardId: string, map: StoredCpuMap): Promise<void> {
    this.#mustBeWritable();
    const file = this.#path('boards', boardId, 'cpu-map.json');
    if (await exists(file)) {
      await readJson(file, storedCpuMapSchema).catch((thrown: unknown) => {
        if (thrown instanceof CodedError && thrown.code === 'project-newer') throw thrown;
      });
    }
    await writeJson(file, storedCpuMapSchema.parse(map));
  }

  /** Names a file that another part of the core could not read. It is left where it is. */
  noteUnreadable(file: string, error: CodedError): void {
    if (!this.quarantined.some((entry) => entry.file === file)) this.quarantined.push({ file, reason: error.message, movedTo: null });
  }

  /** Reads through `read`; what cannot be read is moved aside and remembered. A newer form stays where it is. */
  async #orQuarantine<T>(file: string, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (this.quarantined.some((entry) => entry.file === file)) return null;
      const newer = error.code === 'project-newer';
      this.quarantined.push({ file, reason: error.message, movedTo: newer ? null : await this.#moveAside(file) });
      return null;
    }
  }

  async #moveAside(file: string): Promise<string | null> {
    if (this.#readOnlyReason || !(await exists(join(this.directory, file)))) return null;
    const target = join('quarantine', `${stampOf(new Date())}-${file.replaceAll(/[\\/]/g, '_')}`);
    await mkdir(this.#path('quarantine'), { recursive: true });
    await rename(join(this.directory, file), join(this.directory, target));
    return target;
  }

  async #folders(name: string): Promise<string[]> {
    const entries = await readdir(this.#path(name), { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory() && idSchema.safeParse(entry.name).success).map((entry) => entry.name);
  }

  #mustBeWritable(): void {
    if (this.#readOnlyReason) throw new CodedError('project-locked', `This project is open read-only: ${this.#readOnlyReason}`, { next: 'Close the other window, then open the project again.' });
  }

  #path(...parts: string[]): string {
    return join(this.directory, ...parts);
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ENOTDIR') return false;
    throw thrown;
  }
}
