import { CodedError } from '../../../shared/contract/errors.ts';
import { workloadProfiles } from '../../../shared/planning/workloads/workload-profiles.ts';
import type { CoreParts } from '../create-core.ts';
import { ownerName } from '../owner-name.ts';
import { readWorkload } from '../workloads/read-workload.ts';
import { startWorkload } from '../workloads/start-workload.ts';
import { stopWorkload } from '../workloads/stop-workload.ts';
import type { HandlerGroup } from './handler-group.ts';

export function workloadHandlers({ project, jobs }: CoreParts): HandlerGroup<'workloads'> {
  const boardOf = async (boardId: string) => {
    const { store, sessions } = project.context;
    return { name: (await store.board(boardId)).name, session: await sessions.get(boardId) };
  };
  const mustBeIdle = (boardId: string, name: string): void => {
    if (jobs.running('workload', boardId)) throw new CodedError('board-busy', `A load is just being started or stopped on ${name}.`, { board: name, state: 'Nothing was done.', next: 'Wait a moment, then try again.' });
  };
  return {
    'workloads.start': async ({ boardId, workload: kind, seconds }) => {
      const { name, session } = await boardOf(boardId);
      mustBeIdle(boardId, name);
      const job = jobs.start({ kind: 'workload', title: `Start the load “${workloadProfiles[kind].title}” on ${name}`, boardId, runId: null },
        async ({ signal }) => startWorkload({ session, boardName: name, kind, seconds, owner: ownerName(), signal }));
      return { jobId: job.id };
    },
    'workloads.stop': async ({ boardId }) => {
      const { name, session } = await boardOf(boardId);
      mustBeIdle(boardId, name);
      const job = jobs.start({ kind: 'workload', title: `Stop the load on ${name}`, boardId, runId: null },
        async ({ signal }) => ({ stopped: await stopWorkload(session, name, signal) }));
      return { jobId: job.id };
    },
    'workloads.read': async ({ boardId }) => readWorkload((await boardOf(boardId)).session),
  };
}
