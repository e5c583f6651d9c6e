import { join } from 'node:path';
import type { Handlers } from '../../../shared/contract/dispatch.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { VmHost } from '../../../shared/model/vm.ts';
import { cloudImages } from '../../../shared/planning/vm/create/cloud-images.ts';
import { previewNewVm } from '../../../shared/planning/vm/create/preview-new-vm.ts';
import type { CoreParts } from '../create-core.ts';
import type { JobContext } from '../jobs/job-registry.ts';
import { ownerName } from '../owner-name.ts';
import { createVm, usualGuestPatience } from '../vms/create-vm.ts';
import { hashPassword } from '../vms/password-hash.ts';
import { removeVm } from '../vms/remove-vm.ts';

/** Readings of a host's VMs, as these handlers need them. */
export interface VmReadings {
  /** The last one; null: none yet. */
  latest(boardId: string): Promise<VmHost | null>;
  /** A new one, kept. */
  readAgain(boardId: string, signal: AbortSignal): Promise<unknown>;
}

type Result = Awaited<ReturnType<Parameters<CoreParts['jobs']['start']>[1]>>;

export function vmCreateHandlers({ project, bus, jobs, paths }: CoreParts, readings: VmReadings): Pick<Handlers, 'vms.images' | 'vms.preview' | 'vms.create' | 'vms.remove'> {
  const atWork = new Map<string, string>();

  /** One VM is made or removed at a time on a board; the board's own lock keeps others out. */
  const start = async (boardId: string, verb: 'Make' | 'Remove', name: string, work: (context: JobContext, boardName: string) => Promise<Result>): Promise<{ jobId: string }> => {
    const { name: boardName } = await project.context.store.board(boardId);
    const other = atWork.get(boardId);
    if (other !== undefined) throw new CodedError('board-busy', `${boardName} is at work already: ${other}.`, { board: boardName, state: 'Nothing was begun.', next: 'Wait until that has ended, or cancel it.' });
    const title = `${verb} ${name} on ${boardName}`;
    atWork.set(boardId, title);
    const { id } = jobs.start({ kind: 'vm', title, boardId, runId: null }, async (context) => {
      try {
        return await work(context, boardName);
      } finally {
        atWork.delete(boardId);
        // Half made, it is in the next reading too. Without one, what was done is done all the same.
        if (!context.signal.aborted) await readings.readAgain(boardId, context.signal).catch(() => undefined);
        bus.emit('vms-changed', { boardId });
      }
    });
    return { jobId: id };
  };

  return {
    'vms.images': async () => [...cloudImages],
    'vms.preview': async ({ boardId, vm }) => {
      const { store } = project.context;
      await store.board(boardId);
      const [host, latest] = [await readings.latest(boardId), await store.latestSnapshot(boardId)];
      return previewNewVm(vm, vm.user.password === null ? null : hashPassword(vm.user.password), { host, snapshot: latest?.snapshot ?? null });
    },
    'vms.create': async ({ boardId, vm: wanted }) => {
      // From here on there is the hash only.
      const passwordHash = wanted.user.password === null ? null : hashPassword(wanted.user.password);
      const vm = { ...wanted, user: { ...wanted.user, password: null } };
      return start(boardId, 'Make', vm.name, async ({ tell, signal }, boardName) => {
        const session = await project.context.sessions.get(boardId);
        const made = await createVm({
          session, boardName, vm, passwordHash, signal, owner: ownerName(), images: cloudImages, cacheDirectory: join(paths.stateDirectory, 'images'), patience: usualGuestPatience,
          tell: (fraction, message) => { tell({ kind: 'progress', message, fraction }); },
        });
        return { ...made };
      });
    },
    'vms.remove': ({ boardId, name }) => start(boardId, 'Remove', name, async ({ tell, signal }, boardName) => {
      tell({ kind: 'progress', message: `Removing ${name}`, fraction: 0 });
      const { removed, kept } = await removeVm({ session: await project.context.sessions.get(boardId), boardName, name, owner: ownerName(), signal });
      return { name, removed: [...removed], kept: [...kept] };
    }),
  };
}
