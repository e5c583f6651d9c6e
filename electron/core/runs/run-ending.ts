import type { Run } from '../../../shared/model/run.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import type { RunJournal } from '../../../shared/parsers/run-journal-model.ts';

export type Ending = Pick<Run, 'state' | 'stateReason' | 'endedAt'>;

/** How a run ended, from its own end record, in plain words. */
export function endingOf(journal: RunJournal): Ending | null {
  const { end, header } = journal;
  if (end === null || header === null) return null;
  const endedAt = stampOf(new Date((header.startEpochSeconds + end.atSeconds) * 1000));
  return { state: end.state, stateReason: end.state === 'completed' ? null : reasonText(end.reason, journal), endedAt };
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

function reasonText(reason: string, journal: RunJournal): string {
  const [, signal] = /^cyclictest-killed-(\d+)$/.exec(reason) ?? [];
  if (signal !== undefined) return `cyclictest was killed on the board (signal ${signal}).`;
  const [, status] = /^cyclictest-status-(\d+)$/.exec(reason) ?? [];
  if (status !== undefined) {
    const said = journal.segments.at(-1)?.stderr?.trim().split('\n')[0] ?? '';
    return `cyclictest failed with status ${status}${said === '' ? '.' : `: ${said.slice(0, 300)}`}`;
  }
  switch (reason) {
    case 'asked': return 'Stopped early on request.';
    case 'disk-full': return 'The board’s disk became full.';
    case 'terminated': return 'The runner was told to end by the board itself: it was shutting down, or someone stopped the service.';
    case 'cyclictest-ended-early': return 'cyclictest ended before its time: someone on the board stopped it.';
    default: return reason;
  }
}
