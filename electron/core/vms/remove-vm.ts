import { inOneLine } from '../owner-name.ts';
import { askBoard, type BoardAsking } from './ask-board.ts';
import { removeScript } from './vm-make-scripts.ts';
import { vmRefusal } from './vm-refusals.ts';

export interface RemovedVm {
  /** Files, and the domain, that are gone. */
  readonly removed: readonly string[];
  /** Images that stay: other VMs are built on them. */
  readonly kept: readonly string[];
}

/**
 * Removes a VM that was made from here, switched off if it runs: its definition and exactly the files its record on the board
 * names. Errors: `vm-refused` for one that was made otherwise, `vm-unknown`, `libvirt-refused`, `libvirt-unreachable`,
 * `board-busy`, and what the session rejects with.
 */
export async function removeVm({ name, owner, ...asking }: BoardAsking & { readonly name: string; readonly owner: string }): Promise<RemovedVm> {
  const answer = await askBoard(asking, removeScript, [name, inOneLine(owner)]);
  if (answer.word !== 'done') throw vmRefusal(answer, asking.boardName, name);
  return { removed: answer.all('removed'), kept: answer.all('kept') };
}
