import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** A TCP proxy on loopback that plays a bad link on command. */
export interface TcpProxy {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Bytes passed on so far, over all connections. */
  bytes(): { toServer: number; toClient: number };
  connections(): number;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  /** Nothing passes in either direction, nobody is told (a black hole); new connections are accepted and hang. */
  stall(): void;
  /** Ends a stall: what waited passes on. */
  resume(): void;
  /** Every chunk is held back this long, in milliseconds; 0 takes the delay away. */
  delay(ms: number): void;
  /** Resets every open connection. */
  drop(): void;
  /** Resets every connection once so many further bytes have passed, both directions counted. */
  dropAfter(bytes: number): void;
  /** New connections are reset at once, until `accept(true)`. */
  accept(accepting: boolean): void;
  stop(): Promise<void>;
}

export const startTcpProxy = async (targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> => {
  const pairs = new Set<readonly [Socket, Socket]>();
  const waiting: Array<() => void> = [];
  const idleListeners: Array<() => void> = [];
  const counted = { toServer: 0, toClient: 0 };
  let stalled = false;
  let accepting = true;
  let delayMs = 0;
  let bytesLeft = Infinity;

  const drop = (): void => {
    for (const [client, server] of pairs) { client.resetAndDestroy(); server.resetAndDestroy(); }
    pairs.clear();
  };
  const whenFlowing = (action: () => void): void => { if (stalled) waiting.push(action); else action(); };
  const passOn = (chunk: Buffer, to: Socket, direction: 'toServer' | 'toClient'): void => {
    const deliver = (): void => {
      if (to.destroyed) return;
      counted[direction] += chunk.length;
      to.write(chunk);
      bytesLeft -= chunk.length;
      if (bytesLeft <= 0) { bytesLeft = Infinity; drop(); }
    };
    if (delayMs === 0) whenFlowing(deliver);
    else setTimeout(() => { whenFlowing(deliver); }, delayMs);
  };
  const close = (to: Socket): void => { whenFlowing(() => { to.end(); }); };

  const listener = createServer((client) => {
    client.on('error', () => undefined);
    if (!accepting) { client.resetAndDestroy(); return; }
    const server = connect(targetPort, targetHost);
    const pair = [client, server] as const;
    pairs.add(pair);
    server.on('error', () => { client.destroy(); });
    client.on('data', (chunk: Buffer) => { passOn(chunk, server, 'toServer'); });
    server.on('data', (chunk: Buffer) => { passOn(chunk, client, 'toClient'); });
    client.on('end', () => { close(server); });
    server.on('end', () => { close(client); });
    client.on('close', () => {
      pairs.delete(pair);
      if (pairs.size === 0) for (const listener of idleListeners.splice(0)) listener();
    });
  });
  const port = await new Promise<number>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('no port'));
    });
  });
  return {
    host: '127.0.0.1', port,
    bytes: () => ({ ...counted }),
    connections: () => pairs.size,
    idle: () => new Promise((resolve) => { if (pairs.size === 0) resolve(); else idleListeners.push(resolve); }),
    stall: () => { stalled = true; },
    resume: () => { stalled = false; for (const action of waiting.splice(0)) action(); },
    delay: (ms) => { delayMs = ms; },
    drop,
    dropAfter: (bytes) => { bytesLeft = bytes; },
    accept: (value) => { accepting = value; },
    stop: async () => {
      drop();
      await new Promise<void>((resolve) => { listener.close(() => { resolve(); }); });
    },
  };
};
