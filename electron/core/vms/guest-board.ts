import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board, Hop } from '../../../shared/model/board.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import type { Vm } from '../../../shared/model/vm.ts';
import { boardIdFor } from '../boards/board-id.ts';

interface Request {
  readonly host: Board;
  /** As it was last read; null: the host has no such VM. */
  readonly vm: Vm | null;
  readonly name: string;
  readonly user: Hop['user'];
  readonly login: Hop['login'];
  /** All boards of the project. */
  readonly boards: readonly Board[];
}

/**
 * A running VM as a board of its own: reached at its address through its host, and through what leads there.
 * Errors: `practice-only`, `vm-unknown`, `vm-not-answering` (it does not run, or has no address), `bad-usage` when it is a board already, or too far away.
 */
export function guestBoard({ host, vm, name, user, login, boards }: Request): Board {
  const about = { board: host.name, state: 'No board was added.' };
  if (host.reach.kind === 'practice') throw new CodedError('practice-only', `${name} is a pretended VM of a practice board: there is no system in it to log in to.`, { ...about, next: 'Everything up to here can be tried on the practice board; for a guest take a real host, or the emulated board.' });
  if (vm === null) throw new CodedError('vm-unknown', `${host.name} has no VM “${name}”, by the last reading of its VMs.`, { ...about, next: 'Read the VMs of the host again.' });
  if (vm.state !== 'running') throw new CodedError('vm-not-answering', `${name} does not run, so it has no address.`, { ...about, next: 'Start it, and read the VMs of the host again when it is up.' });
  const [address] = vm.addresses;
  if (address === undefined) {
    throw new CodedError('vm-not-answering', `${name} runs, but the host knows no address of it.`, {
      ...about, next: 'A guest that is starting needs a while: read the VMs again. One behind a bridge, or with an address set by hand, is added as a board by that address, with its host as the jump.',
    });
  }
  const { target, jumps } = host.reach;
  const known = boards.find(({ role, reach }) => role === 'guest' && reach.kind === 'ssh' && reach.target.address === address && reach.jumps.at(-1)?.address === target.address && reach.jumps.at(-1)?.port === target.port);
  if (known) throw new CodedError('bad-usage', `${name} is a board already: ${known.name}.`, { ...about, next: 'Open that board; its log-in can be changed there.' });
  if (jumps.length >= 8) throw new CodedError('bad-usage', `${host.name} is reached over ${jumps.length} other machines, and eight is the most there can be.`, { ...about, next: 'Reach the host by a shorter way.' });
  const ids = boards.map(({ id }) => id);
  const isTaken = boards.some((board) => board.name === name);
  return {
    schema: 1, id: boardIdFor(name, ids), name: isTaken ? `${name} on ${host.name}` : name, role: 'guest', notes: '', hostKeys: [], addedAt: stampOf(new Date()),
    reach: { kind: 'ssh', target: { address, port: 22, user, login }, jumps: [...jumps, target] },
  };
}
