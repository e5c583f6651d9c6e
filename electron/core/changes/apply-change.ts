import { CodedError } from '../../../shared/contract/errors.ts';
import type { Change } from '../../../shared/model/change.ts';
import type { Plan, PlannedStep, TargetState } from '../../../shared/model/plan.ts';
import { isDone } from '../../../shared/planning/change/is-done.ts';
import { targetOf } from '../../../shared/planning/change/target-of.ts';
import { isLinkFailure } from '../runs/link-failures.ts';
import { canonical } from './change-journal.ts';
import { stayScript } from './change-scripts.ts';
import type { ChangeWork } from './change-work.ts';
import { overBadLink } from './over-bad-link.ts';
import { stateSha256 } from './make-plan.ts';
import { mustBeItsMachine, otherMachine } from './must-be-its-machine.ts';
import { ofTheBoard } from './of-the-board.ts';
import { performStep } from './perform-step.ts';
import { readTargets } from './read-targets.ts';
import { askToRestart, awaitRestart, awaitServices, mustBeFree } from './restart-board.ts';
import { letGo, rollBack } from './roll-back.ts';

/**
 * Applies a plan to the board it was made for: reads all targets again and refuses when one has moved; then step by step,
 * each journaled before it is done and read back after. A step that fails has everything put back.
 * Errors: `plan-for-other-board`, `plan-refused` (its file was edited), `board-moved`, `restart-ends-work`, `board-busy`, `step-failed`, `step-without-effect`,
 * `board-not-back`, `try-fell-back`, and what the session rejects with. With a lost link the change stays resumable.
 */
export async function applyPlan(work: ChangeWork, plan: Plan): Promise<Change> {
  await mustBeUnmoved(work, plan);
  if (plan.restart === 'included') await overBadLink(work, () => mustBeFree(work));
  await work.store.open(plan);
  await work.store.note(plan.boardId, plan.id, { kind: 'opened', planId: plan.id, owner: work.owner, direction: 'apply' });
  return proceed(work, plan.id);
}

/** Goes on with a change that was interrupted: what is done already is not done again. Errors: as `applyPlan`. */
export async function resumeChange(work: ChangeWork, changeId: string): Promise<Change> {
  const { plan, state } = await work.store.change(work.board.id, changeId);
  if (state !== 'applying' && state !== 'restarting') throw new CodedError('change-ended', `The change ${changeId} has ended: ${state}.`, { board: work.board.name, state: 'Nothing was done.' });
  await mustBeItsMachine(work, plan);
  if (state === 'applying') await work.store.note(work.board.id, changeId, { kind: 'opened', planId: plan.id, owner: work.owner, direction: 'apply' });
  return proceed(work, changeId);
}

async function mustBeUnmoved(work: ChangeWork, plan: Plan): Promise<void> {
  if (plan.boardId !== work.board.id) throw otherMachine(work, plan);
  const { machineId, states } = await overBadLink(work, () => readTargets({ ...work, actions: plan.steps.map(({ action }) => action) }));
  if (machineId !== plan.machineId) throw otherMachine(work, plan);
  if (stateSha256(plan.boardId, plan.machineId, plan.steps.map(({ before }) => before)) !== plan.stateSha256) {
    throw new CodedError('plan-refused', 'The file of this plan was changed after it was made.', { board: work.board.name, state: 'Nothing was changed.', next: 'Make a new plan.' });
  }
  const moved = plan.steps.filter(({ action, before }, index) => action.kind !== 'restart' && canonical(before) !== canonical(states[index]));
  if (moved.length === 0) return;
  throw new CodedError('board-moved', `${work.board.name} has changed since the plan was made: ${moved.map(({ title }) => title).join('; ')}.`, {
    board: work.board.name, state: 'Nothing was changed.', next: 'Make a new plan: it will be computed from what the board is now.', details: { steps: moved.map(({ number }) => number) },
  });
}

async function proceed(work: ChangeWork, changeId: string): Promise<Change> {
  const { board, store } = work;
  try {
    await runSteps(work, changeId);
    await finish(work, changeId);
    return await store.change(board.id, changeId);
  } catch (thrown) {
    const error = CodedError.from(thrown);
    if (!await failedOnBoard(work, changeId, error)) throw interrupted(work, error);
    const reverted = await rollBack(work, changeId, error);
    throw new CodedError(error.code, error.message, { ...error.extras, board: board.name, state: reverted.words }, { cause: error });
  }
}

/**
 * Whether the board itself could not do what was asked: then everything is put back. What keeps us from the board, or this
 * computer from its work, leaves the change as far as it is; so does another's measurement, unless nothing was done yet.
 */
async function failedOnBoard({ board, store }: ChangeWork, changeId: string, { code }: CodedError): Promise<boolean> {
  if (code === 'board-busy') return !(await store.change(board.id, changeId)).steps.some(({ state }) => state === 'done');
  return ofTheBoard.has(code);
}

function interrupted({ board }: ChangeWork, error: CodedError): CodedError {
  return new CodedError(error.code, error.message, {
    ...error.extras, board: board.name, state: error.extras.state ?? 'The change is not finished. Its journal holds every step done.', next: error.extras.next ?? 'Resume it, or roll it back.',
  }, { cause: error });
}

