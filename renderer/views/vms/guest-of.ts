import type { Board } from '../../../shared/model/board.ts';
import type { Vm } from '../../../shared/model/vm.ts';

/** The board that is the system in a VM: a guest at one of its addresses, through its host. Many hosts have the same network for VMs. */
export function guestOf(boards: readonly Board[], host: Board | undefined, { addresses }: Pick<Vm, 'addresses'>): Board | undefined {
  if (host?.reach.kind !== 'ssh') return undefined;
  const { address, port } = host.reach.target;
  return boards.find(({ role, reach }) => {
    if (role !== 'guest' || reach.kind !== 'ssh' || !addresses.includes(reach.target.address)) return false;
    const through = reach.jumps.at(-1);
    return through?.address === address && through.port === port;
  });
}
