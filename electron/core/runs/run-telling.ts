import type { JobEvent } from '../../../shared/model/job.ts';
import type { Connection } from '../../../shared/model/connection.ts';
import { durationInWords } from '../../../shared/statistics/words.ts';
import type { RunJournal } from '../../../shared/parsers/run-journal-model.ts';

export type RunEvent = Extract<JobEvent['body'], { kind: 'progress' | 'live' | 'link' }>;
type LinkState = Extract<RunEvent, { kind: 'link' }>['state'];

const atMostEveryMs = 1_000;

const linkTexts: Record<LinkState, string> = {
  following: 'Following the run.',
  slow: 'Nothing has come from the board for a while; the run goes on there.',
  lost: 'The link to the board is lost; the run goes on there.',
  reconnecting: 'Connecting to the board again; the run goes on there.',
};

/** Tells whoever watches how a run goes: readings and progress at most once a second, the link's state when it changes. */
export class RunTelling {
  readonly #tell: (event: RunEvent) => void;
  #link: LinkState | null = null;
  #toldStatuses = 0;
  #toldAtMs = -Infinity;
  #later: NodeJS.Timeout | null = null;

  constructor(tell: (event: RunEvent) => void) {
    this.#tell = tell;
  }

  link(state: LinkState, message: string = linkTexts[state]): void {
    if (this.#link === state) return;
    this.#link = state;
    this.#tell({ kind: 'link', state, message });
  }

  /** What the session says of its connection. A lost link is ours to tell: the session does not know that we follow. */
  connection({ state }: Connection): void {
    if (state === 'slow' || state === 'reconnecting') this.link(state);
  }

  note(message: string): void {
    this.#tell({ kind: 'progress', message, fraction: null });
  }

  /** Call whenever the journal may have grown. */
  journal(journal: RunJournal): void {
    if (journal.statusCount === this.#toldStatuses || this.#later !== null) return;
    const waitMs = this.#toldAtMs + atMostEveryMs - performance.now();
    if (waitMs <= 0) this.#now(journal);
    else this.#later = setTimeout(() => { this.#later = null; this.#now(journal); }, waitMs);
  }

  stop(): void {
    if (this.#later !== null) clearTimeout(this.#later);
    this.#later = null;
  }

  #now(journal: RunJournal): void {
    this.#toldAtMs = performance.now();
    this.#toldStatuses = journal.statusCount;
    const status = journal.statuses.at(-1);
    if (status === undefined) return;
    this.#tell({ kind: 'live', status });
    this.#tell({ kind: 'progress', ...progressOf(journal) });
  }
}

/** How much of the asked measuring time is done. */
export function progressOf(journal: RunJournal): { message: string; fraction: number } {
  const duration = journal.header?.durationSeconds ?? 0;
  const open = journal.segments.at(-1);
  const done = journal.segments.reduce((sum, segment) => sum + (segment.endedAtSeconds === null ? 0 : segment.askedSeconds), 0);
  const within = open?.endedAtSeconds === null ? Math.min(open.askedSeconds, Math.max(0, journal.lastAtSeconds - open.startedAtSeconds)) : 0;
  const fraction = duration > 0 ? Math.min(1, (done + within) / duration) : 0;
  const parts = Math.ceil(duration / Math.max(1, journal.header?.segmentSeconds ?? 1));
  const segment = parts > 1 ? `, part ${journal.segments.length} of ${parts}` : '';
  return { message: `Measuring: ${durationInWords(Math.max(1, Math.round(duration - done - within)))} left${segment}.`, fraction };
}
