import { createHash } from 'node:crypto';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Change } from '../../../shared/model/change.ts';
import type { Job } from '../../../shared/model/job.ts';
import { exportAnsible } from '../../../shared/planning/export/export-ansible.ts';
import { exportShell } from '../../../shared/planning/export/export-shell.ts';
import { applyPlan, resumeChange } from '../changes/apply-change.ts';
import { usualPatience, type ChangeWork } from '../changes/change-work.ts';
import { makePlan } from '../changes/make-plan.ts';
import { proposalFor } from '../changes/proposal-for.ts';
import { readTargets } from '../changes/read-targets.ts';
import { askToRestart, awaitRestart, awaitServices, mustBeFree } from '../changes/restart-board.ts';
import { rollBack } from '../changes/roll-back.ts';
import { readAndStore } from '../probe/read-and-store.ts';
import type { CoreParts } from '../create-core.ts';
import { redfishAccessOf } from '../firmware/bmc-access.ts';
import type { JobContext } from '../jobs/job-registry.ts';
import { ownerName } from '../owner-name.ts';
import type { HandlerGroup } from './handler-group.ts';

export function changeHandlers({ project, bus, jobs, questions }: CoreParts): HandlerGroup<'plans'> & HandlerGroup<'changes'> {
  const workOn = async (boardId: string, mayEnd: readonly string[], { tell, signal }: Pick<JobContext, 'tell' | 'signal'>): Promise<ChangeWork> => {
    const { store, sessions, changes } = project.context;
    return {
      session: await sessions.get(boardId), store: changes, board: await store.board(boardId), owner: ownerName(), mayEnd,
      redfish: await redfishAccessOf({ store, asker: questions }, boardId, signal),
      patience: usualPatience, tell, signal,
    };
  };
  /** What is in effect is told by a new reading; a change is done without it all the same. */
  const readAgain = async (boardId: string): Promise<void> => {
    const { store, sessions } = project.context;
    await readAndStore({ session: await sessions.get(boardId), store, boardId, root: 'if-possible' }).catch(() => undefined);
  };
  /** One change at a time on a board, of ours; the board's own lock keeps others out. */
  const start = async (boardId: string, title: string, mayEnd: readonly string[], work: (work: ChangeWork) => Promise<Change>): Promise<Job> => {
    const { name } = await project.context.store.board(boardId);
    const busy = jobs.running('change', boardId) ?? jobs.running('restart', boardId);
    if (busy) throw new CodedError('board-busy', `${name} is being changed already: ${busy.title}.`, { board: name, state: 'Nothing was begun.', next: 'Wait until that has ended.' });
    return jobs.start({ kind: 'change', title: `${title} on ${name}`, boardId, runId: null }, async (context) => {
      try {
        const change = await work(await workOn(boardId, mayEnd, context));
        context.tell({ kind: 'progress', message: 'Reading the board, to see what is in effect.', fraction: 1 });
        await readAgain(boardId);
        return { changeId: change.id, state: change.state, words: change.words };
      } catch (thrown) {
        // Back on the default, it is another start of the board that is to be seen.
        if (CodedError.from(thrown).code === 'try-fell-back') await readAgain(boardId);
        throw thrown;
      } finally {
        bus.emit('changes-changed', { boardId });
        bus.emit('boards-changed', {});
      }
    });
  };

  return {
    'plans.propose': async ({ boardId, want }) => {
      const { store, sessions, changes } = project.context;
      const board = await store.board(boardId);
      const session = await sessions.get(boardId);
      // A plan is computed from what the board is now: a file that changed since the last reading would be overwritten.
      if (want.kind !== 'undo' && want.kind !== 'module') await readAndStore({ session, store, boardId, root: 'required' });
      const id = await changes.newId(boardId);
      const redfish = await redfishAccessOf({ store, asker: questions }, boardId);
      const { proposal, snapshotId } = await proposalFor({ id, board, session, store, changes, want, asker: questions, redfish });
      const plan = await makePlan({ session, board, id, snapshotId, proposal, redfish });
      if (plan.steps.length === 0) return { plan: null, refused: [...proposal.refused], notes: [...proposal.notes] };
      await changes.savePlan(plan);
      bus.emit('changes-changed', { boardId });
      return { plan, refused: [...proposal.refused], notes: [...proposal.notes] };
    },
    'plans.list': ({ boardId }) => project.context.changes.plans(boardId),
    'plans.get': ({ boardId, planId }) => project.context.changes.plan(boardId, planId),
    'plans.remove': async ({ boardId, planId }) => {
      await project.context.changes.removePlan(boardId, planId);
      bus.emit('changes-changed', { boardId });
      return {};
    },
    'plans.export': async ({ boardId, planId, format }) => {
      const { changes } = project.context;
      const plan = await changes.plan(boardId, planId).catch(async () => (await changes.change(boardId, planId)).plan);
      const { text, leftOut } = (format === 'shell' ? exportShell : exportAnsible)(plan, (bytes) => createHash('sha256').update(bytes).digest('hex'));
      return { text, leftOut: [...leftOut] };
    },
    'changes.apply': async ({ boardId, planId, mayEnd }) => {
      const plan = await project.context.changes.plan(boardId, planId);
      return { jobId: (await start(boardId, plan.title, mayEnd, (work) => applyPlan(work, plan))).id };
    },
    'changes.resume': async ({ boardId, changeId, direction, mayEnd }) => {
      const { plan } = await project.context.changes.change(boardId, changeId);
      const job = await start(boardId, direction === 'apply' ? `Resume: ${plan.title}` : `Roll back: ${plan.title}`, mayEnd,
        (work) => (direction === 'apply' ? resumeChange(work, changeId) : rollBack(work, changeId, null)));
      return { jobId: job.id };
    },
    'changes.list': ({ boardId }) => project.context.changes.changes(boardId),
    'changes.get': ({ boardId, changeId }) => project.context.changes.change(boardId, changeId),
    'changes.restart': async ({ boardId, mayEnd }) => {
      const { name } = await project.context.store.board(boardId);
      const job = jobs.start({ kind: 'restart', title: `Restart ${name}`, boardId, runId: null }, async (context) => {
        const work = await workOn(boardId, mayEnd, context);
        await mustBeFree(work);
        const { bootId } = await readTargets({ session: work.session, actions: [], signal: context.signal });
        await askToRestart(work, bootId);
        const moment = await awaitRestart(work, bootId);
        await awaitServices(work);
        bus.emit('boards-changed', {});
        return { bootId: moment.bootId, commandLine: moment.commandLine, kernelRelease: moment.kernelRelease };
      });
      return { jobId: job.id };
    },
  };
}
