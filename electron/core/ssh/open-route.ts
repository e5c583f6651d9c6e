import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Hop } from '../../../shared/model/board.ts';
import { connectError, unreachable } from './connect-errors.ts';
import type { Peer } from './connect-errors.ts';
import { openForward } from './open-forward.ts';
import { cancelled, openHop } from './open-hop.ts';
import type { HopContext } from './open-hop.ts';

/** An open way to a board: the client of the board itself, and the one TCP connection everything travels on. */
export interface Route {
  readonly client: Client;
  readonly socket: Socket;
  readonly target: Peer;
  /** Takes leave of every server. */
  close(): void;
  /** Lets go of a link that is dead: nothing more is written. */
  destroy(): void;
}

/** Opens every hop in turn, nearest first; each has its own host key decision and log-in. */
export const openRoute = async (board: string, hops: readonly Hop[], context: HopContext): Promise<Route> => {
  const clients: Client[] = [];
  const peers = hops.map((hop, index): Peer => ({ board, address: hop.address, port: hop.port, user: hop.user, hop: index, hops: hops.length }));
  let socket: Socket | undefined;
  const close = (): void => {
    for (const client of clients.toReversed()) client.end();
    socket?.destroySoon();
  };
  const destroy = (): void => { socket?.destroy(); };
  try {
    for (const [index, hop] of hops.entries()) {
      const peer = peers[index];
      if (peer === undefined) break;
      const before = clients.at(-1);
      const beforePeer = peers[index - 1];
      let transport: Duplex;
      if (before === undefined || beforePeer === undefined) {
        socket = await openSocket(peer, context);
        transport = socket;
      } else {
        transport = await openForward(before, beforePeer, peer, { connectMs: context.timings.connectMs, signal: context.signal, aborted: () => cancelled(peer) });
      }
      clients.push(await openHop(hop, peer, transport, context));
    }
    const client = clients.at(-1);
    const target = peers.at(-1);
    if (client === undefined || socket === undefined || target === undefined) throw new RangeError('a route has at least one hop');
    return { client, socket, target, close, destroy };
  } catch (error) {
    close();
    throw error;
  }
};

/** Node tries every address of a name in turn (happy eyeballs) and takes scoped ones (`fe80::1%eth0`). */
const openSocket = (peer: Peer, { timings, signal }: HopContext): Promise<Socket> => new Promise((resolve, reject) => {
  const socket = connect({ host: peer.address, port: peer.port, autoSelectFamily: true, noDelay: true, keepAlive: true });
  const finish = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    socket.removeAllListeners('error');
  };
  const giveUp = (error: Error): void => {
    finish();
    socket.on('error', () => undefined);
    socket.destroy();
    reject(error);
  };
  const onAbort = (): void => { giveUp(cancelled(peer)); };
  const timer = setTimeout(() => { giveUp(unreachable(peer)); }, timings.connectMs);
  signal.addEventListener('abort', onAbort, { once: true });
  socket.once('error', (error) => { giveUp(connectError(error, peer)); });
  socket.once('connect', () => {
    finish();
    resolve(socket);
  });
  if (signal.aborted) onAbort();
});
