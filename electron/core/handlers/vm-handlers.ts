import { CodedError } from '../../../shared/contract/errors.ts';
import type { Vm, VmHost } from '../../../shared/model/vm.ts';
import { vmHostReport } from '../../../shared/planning/vm/vm-host-report.ts';
import type { CoreParts } from '../create-core.ts';
import type { ProjectStore } from '../project/project-store.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { actOnVm } from '../vms/act-on-vm.ts';
import { guestBoard } from '../vms/guest-board.ts';
import { readVmHost } from '../vms/read-vm-host.ts';
import { lastReadVm, lastVmReading, saveVmReading } from '../vms/vm-store.ts';
import type { HandlerGroup } from './handler-group.ts';

type VmMethod = 'vms.read' | 'vms.get' | 'vms.act' | 'vms.add-guest';

const titles = { start: 'Start', shutdown: 'Shut down', 'force-off': 'Force off', reboot: 'Reboot', 'autostart-on': 'Autostart of', 'autostart-off': 'No autostart of' } as const;

export function vmHandlers({ project, bus, jobs }: CoreParts): Pick<HandlerGroup<'vms'>, VmMethod> {
  const readAndKeep = async (store: ProjectStore, session: BoardSession, boardId: string, signal: AbortSignal): Promise<VmHost> => {
    const host = await readVmHost({ session, signal });
    await saveVmReading(store, boardId, host);
    bus.emit('vms-changed', { boardId });
    return host;
  };
  return {
    'vms.read': async ({ boardId }) => {
      const { store, sessions } = project.context;
      const { name } = await store.board(boardId);
      const session = await sessions.get(boardId);
      const job = jobs.start({ kind: 'vm', title: `Read the VMs of ${name}`, boardId, runId: null }, async ({ tell, signal }) => {
        tell({ kind: 'progress', message: `Reading the VMs of ${name}`, fraction: null });
        const { vms, problem } = await readAndKeep(store, session, boardId, signal);
        return { vms: vms.length, problem: problem?.message ?? null };
      });
      return { jobId: job.id };
    },
    'vms.get': async ({ boardId }) => {
      const { store } = project.context;
      const host = await lastVmReading(store, boardId);
      return host === null ? null : vmHostReport(host, await store.cpuMap(boardId));
    },
    'vms.act': async ({ boardId, name, act }) => {
      const { store, sessions } = project.context;
      const board = await store.board(boardId);
      const session = await sessions.get(boardId);
      const job = jobs.start({ kind: 'vm', title: `${titles[act]} ${name}`, boardId, runId: null }, async ({ tell, signal }) => {
        const vm = await lastReadVm(store, boardId, name) ?? (await readAndKeep(store, session, boardId, signal)).vms.find((one) => one.name === name);
        if (vm === undefined) throw new CodedError('vm-unknown', `${board.name} has no VM “${name}”.`, { board: board.name, state: 'Nothing was changed.', next: 'Read the VMs of the host again: it may have been renamed or removed.' });
        tell({ kind: 'progress', message: `${titles[act]} ${name}`, fraction: null });
        try {
          await actOnVm({ session, boardName: board.name, vm, act, signal });
        } catch (thrown) {
          // Whatever libvirt said no with, the list should show what is so now; that error is the one to tell.
          if (CodedError.from(thrown).code === 'libvirt-refused') await readAndKeep(store, session, boardId, signal).catch(() => undefined);
          throw thrown;
        }
        const after = (await readAndKeep(store, session, boardId, signal)).vms.find((one) => one.name === name);
        return { state: stateWord(after), autostart: after?.autostart ?? null };
      });
      return { jobId: job.id };
    },
    'vms.add-guest': async ({ boardId, name, user, login }) => {
      const { store } = project.context;
      const board = guestBoard({ host: await store.board(boardId), vm: await lastReadVm(store, boardId, name), name, user, login, boards: await store.boards() });
      await store.saveBoard(board);
      bus.emit('boards-changed', {});
      return board;
    },
  };
}

/** A transient VM is gone with its end. */
const stateWord = (vm: Vm | undefined): string => vm?.state ?? 'gone';
