import { CodedError } from '../../../shared/contract/errors.ts';
import { RunJournalReader } from '../../../shared/parsers/run-journal.ts';
import type { RunJournal } from '../../../shared/parsers/run-journal-model.ts';
import type { JournalCopy } from './run-store.ts';

/** A run of a day prints more than this computer should hold: whoever wants it reads the copy. */
const watchingReader = (): RunJournalReader => new RunJournalReader({ keep: 'watching' });

/** Takes the bytes of a journal as they come: into the copy first, then into the reader, in order. */
export class JournalIntake {
  readonly #copy: JournalCopy;
  readonly #onTaken: () => void;
  #reader = watchingReader();
  #expected: number;
  #work: Promise<void> = Promise.resolve();
  #failure: CodedError | null = null;

  private constructor(copy: JournalCopy, onTaken: () => void) {
    this.#copy = copy;
    this.#onTaken = onTaken;
    this.#expected = copy.sizeBytes;
  }

  static async open(copy: JournalCopy, onTaken: () => void): Promise<JournalIntake> {
    const intake = new JournalIntake(copy, onTaken);
    await copy.read((chunk) => { intake.#reader.feed(chunk); });
    return intake;
  }

  /** As far as taken, without standard output: a `watching` reader's. */
  get journal(): RunJournal {
    return this.#reader.journal;
  }

  /** Bytes received so far, the copy's own included. */
  get receivedBytes(): number {
    return this.#expected;
  }

  take(chunk: Uint8Array): void {
    const at = this.#expected;
    this.#expected += chunk.length;
    this.#work = this.#work.then(async () => {
      if (this.#failure !== null) return;
      await this.#copy.append(chunk, at);
      this.#reader.feed(chunk);
      this.#onTaken();
    }).catch((thrown: unknown) => { this.#failure = CodedError.from(thrown); });
  }

  /** Waits until everything received is in the copy. Rejects with what kept it from being written. */
  async settled(): Promise<void> {
    await this.#work;
    if (this.#failure !== null) throw this.#failure;
  }

  async sha256(length: number): Promise<string> {
    await this.settled();
    return this.#copy.sha256(length);
  }

  /** Begins again with an empty copy; what was there is kept under another name. */
  async startOver(): Promise<string> {
    await this.settled();
    const name = await this.#copy.setAside();
    this.#reader = watchingReader();
    this.#expected = 0;
    return name;
  }

  async close(): Promise<void> {
    await this.#work;
    await this.#copy.close();
  }
}
