import { CodedError } from '../../../shared/contract/errors.ts';
import type { Change } from '../../../shared/model/change.ts';
import { isDone } from '../../../shared/planning/change/is-done.ts';
import { undoSteps } from '../../../shared/planning/change/undo-steps.ts';
import { releaseScript } from './change-scripts.ts';
import type { ChangeWork } from './change-work.ts';
import { mustBeItsMachine } from './must-be-its-machine.ts';
import { ofTheBoard } from './of-the-board.ts';
import { overBadLink } from './over-bad-link.ts';
import { performStep } from './perform-step.ts';
import { readTargets } from './read-targets.ts';

/**
 * Puts back what a change that has not ended has done so far, last step first; journaled, and resumed where it was when
 * it is interrupted itself. `why`: the failure that led to it; null when a person asked.
 * Errors: what the session rejects with when the link stays away; `change-ended`, `plan-for-other-board`. A step that cannot be put back is
 * named in the change's words, and the change is then `failed`.
 */
export async function rollBack(work: ChangeWork, changeId: string, why: CodedError | null): Promise<Change> {
  const { board, store, tell } = work;
  const change = await store.change(board.id, changeId);
  if (change.endedAt !== null) throw new CodedError('change-ended', `The change ${changeId} has ended: ${change.state}. To take it back, undo it.`, { board: board.name, state: 'Nothing was done.' });
  await mustBeItsMachine(work, change.plan);
  await store.note(board.id, changeId, { kind: 'opened', planId: change.plan.id, owner: work.owner, direction: 'roll-back' });
  const { steps, generators, lost } = undoSteps(change);
  const problems = [...lost];
  // A step that was carried out and did not take left something that is neither: that is ours to put back.
  const inVain = why?.code === 'step-without-effect' ? change.steps.findLast(({ state }) => state === 'failed')?.number : undefined;
  for (const { of, step } of [...steps, ...generators]) {
    const { action } = step;
    if (action.kind === 'restart') continue;
    tell({ kind: 'progress', message: action.kind === 'generate' ? `Again: ${of.title}` : step.title, fraction: null });
    try {
      const { states: [now] } = await overBadLink(work, () => readTargets({ ...work, actions: [action] }));
      if (now && (of.action.kind === 'file' || of.action.kind === 'domain') && of.number !== inVain && !isDone(of.action, now) && !isDone(action, now)) {
        problems.push(`${of.action.kind === 'file' ? of.action.path : of.action.name}: somebody changed it meanwhile, so it was left as it is.`);
        continue;
      }
      const after = now && isDone(action, now) ? now : await performStep(work, { changeId, number: of.number, action, expected: null });
      await store.note(board.id, changeId, { kind: 'step-reverted', step: of.number, after });
    } catch (thrown) {
      const error = CodedError.from(thrown);
      // What keeps us from the board is no answer of the board: it can be rolled back later.
      if (!ofTheBoard.has(error.code)) throw error;
      problems.push(`${of.title}: ${error.message}`);
    }
  }
  await letGo(work, changeId);
  const fellBack = why?.code === 'try-fell-back';
  const words = problems.length === 0
    ? fellBack ? 'The board runs with its default; the entry that was tried is taken out again.' : 'Everything this change did was put back.'
    : `Not everything could be put back: ${problems.join(' · ')}`;
  await store.note(board.id, changeId, { kind: 'closed', state: problems.length > 0 ? 'failed' : fellBack ? 'fell-back' : 'rolled-back', words });
  return store.change(board.id, changeId);
}

/** Lets others have the board again. */
export async function letGo(work: ChangeWork, changeId: string): Promise<void> {
  await overBadLink(work, () => work.session.exec(releaseScript, { args: [changeId], root: 'required', reason: 'to let others have the board', timeoutMs: 30_000 }));
}
