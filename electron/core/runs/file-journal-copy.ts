import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import { errnoOf, writeError } from '../project/atomic-write.ts';
import type { JournalCopy } from './run-store.ts';

/** At most this much of a journal has to be fetched again after a crash of this computer. */
const syncAfterMs = 1_000;

/** A journal in a file, appended to and brought to the disk at most once a second. */
export class FileJournalCopy implements JournalCopy {
  readonly #directory: string;
  #file: FileHandle;
  #sizeBytes: number;
  #syncTimer: NodeJS.Timeout | null = null;
  #lastWork: Promise<unknown> = Promise.resolve();
  #failure: CodedError | null = null;

  private constructor(directory: string, file: FileHandle, sizeBytes: number) {
    this.#directory = directory;
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  static async open(directory: string): Promise<FileJournalCopy> {
    const path = join(directory, 'journal');
    try {
      await mkdir(directory, { recursive: true });
      const file = await open(path, 'a', 0o644);
      return new FileJournalCopy(directory, file, (await file.stat()).size);
    } catch (thrown) {
      throw writeError(path, thrown);
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async append(bytes: Uint8Array, at: number): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#failure !== null) throw this.#failure;
      if (at !== this.#sizeBytes) throw new CodedError('internal', `The journal's copy has ${this.#sizeBytes} bytes, and was to be continued at byte ${at}.`);
      try {
        for (let written = 0; written < bytes.length;) {
          const { bytesWritten } = await this.#file.write(bytes, written);
          written += bytesWritten;
          this.#sizeBytes += bytesWritten;
        }
      } catch (thrown) {
        throw writeError(this.#path, thrown);
      }
      this.#syncTimer ??= setTimeout(() => {
        // Nobody waits for this one: a failure is told at the next append.
        this.#inTurn(() => this.#sync()).catch((thrown: unknown) => { this.#failure = CodedError.from(thrown); });
      }, syncAfterMs);
    });
  }

  async read(onChunk: (chunk: Uint8Array) => void): Promise<void> {
    await readInPortions(this.#path, onChunk);
  }

  async sha256(length: number): Promise<string> {
    const hash = createHash('sha256');
    await readInPortions(this.#path, (chunk) => { hash.update(chunk); }, length);
    return hash.digest('hex');
  }

  async setAside(): Promise<string> {
    return this.#inTurn(async () => {
      await this.#sync();
      await this.#file.close();
      let number = 1;
      while (await stat(join(this.#directory, `journal.unusable-${number}`)).then(() => true, () => false)) number += 1;
      const name = `journal.unusable-${number}`;
      await rename(this.#path, join(this.#directory, name));
      this.#file = await open(this.#path, 'a', 0o644);
      this.#sizeBytes = 0;
      return name;
    });
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#sync();
      await this.#file.close();
    });
  }

  get #path(): string {
    return join(this.#directory, 'journal');
  }

  async #sync(): Promise<void> {
    if (this.#syncTimer === null) return;
    clearTimeout(this.#syncTimer);
    this.#syncTimer = null;
    await this.#file.datasync().catch((thrown: unknown) => { throw writeError(this.#path, thrown); });
  }

  /** One thing at a time, in the order asked. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#lastWork.then(work);
    this.#lastWork = mine.catch(() => undefined);
    return mine;
  }
}

/** Larger than Node's own: a run of an hour is some MB, and each portion is a turn of the event loop. */
const portionBytes = 512 * 1024;

/** Reads a file's first `length` bytes in portions; a file that is not there is empty. */
export async function readInPortions(path: string, onChunk: (chunk: Uint8Array) => void, length = Infinity): Promise<void> {
  if (length <= 0) return;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: portionBytes, ...(length === Infinity ? {} : { end: length - 1 }) })) {
      if (chunk instanceof Uint8Array) onChunk(chunk);
    }
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return;
    throw new CodedError('file-unreadable', `${path} cannot be read (${errnoOf(thrown) ?? String(thrown)}).`, {}, { cause: thrown });
  }
}
