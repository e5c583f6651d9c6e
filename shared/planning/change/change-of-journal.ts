import type { Change, JournalEntry } from '../../model/change.ts';
import type { Plan } from '../../model/plan.ts';

/** A journal's line as it is kept: when it was written, and what it says. */
export interface JournalRecord { readonly at: string; readonly entry: JournalEntry }

type Step = Change['steps'][number];

/** What a plan's journal says of it: every step's state, and where the whole is. An empty journal: nothing was done yet. Total. */
export function changeOfJournal(id: string, plan: Plan, journal: readonly JournalRecord[]): Change {
  const steps = new Map<number, Step>(plan.steps.map(({ number, title }) => [number, { number, title, state: 'waiting', before: null, after: null }]));
  const change: Change = {
    id, boardId: plan.boardId, plan, owner: '', startedAt: journal[0]?.at ?? '', endedAt: null, state: 'applying',
    words: 'Interrupted: it can be resumed or rolled back.', steps: [], undoneBy: null, restarted: null,
  };
  const set = (number: number, changes: Partial<Step>) => {
    const step = steps.get(number);
    if (step) steps.set(number, { ...step, ...changes });
  };
  for (const { at, entry } of journal) {
    switch (entry.kind) {
      case 'opened':
        if (change.owner === '') change.owner = entry.owner;
        change.state = 'applying';
        change.endedAt = null;
        change.words = entry.direction === 'apply' ? 'Interrupted: it can be resumed or rolled back.' : 'Interrupted while it was rolled back: roll it back again to finish.';
        break;
      case 'step-began': set(entry.step, { state: 'began', before: entry.before }); break;
      case 'step-done': set(entry.step, { state: 'done', after: entry.after }); break;
      case 'step-failed': set(entry.step, { state: 'failed' }); break;
      case 'step-reverted': set(entry.step, { state: 'reverted', after: entry.after }); break;
      case 'restart-asked':
        change.state = 'restarting';
        change.words = 'The board was told to start again; it has not been heard of since.';
        break;
      case 'restarted':
        change.state = 'applying';
        change.restarted = { commandLine: entry.commandLine, kernelRelease: entry.kernelRelease, asExpected: entry.asExpected };
        set(entry.step, { state: entry.asExpected ? 'done' : 'failed', after: { kind: 'restart', bootId: entry.bootId } });
        break;
      case 'closed':
        change.state = entry.state;
        change.words = entry.words;
        change.endedAt = at;
        break;
      case 'undone-by':
        change.undoneBy = entry.changeId;
        change.state = 'undone';
        break;
    }
  }
  return { ...change, steps: [...steps.values()].sort((a, b) => a.number - b.number) };
}
