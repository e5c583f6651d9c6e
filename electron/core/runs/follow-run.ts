import { CodedError } from '../../../shared/contract/errors.ts';
import type { Run } from '../../../shared/model/run.ts';
import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import type { BoardSession, ExecOptions } from '../ssh/board-session.ts';
import { JournalIntake } from './journal-intake.ts';
import { cancelled, isLinkFailure, pauseBeforeRetry } from './link-failures.ts';
import { attachAnswer, stopAnswer, type AttachAnswer } from './run-answers.ts';
import { brokenOff, endingOf, type Ending } from './run-ending.ts';
import { attachScript, followScript, stopScript } from './run-scripts.ts';
import { statusPeriodSeconds } from './run-size.ts';
import type { RunStore } from './run-store.ts';
import { RunTelling, type RunEvent } from './run-telling.ts';

export interface FollowRequest {
  readonly session: BoardSession;
  readonly store: RunStore;
  readonly run: Run;
  /** Ends the following, not the run. */
  readonly signal: AbortSignal;
  tell(event: RunEvent): void;
}

/**
 * Follows a run on its board to its end and gives the run as then stored. The laptop is only a cursor: whatever is
 * lost in between (link, server, this program), the next byte wanted is the one after those that are here.
 * Errors: `cancelled` (the run goes on), `run-output-mismatch`, `disk-full` of this computer, and those of the session
 * that waiting does not mend (`auth-failed`, `host-key-changed`, …).
 */
export async function followRun(request: FollowRequest): Promise<Run> {
  const telling = new RunTelling(request.tell);
  const intake = await JournalIntake.open(await request.store.journal(request.run.id), () => { telling.journal(intake.journal); });
  const stopListening = request.session.onConnection((connection) => { telling.connection(connection); });
  try {
    const follower = new Follower(request, intake, telling);
    const ending = await follower.untilEnd();
    const journalSha256 = await intake.sha256(intake.receivedBytes);
    return await request.store.update(request.run.id, { ...ending, bootId: intake.journal.header?.bootId ?? request.run.bootId, journalSha256 });
  } finally {
    stopListening();
    telling.stop();
    await intake.close();
  }
}

/** A run that has not come up by then never will. */
const longestStartMs = 60_000;

class Follower {
  readonly #request: FollowRequest;
  readonly #intake: JournalIntake;
  readonly #telling: RunTelling;
  #root: NonNullable<ExecOptions['root']> = 'if-possible';
  #startedOver = false;
  readonly #begunAtMs = performance.now();

  constructor(request: FollowRequest, intake: JournalIntake, telling: RunTelling) {
    this.#request = request;
    this.#intake = intake;
    this.#telling = telling;
  }

  async untilEnd(): Promise<Ending> {
    const { session, signal } = this.#request;
    for (let failures = 0; ;) {
      if (signal.aborted) throw cancelled(signal);
      try {
        const ending = await this.#sealed() ?? await this.#oneTurn(() => { failures = 0; });
        if (ending !== null) return ending;
      } catch (thrown) {
        if (signal.aborted) throw cancelled(signal);
        const error = CodedError.from(thrown);
        if (!isLinkFailure(error)) throw error;
        this.#telling.link('lost');
        failures += 1;
        await pauseBeforeRetry(session, failures, signal);
      }
    }
  }

  /** The end record is here: what it seals must be what we have. */
  async #sealed(): Promise<Ending | null> {
    const { journal } = this.#intake;
    const ending = endingOf(journal, this.#request.run, new Date());
    if (ending === null || journal.end === null || journal.endOffset === null) return ending;
    if (journal.end.sha256 !== '-' && await this.#intake.sha256(journal.endOffset) !== journal.end.sha256) {
      await this.#startOver();
      return null;
    }
    return ending;
  }

