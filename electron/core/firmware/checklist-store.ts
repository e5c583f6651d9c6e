import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import { checklistSchema, type Attestation, type Checklist, type ChecklistEntry, type Photo } from '../../../shared/model/checklist.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { errnoOf, writeJson } from '../project/atomic-write.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { readJson } from '../project/read-json.ts';
import { readPhoto, savePhoto } from './photo-file.ts';

const empty: Checklist = { schema: 1, entries: [] };

/** Changes of one checklist come one after the other, over all windows. */
const queues = new Map<string, Promise<unknown>>();

/** What persons attested of the boards of one project: `boards/ID/checklist.json`, photos in `attachments/`. */
export class ChecklistStore {
  readonly #store: ProjectStore;

  constructor(store: ProjectStore) {
    this.#store = store;
  }

  /** Errors: `board-unknown`, `file-unreadable`, `project-newer`. */
  async get(boardId: string): Promise<Checklist> {
    await this.#store.board(boardId);
    const file = this.#file(boardId);
    try {
      await stat(file);
    } catch (thrown) {
      if (errnoOf(thrown) === 'ENOENT') return empty;
      throw thrown;
    }
    return readJson(file, checklistSchema);
  }

  /** For judging: what cannot be read is named among the project's unreadable files and left out. */
  async getIfReadable(boardId: string): Promise<Checklist | null> {
    try {
      return await this.get(boardId);
    } catch (thrown) {
      this.#store.noteUnreadable(join('boards', boardId, 'checklist.json'), CodedError.from(thrown));
      return null;
    }
  }

  /** Puts one attestation in the place of an earlier one. A photo stays with the setting while the state stays. */
  attest(boardId: string, attestation: Attestation): Promise<Checklist> {
    return this.#change(boardId, async (before) => {
      const earlier = before.entries.find(({ settingId }) => settingId === attestation.settingId);
      const firmware = (await this.#store.latestSnapshot(boardId))?.snapshot.identity.firmware ?? null;
      const entry: ChecklistEntry = {
        ...attestation, at: stampOf(new Date()), firmware: firmware === null ? null : { version: firmware.version, date: firmware.date },
        photo: earlier?.state === attestation.state ? earlier.photo : null,
      };
      return { ...before, entries: [...before.entries.filter((one) => one !== earlier), entry] };
    });
  }

  /** Errors: `bad-request` (not attested yet, no picture), `too-large`. */
  attachPhoto(boardId: string, settingId: string, bytes: Uint8Array): Promise<Checklist> {
    return this.#change(boardId, async (before) => {
      const entry = before.entries.find((one) => one.settingId === settingId);
      if (!entry) throw new CodedError('bad-request', 'Nobody has attested this setting yet.', { state: 'Nothing was stored.', next: 'Say first what was found; then attach the photo.' });
      const photo = await savePhoto(this.#store.directory, bytes);
      return { ...before, entries: before.entries.map((one) => (one === entry ? { ...entry, photo } : one)) };
    });
  }

  /** Error: `bad-request` when there is no photo, `file-unreadable`. */
  async photo(boardId: string, settingId: string): Promise<{ mediaType: Photo['mediaType']; sha256: string; bytes: Buffer }> {
    const photo = (await this.get(boardId)).entries.find((entry) => entry.settingId === settingId)?.photo ?? null;
    if (photo === null) throw new CodedError('bad-request', 'No photo is attached to this setting.');
    return { mediaType: photo.mediaType, sha256: photo.sha256, bytes: await readPhoto(this.#store.directory, photo) };
  }

  async #change(boardId: string, change: (before: Checklist) => Promise<Checklist>): Promise<Checklist> {
    const file = this.#file(boardId);
    const work = (queues.get(file) ?? Promise.resolve()).catch(() => undefined).then(async () => {
      const reason = this.#store.readOnlyReason;
      if (reason !== null) throw new CodedError('project-locked', `This project is open read-only: ${reason}`, { next: 'Close the other window, then open the project again.' });
      const after = checklistSchema.parse(await change(await this.get(boardId)));
      await writeJson(file, after);
      return after;
    });
    queues.set(file, work);
    try {
      return await work;
    } finally {
      if (queues.get(file) === work) queues.delete(file);
    }
  }

  #file(boardId: string): string {
    return join(this.#store.directory, 'boards', boardId, 'checklist.json');
  }
}
