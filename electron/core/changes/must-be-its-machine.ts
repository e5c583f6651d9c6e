import { CodedError } from '../../../shared/contract/errors.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { ChangeWork } from './change-work.ts';
import { overBadLink } from './over-bad-link.ts';
import { readTargets } from './read-targets.ts';

type Work = Pick<ChangeWork, 'session' | 'board' | 'signal'>;

/** What is done with a plan, or put back of it, is done to the machine it was made for. Error: `plan-for-other-board`. */
export async function mustBeItsMachine(work: Work, plan: Plan): Promise<void> {
  const { machineId } = await overBadLink(work, () => readTargets({ session: work.session, actions: [], signal: work.signal }));
  if (machineId !== plan.machineId) throw otherMachine(work, plan);
}

export const otherMachine = ({ board }: Pick<Work, 'board'>, plan: Plan): CodedError => new CodedError('plan-for-other-board', `This plan was made for ${plan.boardName}; what answers as ${board.name} is another machine.`, {
  board: board.name, state: 'Nothing was changed.', next: 'Check the address. A plan is applied to the machine it was made for; make a new one for this machine.',
});