async function runSteps(work: ChangeWork, changeId: string): Promise<void> {
  const { board, store, tell, signal } = work;
  const change = await store.change(board.id, changeId);
  const { steps } = change.plan;
  for (const [index, step] of steps.entries()) {
    const record = change.steps.find(({ number }) => number === step.number);
    if (record?.state === 'done') continue;
    signal.throwIfAborted();
    tell({ kind: 'progress', message: `Step ${step.number} of ${steps.length}: ${step.title}`, fraction: index / steps.length });
    if (step.action.kind === 'restart') {
      await restart(work, change, step);
      continue;
    }
    const before = record?.before ?? step.before;
    const now = record?.state === 'began' ? await stateOf(work, step) : null;
    if (now !== null && isDone(step.action, now)) {
      await store.note(board.id, changeId, { kind: 'step-done', step: step.number, after: now });
      continue;
    }
    await store.note(board.id, changeId, { kind: 'step-began', step: step.number, before });
    try {
      const after = await performStep(work, { changeId, number: step.number, action: step.action, expected: touchedBefore(steps, index) ? null : before });
      await store.note(board.id, changeId, { kind: 'step-done', step: step.number, after });
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (error.code === 'step-without-effect' && mayStay(change, step)) {
        await store.note(board.id, changeId, { kind: 'step-done', step: step.number, after: await stateOf(work, step) });
        continue;
      }
      if (!isLinkFailure(error) && error.code !== 'cancelled') await store.note(board.id, changeId, { kind: 'step-failed', step: step.number, error: error.toData() });
      throw error;
    }
  }
}

/** A live value that the kernel no longer takes back does not hold up an undoing: the next start gives what the files say. */
const mayStay = ({ plan }: Change, { action }: PlannedStep) => plan.purpose.kind === 'undo' && action.kind === 'value';

async function stateOf(work: ChangeWork, step: PlannedStep): Promise<TargetState> {
  const { states: [state] } = await overBadLink(work, () => readTargets({ ...work, actions: [step.action] }));
  return state ?? step.before;
}

/** Whether an earlier step may have changed this one's target itself: then what the plan saw is not what must be there. */
function touchedBefore(steps: readonly PlannedStep[], index: number): boolean {
  const target = targetOf(steps[index]?.action ?? { kind: 'generate', generator: 'update-grub' });
  return steps.slice(0, index).some(({ action }) => action.kind === 'packages' || action.kind === 'unit' || targetOf(action) === target);
}

async function restart(work: ChangeWork, change: Change, step: PlannedStep): Promise<void> {
  const { board, store, tell } = work;
  if (step.action.kind !== 'restart') return;
  const { expects } = step.action;
  const now = change.state === 'restarting' ? null : await overBadLink(work, () => readTargets({ session: work.session, actions: [], signal: work.signal }));
  let bootId = change.steps.find(({ number }) => number === step.number)?.before;
  if (now !== null) {
    await overBadLink(work, () => mustBeFree(work));
    bootId = { kind: 'restart', bootId: now.bootId };
    await store.note(board.id, change.id, { kind: 'step-began', step: step.number, before: bootId });
    await store.note(board.id, change.id, { kind: 'restart-asked', step: step.number, bootId: now.bootId });
    await askToRestart(work, now.bootId);
  }
  const old = bootId?.kind === 'restart' ? bootId.bootId : '';
  const moment = await awaitRestart(work, old);
  const words = moment.commandLine.split(/\s+/);
  const asExpected = expects.words.every((word) => words.includes(word)) && (expects.kernelRelease === null || expects.kernelRelease === moment.kernelRelease);
  const { commandLine, kernelRelease } = moment;
  await store.note(board.id, change.id, { kind: 'restarted', step: step.number, bootId: moment.bootId, commandLine, kernelRelease, asExpected });
  if (!asExpected) {
    const missing = expects.words.filter((word) => !words.includes(word)).join(' ');
    throw new CodedError('try-fell-back', `${board.name} came back, but not with what was tried${missing === '' ? '' : ` (${missing} is not on its command line)`}: the kernel did not get up with it, or the boot loader did not take it.`, {
      board: board.name, next: 'The default is in force as before. Look at the console’s last words if you have them; leave out what is new and try again.', details: { commandLine, kernelRelease },
    });
  }
  if (change.plan.purpose.kind === 'try-kernel') {
    await overBadLink(work, () => work.session.exec(stayScript, { root: 'required', reason: 'to keep the board running with what is tried', timeoutMs: 30_000, signal: work.signal }));
  }
  await awaitServices(work);
  tell({ kind: 'progress', message: `${board.name} is back, as expected.`, fraction: null });
}

async function finish(work: ChangeWork, changeId: string): Promise<void> {
  const { board, store } = work;
  await letGo(work, changeId);
  const { plan, steps } = await store.change(board.id, changeId);
  const stayed = plan.steps.filter(({ number, action }) => {
    const after = steps.find((step) => step.number === number)?.after ?? null;
    return action.kind === 'value' && after !== null && !isDone(action, after);
  });
  const words = [wordsOf(plan), ...(stayed.length === 0 ? [] : [`The kernel that runs keeps until its next start: ${stayed.map(({ title }) => title).join('; ')}.`])].join(' ');
  await store.note(board.id, changeId, { kind: 'closed', state: 'done', words });
  const undone = plan.purpose.kind === 'undo' ? plan.purpose.changeId : plan.purpose.kind === 'promote-kernel' ? plan.purpose.tried : null;
  if (undone !== null) await store.note(board.id, undone, { kind: 'undone-by', changeId });
}

function wordsOf(plan: Plan): string {
  if (plan.purpose.kind === 'try-kernel') return 'The board runs with what was tried. The default is untouched: promote it to stay, or restart to be as before.';
  return plan.restart === 'needed' ? 'Written. It takes effect with the next start of the board.' : 'Done, read back and in effect.';
}
