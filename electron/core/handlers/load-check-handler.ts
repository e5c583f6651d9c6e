import { CodedError } from '../../../shared/contract/errors.ts';
import type { Vm } from '../../../shared/model/vm.ts';
import { pinnedCpu } from '../../../shared/planning/vm/load-check.ts';
import type { CoreParts } from '../create-core.ts';
import { checkLoad } from '../vms/load-check.ts';
import type { HandlerGroup } from './handler-group.ts';

/** `vmOf` gives a VM of a host as it was last read; null: there was none of that name. */
export function loadCheckHandler({ project, jobs }: CoreParts, vmOf: (boardId: string, name: string) => Promise<Vm | null>): Pick<HandlerGroup<'vms'>, 'vms.load-check'> {
  return {
    'vms.load-check': async ({ boardId, name, guestId, vcpu }) => {
      const { store, sessions } = project.context;
      const [board, guestBoard, vm] = await Promise.all([store.board(boardId), store.board(guestId), vmOf(boardId, name)]);
      if (vm?.state !== 'running') throw new CodedError('vm-unknown', `${name} does not run on ${board.name}, by the last reading of its VMs.`, { board: board.name, state: 'Nothing was loaded.', next: 'Start it, or read the VMs of the host again.' });
      const isolated = (await store.latestSnapshot(boardId))?.snapshot.cpus.isolated ?? [];
      const [host, guest] = await Promise.all([sessions.get(boardId), sessions.get(guestId)]);
      const job = jobs.start({ kind: 'vm', title: `Load vCPU ${String(vcpu)} of ${name}`, boardId, runId: null }, async ({ signal, tell }) => checkLoad({
        host, guest, guestName: guestBoard.name, vcpu, expectedCpu: pinnedCpu(vm, vcpu), isolated, signal,
        tell: (message) => { tell({ kind: 'progress', message, fraction: null }); },
      }));
      return { jobId: job.id };
    },
  };
}
