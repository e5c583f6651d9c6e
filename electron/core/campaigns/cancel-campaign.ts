import { CodedError } from '../../../shared/contract/errors.ts';
import type { Campaign } from '../../../shared/model/campaign.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import type { ProjectContext } from '../open-project.ts';
import { cancelQueue } from './board-queue.ts';

interface CancelCampaign { readonly context: ProjectContext; readonly campaign: Campaign; readonly signal: AbortSignal; tell(message: string): void }

/**
 * Ends a campaign on every board that may still be at it, all at once: runs keep what they measured, loads go. Whoever follows it
 * brings the ends home. Errors: that of a board that was not reached, when the others have been told.
 */
export async function cancelCampaign({ context, campaign, signal, tell }: CancelCampaign): Promise<{ stopped: string[] }> {
  const { store, sessions, campaigns } = context;
  await campaigns.update(campaign.id, (known) => ({ ...known, cancelledAt: known.cancelledAt ?? stampOf(new Date()) }));
  const left = campaign.layings.flatMap(({ id, queues }) => queues.filter(({ state }) => state === 'laid' || state === 'running').map((queue) => ({ id, queue })));
  const stopped: string[] = [];
  const told = await Promise.allSettled(left.map(async ({ id, queue: { boardId, boardName, asRoot } }) => {
    await store.board(boardId);
    tell(`Ending it on ${boardName}.`);
    await cancelQueue({ session: await sessions.get(boardId), boardName, signal }, id, asRoot);
    stopped.push(boardName);
  }));
  const failures = told.flatMap((one, at) => (one.status === 'rejected' ? [{ boardName: left[at]?.queue.boardName ?? '', error: CodedError.from(one.reason) }] : []));
  const [first] = failures;
  if (first !== undefined) {
    throw new CodedError(first.error.code, `The campaign could not be ended on ${failures.map(({ boardName }) => boardName).join(', ')}: ${first.error.message}`, {
      state: stopped.length === 0 ? 'It goes on there.' : `It is ended on ${stopped.join(', ')} and goes on where it could not be.`, next: 'Cancel it once more when the board is reached.',
    }, { cause: first.error });
  }
  return { stopped };
}