  async #oneTurn(onAnswer: () => void): Promise<Ending | null> {
    const { signal, session } = this.#request;
    const answer = await this.#ask();
    onAnswer();
    switch (answer.state) {
      case 'none':
        return this.#whereNothingIs();
      case 'starting':
        if (performance.now() - this.#begunAtMs > longestStartMs) return brokenOff('never-started', this.#intake.journal, new Date());
        await pauseBeforeRetry(session, 1, signal);
        return null;
      default:
        break;
    }
    if (!await this.#isPrefix(answer)) {
      // A board that lost power may have lost the end of its file: then ours is the better copy.
      if (answer.state === 'rebooted') return brokenOff('rebooted', this.#intake.journal, new Date());
      await this.#startOver();
      return null;
    }
    if (answer.state !== 'running' && this.#intake.receivedBytes >= answer.sizeBytes) return this.#ended(answer.state);
    this.#telling.link('following');
    const before = this.#intake.receivedBytes;
    await this.#stream();
    // Without this a board that cannot send its file would be asked for it again and again without a pause.
    if (this.#intake.receivedBytes === before) await pauseBeforeRetry(session, 2, signal);
    return null;
  }

  async #ask(): Promise<AttachAnswer> {
    const { session, run, signal } = this.#request;
    const { header } = this.#intake.journal;
    if (header !== null) {
      if (header.runId !== run.id) throw mismatch(run, `the journal is of run ${header.runId}`);
      this.#root = header.asRoot ? 'required' : 'never';
    }
    await this.#intake.settled();
    const result = await session.exec(attachScript, { args: [run.id, String(this.#intake.receivedBytes)], root: this.#root, reason: 'to follow the run', timeoutMs: 30_000, signal });
    return attachAnswer(attachScript, result);
  }

  /** Runs started as root are found by root only: without a journal to tell, both are asked. */
  #whereNothingIs(): Ending | null {
    const { journal, receivedBytes } = this.#intake;
    if (receivedBytes > 0) return brokenOff('gone', journal, new Date());
    if (this.#root === 'if-possible') this.#root = 'never';
    else if (this.#root === 'never') this.#root = 'required';
    else return brokenOff('never-started', journal, new Date());
    return null;
  }

  async #isPrefix({ prefixSha256, sizeBytes }: AttachAnswer): Promise<boolean> {
    const { receivedBytes } = this.#intake;
    if (receivedBytes === 0) return true;
    return receivedBytes <= sizeBytes && prefixSha256 === await this.#intake.sha256(receivedBytes);
  }

  /** null: what the runner left behind was ended just now, and may have written a last line before. */
  async #ended(state: 'ended' | 'rebooted' | 'killed' | 'disk-full'): Promise<Ending | null> {
    const { session, run, signal } = this.#request;
    const { journal } = this.#intake;
    if (state === 'ended') return endingOf(journal, run, new Date()) ?? brokenOff('unreadable', journal, new Date());
    if (state === 'killed' || state === 'disk-full') {
      const result = await session.exec(stopScript, { args: [run.id], root: this.#root, timeoutMs: 30_000, signal });
      if (stopAnswer(stopScript, result) === 'orphan') return null;
    }
    return brokenOff(state, journal, new Date());
  }

  async #startOver(): Promise<void> {
    const { run } = this.#request;
    if (this.#startedOver) throw mismatch(run, 'it differed again after it had been fetched anew');
    this.#startedOver = true;
    const name = await this.#intake.startOver();
    this.#telling.note(`The copy of the journal here was not what the board has; it was put aside as ${name} and is fetched again.`);
  }

  /** Takes the journal's bytes until the runner ends, the link breaks, or it has been silent for too long. */
  async #stream(): Promise<void> {
    const { session, run, signal } = this.#request;
    const silentMs = 3_000 * statusPeriodSeconds(run.options.durationSeconds) + 3_000;
    const watch: { timer: NodeJS.Timeout | null } = { timer: null };
    let close = (): void => undefined;
    const heard = (): void => {
      if (watch.timer !== null) clearTimeout(watch.timer);
      watch.timer = setTimeout(() => { this.#telling.link('slow'); close(); }, silentMs);
    };
    const handle = await session.stream(followScript, {
      args: [run.id, String(this.#intake.receivedBytes + 1), formatCpuList(run.options.mainCpus)], root: this.#root, reason: 'to follow the run', signal,
      onStdout: (chunk) => {
        heard();
        this.#telling.link('following');
        this.#intake.take(chunk);
        void this.#intake.settled().then(() => { if (this.#intake.journal.end !== null) close(); }, () => { close(); });
      },
    });
    close = () => { handle.close(); };
    heard();
    try {
      await handle.done;
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (error.code !== 'cancelled' || signal.aborted) throw error;
    } finally {
      if (watch.timer !== null) clearTimeout(watch.timer);
      close = () => undefined;
      await this.#intake.settled();
    }
  }
}

const mismatch = (run: Run, why: string): CodedError => new CodedError('run-output-mismatch', `The journal of run ${run.id} on ${run.boardName} is not the one that was followed: ${why}.`, {
  board: run.boardName, state: 'What was fetched before is kept in the run’s folder.', next: 'If the board was set up anew meanwhile, the run is lost there; keep what is here.',
});
