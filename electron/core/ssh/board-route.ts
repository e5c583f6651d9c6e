import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board, Hop, PinnedHostKey } from '../../../shared/model/board.ts';
import type { PracticePort } from '../boards/practice-port.ts';
import { passwordName } from './authenticate.ts';
import { fingerprint } from './host-keys.ts';
import type { SecretKeeper } from './secret-keeper.ts';

export interface BoardRoute {
  /** Nearest first; the last is the board itself. */
  readonly hops: readonly Hop[];
  readonly pins: readonly PinnedHostKey[];
}

export const sudoPasswordName = (boardId: string): string => `sudo ${boardId}`;

/** The servers on the way to a board. A practice board is started when it is not running; its key and password are known. */
export const boardRoute = async (board: Board, practice: PracticePort | undefined, secrets: SecretKeeper): Promise<BoardRoute> => {
  const { reach } = board;
  if (reach.kind === 'ssh') return { hops: [...reach.jumps, reach.target], pins: board.hostKeys };
  if (practice === undefined) {
    throw new CodedError('board-unknown', `${board.name} is a practice board, and this program was started without one.`, { board: board.name, next: 'Start the practice board first: rtvm-bench practice.' });
  }
  const { port, user, password, hostKey } = await practice.ensure(reach.machine);
  const hop: Hop = { address: '127.0.0.1', port, user, login: { method: 'password' } };
  secrets.keep(passwordName(hop), password);
  secrets.keep(sudoPasswordName(board.id), password);
  const pin = { host: hop.address, port, type: hostKey.type, key: hostKey.key, sha256: fingerprint(hostKey.key), acceptedAt: board.addedAt };
  return { hops: [hop], pins: [pin] };
};
