import type { Run } from '../../../shared/model/run.ts';
import { dateOfStamp, stampOf } from '../../../shared/model/stamp.ts';
import type { RunJournal } from '../../../shared/parsers/run-journal-model.ts';

export type Ending = Pick<Run, 'state' | 'stateReason' | 'endedAt'>;

/** Clocks of two machines that nobody set wrong differ by less. */
const clocksAgreeWithinMs = 5 * 60_000;

/** How a run ended, from its own end record, in plain words. `now` is this computer's time. */
export function endingOf(journal: RunJournal, { createdAt }: Pick<Run, 'createdAt'>, now: Date): Ending | null {
  const { end, header } = journal;
  if (end === null || header === null) return null;
  const endedAt = stampOf(endTime(header.startEpochSeconds, end.atSeconds, dateOfStamp(createdAt), now));
  return { state: end.state, stateReason: end.state === 'completed' ? null : reasonText(end.reason, journal), endedAt };
}

/**
 * By the board's clock where that agrees with ours: the run ended after it was asked for, and not in times to come. A board
 * without a battery lives in 1970, and one may be set while it measures: then by our clock, and the time measured since boot.
 */
function endTime(startEpochSeconds: number, atSeconds: number, created: Date, now: Date): Date {
  const byBoardMs = (startEpochSeconds + atSeconds) * 1000;
  const agrees = byBoardMs >= created.getTime() - clocksAgreeWithinMs && byBoardMs <= now.getTime() + clocksAgreeWithinMs;
  return agrees ? new Date(byBoardMs) : new Date(Math.min(now.getTime(), created.getTime() + atSeconds * 1000));
}

/** Longer after the end of a run, what its loads do says nothing about it. */
const freshMs = 60_000;

/** Whether a run is over since so short a time that what it ran beside is still there to be looked at. No where a clock was set back meanwhile. */
export function endedJustNow({ createdAt, endedAt, options }: Pick<Run, 'createdAt' | 'endedAt' | 'options'>, now: Date): boolean {
  const createdMs = dateOfStamp(createdAt).getTime();
  const lastedMs = endedAt === null ? 0 : dateOfStamp(endedAt).getTime() - createdMs;
  const sinceMs = now.getTime() - createdMs;
  return sinceMs >= lastedMs - clocksAgreeWithinMs && sinceMs < options.durationSeconds * 1000 + freshMs;
}

/** How a run ended that could not say so itself. */
export function brokenOff(why: 'rebooted' | 'killed' | 'disk-full' | 'gone' | 'unreadable' | 'never-started', journal: RunJournal, now: Date): Ending {
  const texts = {
    rebooted: 'The board restarted during the run.',
    killed: 'The runner on the board was killed.',
    'disk-full': 'The board’s disk became full.',
    gone: 'The board no longer has this run: its files were removed there.',
    unreadable: journal.problem?.message ?? 'The run’s journal cannot be read.',
    'never-started': 'The run never came up on the board.',
  } as const;
  return { state: why === 'never-started' ? 'failed' : 'interrupted', stateReason: texts[why], endedAt: stampOf(now) };
}

const lastSaid = (journal: RunJournal): string => (journal.segments.at(-1)?.stderr?.trim().split('\n')[0] ?? '').slice(0, 300);

function reasonText(reason: string, journal: RunJournal): string {
  const [, killed, signal] = /^(\S{1,40})-killed-(\d+)$/.exec(reason) ?? [];
  if (killed !== undefined) return `${killed} was killed on the board (signal ${signal ?? '?'}).`;
  const [, failing, status] = /^(\S{1,40})-status-(\d+)$/.exec(reason) ?? [];
  if (failing !== undefined) {
    const said = lastSaid(journal);
    return `${failing} failed with status ${status ?? '?'}${said === '' ? '.' : `: ${said}`}`;
  }
  const [, early] = /^(\S{1,40})-ended-early$/.exec(reason) ?? [];
  if (early !== undefined) return `${early} ended before its time: ${lastSaid(journal) || 'someone on the board stopped it.'}`;
  const [, slow] = /^(\S{1,40})-took-too-long$/.exec(reason) ?? [];
  if (slow !== undefined) return `${slow} was not done in the time it was given, and was ended.`;
  switch (reason) {
    case 'asked': return 'Stopped early on request.';
    case 'disk-full': return 'The board’s disk became full.';
    case 'terminated': return 'The runner was told to end by the board itself: it was shutting down, or someone stopped the service.';
    default: return reason;
  }
}
