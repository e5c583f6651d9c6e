import { userInfo } from 'node:os';
import { boardSuggestionSchema } from '../../../shared/contract/methods.ts';
import type { BoardSuggestion } from '../../../shared/contract/methods.ts';
import { browseMdns, mdnsSuggestion } from './mdns.ts';
import { findNeighbours, neighbourSuggestions } from './neighbours.ts';

export interface DiscoverOptions {
  /** How long to listen, in milliseconds. Default: 5 s. */
  readonly timeMs?: number;
  readonly signal?: AbortSignal;
  /** Called with every new suggestion as it is found. */
  onFound?(suggestion: BoardSuggestion): void;
}

/**
 * Looks for machines on the direct cable and the local network: DNS-SD announcements and IPv6 link-local neighbours,
 * each address once. Reads and listens only; never fails: what a laptop does not allow finds nothing.
 */
export const discoverBoards = async ({ timeMs = 5000, signal, onFound }: DiscoverOptions = {}): Promise<BoardSuggestion[]> => {
  const found = new Map<string, BoardSuggestion>();
  const { username } = userInfo();
  const add = (suggestion: BoardSuggestion): void => {
    // What comes from the network is checked before it is believed.
    const checked = boardSuggestionSchema.safeParse(suggestion);
    if (!checked.success) return;
    const key = `${checked.data.target.address} ${String(checked.data.target.port)}`;
    if (found.has(key) && found.get(key)?.notes.length === 0) return;
    found.set(key, checked.data);
    onFound?.(checked.data);
  };
  await Promise.all([
    browseMdns(timeMs, (service) => { add(mdnsSuggestion(service, username)); }, signal),
    findNeighbours().then((neighbours) => { for (const suggestion of neighbourSuggestions(neighbours, username)) add(suggestion); }),
  ]);
  return [...found.values()];
};
