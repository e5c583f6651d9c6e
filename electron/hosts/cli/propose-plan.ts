import type { Client } from '../../../shared/contract/client.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { ChangeWant } from '../../../shared/model/plan.ts';
import { findBoard, type CliContext, type GlobalOptions } from './cli-context.ts';
import { describePlan } from './describe-plan.ts';

/** Has a plan made for what is wanted of a board, and shows it with the command that applies it. */
export async function proposePlan(cli: CliContext, options: GlobalOptions, name: string, want: ChangeWant): Promise<void> {
  await cli.withProject(options, async (client) => { await showPlan(cli, options, client, await findBoard(client, name), want); });
}

/** The same in a project that is open already. */
export async function showPlan(cli: CliContext, options: GlobalOptions, client: Client, board: Board, want: ChangeWant): Promise<void> {
  const proposed = await client.call('plans.propose', { boardId: board.id, want });
  const refused = proposed.refused.map(({ setting, why, next }) => `not in it: ${setting}: ${why} ${next}`);
  cli.print(options, proposed, ({ plan, notes }) => [
    ...(plan ? [describePlan(plan), '', `To do it: rtvm-bench apply ${plan.id} --board ${board.id}`] : ['Nothing is to be done.', ...notes]), ...refused,
  ].join('\n'));
}
