import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { Workload } from '../../../shared/model/vm.ts';
import { workloadProfiles } from '../../../shared/planning/workloads/workload-profiles.ts';
import type { FakeState } from './state.ts';

/** One load a board, which works from the moment it is started. */
export function workloadHandlers(state: FakeState): Pick<Handlers, Extract<keyof Handlers, `workloads.${string}`>> {
  const loads = new Map<string, Workload>();
  const job = (boardId: string, title: string, result: Record<string, string | null>) => {
    const jobId = state.newJob('workload', title, boardId, null);
    setTimeout(() => { state.tell(jobId, { kind: 'done', result }); }, 100);
    return { jobId };
  };
  return {
    'workloads.start': async ({ boardId, workload: kind, seconds }) => {
      loads.set(state.boardOf(boardId).board.id, { kind, seconds, startedAt: new Date().toISOString(), owner: 'ana@laptop', command: workloadProfiles[kind].shown, running: true, busyCpus: 3.94, ending: null, said: 'dispatching hogs: 4 cpu' });
      return job(boardId, `Start the load “${workloadProfiles[kind].title}”`, { kind });
    },
    'workloads.stop': async ({ boardId }) => {
      const stopped = loads.get(boardId)?.kind ?? null;
      loads.delete(boardId);
      return job(boardId, 'Stop the load', { stopped });
    },
    'workloads.read': async ({ boardId }) => loads.get(state.boardOf(boardId).board.id) ?? null,
  };
}
