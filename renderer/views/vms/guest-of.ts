import type { Board } from '../../../shared/model/board.ts';
import type { Vm } from '../../../shared/model/vm.ts';

/** The board that is the system in a VM: a guest at one of its addresses. */
export const guestOf = (boards: readonly Board[], { addresses }: Pick<Vm, 'addresses'>): Board | undefined =>
  boards.find(({ role, reach }) => role === 'guest' && reach.kind === 'ssh' && addresses.includes(reach.target.address));
