import type { Board } from '../../../shared/model/board.ts';
import type { RunLoad } from '../../../shared/model/run.ts';
import type { Workload } from '../../../shared/model/vm.ts';
import type { ProjectContext } from '../open-project.ts';
import { readWorkload } from './read-workload.ts';

type Where = Pick<ProjectContext, 'store' | 'sessions'>;

/** The machine a board is or runs on: a guest is reached through its host. */
function machineOf({ role, reach }: Board): string {
  if (reach.kind === 'practice') return `practice ${reach.machine}`;
  const host = (role === 'guest' ? reach.jumps.at(-1) : undefined) ?? reach.target;
  return `${host.address} ${host.port}`;
}

/**
 * Loads at work on the machine of a board: on itself, its host, and VMs beside it that are boards of this project and
 * connected. Nobody is connected to for this, and a board that does not answer is left out.
 */
export async function loadsAround(where: Where, board: Board): Promise<RunLoad[]> {
  const beside = (await where.store.boards()).filter((other) => other.id === board.id || (machineOf(other) === machineOf(board) && where.sessions.connection(other.id).state === 'connected'));
  const found = await Promise.all(beside.map(async ({ id, name }): Promise<RunLoad[]> => {
    const workload = await read(where, id);
    return workload?.running ? [{ boardId: id, boardName: name, kind: workload.kind, command: workload.command, startedAt: workload.startedAt, busyAtStart: workload.busyCpus, atEnd: null }] : [];
  }));
  return found.flat();
}

/** The same loads when the run has ended: whether each was still at work, and how much. */
export async function loadsAtEnd(where: Where, loads: readonly RunLoad[]): Promise<RunLoad[]> {
  return Promise.all(loads.map(async (load) => {
    const now = await read(where, load.boardId);
    if (now === undefined) return load;
    const same = now !== null && now.startedAt === load.startedAt;
    return { ...load, atEnd: { running: same && now.running, busyCpus: same ? now.busyCpus : null } };
  }));
}

/** undefined: the board did not tell. */
async function read({ sessions }: Where, boardId: string): Promise<Workload | null | undefined> {
  try {
    return await readWorkload(await sessions.get(boardId));
  } catch {
    return undefined;
  }
}
