import type { Duplex } from 'node:stream';
import type { Client, TcpConnectionDetails } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Peer } from './connect-errors.ts';

/** A port of the board's own loopback whose connections come here, over the SSH connection. */
export interface ReverseForward {
  /** The port on 127.0.0.1 of the board. */
  readonly port: number;
  /** Gives the port back and ends what is open. Never rejects: a link that is gone has given it back itself. */
  close(): Promise<void>;
}

/**
 * Asks the board's SSH server for a port on its loopback (RFC 4254 §7.1); it chooses a free one. Nothing listens on this
 * computer. Errors: `forwarding-refused` when the server does not allow it; what `signal` was aborted with.
 */
export const openReverseForward = async (client: Client, peer: Peer, onConnection: (stream: Duplex) => void, signal: AbortSignal): Promise<ReverseForward> => {
  const open = new Set<Duplex>();
  signal.throwIfAborted();
  const port = await askForPort(client, peer);
  const accept = (details: TcpConnectionDetails, take: () => Duplex, reject: () => void): void => {
    if (details.destPort !== port) return;
    if (signal.aborted) { reject(); return; }
    const stream = take();
    open.add(stream);
    stream.once('close', () => { open.delete(stream); });
    // A connection that breaks ends nothing but itself.
    stream.on('error', () => { stream.destroy(); });
    onConnection(stream);
  };
  client.on('tcp connection', accept);
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    client.off('tcp connection', accept);
    signal.removeEventListener('abort', onAbort);
    for (const stream of open) stream.destroy();
    await giveBack(client, port);
  };
  const onAbort = (): void => { closed ??= close(); };
  signal.addEventListener('abort', onAbort, { once: true });
  return { port, close: () => (closed ??= close()) };
};

const askForPort = (client: Client, peer: Peer): Promise<number> => new Promise((resolve, reject) => {
  const refused = (cause: unknown): CodedError => new CodedError('forwarding-refused', `${peer.board}: its SSH server gives no port through which the board could use this computer’s connection.`, {
    board: peer.board, next: 'Set "AllowTcpForwarding yes" (or "remote") in sshd_config of the board and reload its SSH server, or install from a folder of packages.',
  }, { cause });
  try {
    client.forwardIn('127.0.0.1', 0, (error, port) => {
      if (error === undefined) resolve(port);
      else reject(refused(error));
    });
  } catch (error) {
    reject(refused(error));
  }
});

const giveBack = (client: Client, port: number): Promise<void> => new Promise((resolve) => {
  const settled = (): void => { client.off('close', settled); resolve(); };
  client.once('close', settled);
  try {
    client.unforwardIn('127.0.0.1', port, settled);
  } catch {
    settled();
  }
});
