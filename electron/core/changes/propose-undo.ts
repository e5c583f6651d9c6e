import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { Change } from '../../../shared/model/change.ts';
import type { Action, Proposal, TargetState } from '../../../shared/model/plan.ts';
import { isDone } from '../../../shared/planning/change/is-done.ts';
import { targetOf } from '../../../shared/planning/change/target-of.ts';
import { changesInTheWay, undoSteps, type UndoStep } from '../../../shared/planning/change/undo-steps.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { canonical } from './change-journal.ts';
import { otherMachine } from './must-be-its-machine.ts';
import { readLostVersions } from './packages-executor.ts';
import { readTargets } from './read-targets.ts';
import type { RedfishAccess } from './redfish-access.ts';

interface Request {
  readonly session: BoardSession;
  readonly board: Board;
  readonly change: Change;
  /** All changes of the board. */
  readonly all: readonly Change[];
  readonly redfish?: RedfishAccess | undefined;
}

/**
 * What takes a change back. Changes that share nothing can be taken back in any order.
 * Errors: `plan-for-other-board`, `undo-refused` naming the later change or the file that stands in the way, `change-ended` when there is nothing
 * to take back, and what reading rejects with.
 */
export async function proposeUndo({ session, board, change, all, redfish }: Request): Promise<Proposal> {
  const about = { board: change.plan.boardName, state: 'Nothing was changed.' };
  if (change.state === 'applying' || change.state === 'restarting') throw new CodedError('undo-refused', `The change ${change.id} has not ended.`, { ...about, next: 'Resume it or roll it back.' });
  if (change.state !== 'done' && change.state !== 'failed') throw new CodedError('change-ended', `There is nothing to undo: the change ${change.id} is ${change.state}${change.undoneBy ? ` by ${change.undoneBy}` : ''}.`, about);
  const [inTheWay] = changesInTheWay(change, all);
  if (inTheWay) {
    throw new CodedError('undo-refused', `A later change, “${inTheWay.change.plan.title}” (${inTheWay.change.id}), builds on the same thing: ${inTheWay.target}.`, {
      ...about, next: `Undo ${inTheWay.change.id} first.`, details: { changeId: inTheWay.change.id, target: inTheWay.target },
    });
  }
  const { steps, generators, lost } = undoSteps(change);
  const wanted = steps.filter(({ step }) => !belongsToTrial(change, all, targetOf(step.action)));
  const { machineId, states } = await readTargets({ session, actions: wanted.map(({ step }) => step.action), redfish });
  if (machineId !== change.plan.machineId) throw otherMachine({ board }, change.plan);
  const notes = [...lost, ...await goneVersions(session, wanted)];
  const kept = wanted.filter((undo, index) => mayBeUndone(undo, states[index], about, notes));
  return {
    title: `Undo: ${change.plan.title}`, purpose: { kind: 'undo', changeId: change.id }, steps: [...kept, ...(kept.length > 0 ? generators : [])].map(({ step }) => step),
    restart: change.plan.restart === 'none' ? 'none' : 'needed', notes, refused: [],
  };
}

/** Packages that went and that no source of the board has any more in the version they had: the difference is named. */
async function goneVersions(session: BoardSession, wanted: readonly UndoStep[]): Promise<string[]> {
  const words = wanted.flatMap(({ step: { action } }) => (action.kind === 'packages' ? action.install : []));
  return (await readLostVersions(session, words)).map((word) => `Cannot be had again from the board’s package sources: ${word}.`);
}

/** What a promotion took away of its trial stays away. */
function belongsToTrial({ plan: { purpose } }: Change, all: readonly Change[], target: string | null): boolean {
  if (purpose.kind !== 'promote-kernel' || target === null) return false;
  return all.find(({ id }) => id === purpose.tried)?.plan.steps.some(({ action }) => targetOf(action) === target) ?? false;
}

/** A file and a definition must be as the change left them; live values may have moved on, and are then left alone and named. */
function mayBeUndone({ of, left, step }: UndoStep, now: TargetState | undefined, about: { board: string; state: string }, notes: string[]): boolean {
  if (now === undefined || isDone(step.action, now)) return false;
  if (left === null || canonical(now) === canonical(left) || step.action.kind === 'packages') return true;
  if (step.action.kind === 'file') {
    throw new CodedError('undo-refused', `${step.action.path} was changed after this change wrote it: putting the old one back would lose that.`, {
      ...about, next: 'Compare the file with the backup in the change’s folder and settle it by hand.', details: { target: step.action.path },
    });
  }
  if ((step.action.kind === 'domain' && !isDone(of.action, now)) || (step.action.kind === 'network' && isRedefined(step.action, left, now))) {
    throw new CodedError('undo-refused', `The definition of ${step.action.name} was changed after this change wrote it: putting the old one back would lose that.`, {
      ...about, next: 'Change it by hand. What it was before stands in the plan of the change.', details: { target: step.action.name },
    });
  }
  // Whether something runs is no work that could be lost.
  if (step.action.kind === 'unit' || step.action.kind === 'domain' || step.action.kind === 'network') return true;
  notes.push(`Left alone: ${of.title}. It is neither what this change made of it nor what it was before.`);
  return false;
}

const isRedefined = ({ xml, undefine }: Extract<Action, { kind: 'network' }>, left: TargetState, now: TargetState): boolean =>
  (xml !== null || undefine === true) && left.kind === 'network' && now.kind === 'network' && left.xml !== now.xml;
