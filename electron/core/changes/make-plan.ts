import { createHash } from 'node:crypto';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { Plan, PlannedStep, Proposal, TargetState } from '../../../shared/model/plan.ts';
import { isDone } from '../../../shared/planning/change/is-done.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { canonical } from './change-journal.ts';
import { readTargets } from './read-targets.ts';
import type { RedfishAccess } from './redfish-access.ts';

interface MakePlan {
  readonly session: BoardSession;
  readonly board: Board;
  readonly id: string;
  readonly snapshotId: string | null;
  readonly proposal: Proposal;
  readonly redfish?: RedfishAccess | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a plan of a proposal: reads from the board what every step's target is now, leaves out what is so already, and
 * binds the rest to that state. A plan without steps means that nothing is to be done.
 * Errors: `plan-refused` when a target cannot be changed safely, and what reading rejects with.
 */
export async function makePlan({ session, board, id, snapshotId, proposal, redfish, signal }: MakePlan): Promise<Plan> {
  const { machineId, states } = await readTargets({ session, actions: proposal.steps.map(({ action }) => action), redfish, signal });
  const all = proposal.steps.map((step, index): PlannedStep => ({ ...step, number: index + 1, before: states[index] ?? { kind: 'generate' } }));
  for (const { action, before } of all) {
    if (action.kind === 'file' && before.kind === 'file' && (before.is === 'link' || before.is === 'other')) {
      throw new CodedError('plan-refused', `${action.path} on ${board.name} is ${before.is === 'link' ? 'a link to another file' : 'no ordinary file'}: writing it could change something else.`, {
        board: board.name, state: 'Nothing was changed.', next: 'Look at it on the board and put an ordinary file there, or change the setting by hand.',
      });
    }
  }
  const steps = needed(all).map((step, index) => ({ ...step, number: index + 1 }));
  return {
    schema: 1, id, boardId: board.id, boardName: board.name, machineId, createdAt: stampOf(new Date()), snapshotId, title: proposal.title, purpose: proposal.purpose,
    steps, restart: proposal.restart, notes: [...proposal.notes, ...proposal.refused.map(({ setting, why, next }) => `Not in this plan: ${setting}. ${why} ${next}`)],
    stateSha256: stateSha256(board.id, machineId, steps.map(({ before }) => before)),
  };
}

/** Steps whose target is not so already. What only follows from others (a generator, a restart) stays only with one of them. */
function needed(steps: readonly PlannedStep[]): PlannedStep[] {
  const acting = steps.filter(({ action, before }) => !isDone(action, before) && action.kind !== 'generate');
  if (acting.length === 0) return [];
  return steps.filter((step) => step.action.kind === 'generate' || acting.includes(step));
}

/** SHA-256 over whose plan it is and what its targets were. */
export function stateSha256(boardId: string, machineId: string, states: readonly TargetState[]): string {
  return createHash('sha256').update(canonical({ boardId, machineId, states })).digest('hex');
}
