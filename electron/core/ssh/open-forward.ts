import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { forwardError, unreachable } from './connect-errors.ts';
import type { Peer } from './connect-errors.ts';

interface ForwardOptions { readonly connectMs: number; readonly signal: AbortSignal; aborted(): Error }

/**
 * A connection from one server on to another machine (RFC 4254 §7.2). Errors: `jump-forwarding-refused` where the server
 * does not pass connections on, `connection-refused`, `connection-timeout`, `host-not-found`; `aborted()` when `signal` ends it.
 */
export const openForward = (via: Client, from: Peer, to: Peer, { connectMs, signal, aborted }: ForwardOptions): Promise<Duplex> => new Promise((resolve, reject) => {
  const timer = setTimeout(() => { finish(); reject(unreachable(to)); }, connectMs);
  const onAbort = (): void => { finish(); reject(aborted()); };
  const finish = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) { onAbort(); return; }
  via.forwardOut('127.0.0.1', 0, to.address, to.port, (error, channel) => {
    finish();
    if (error === undefined || error === null) {
      // Whoever waited has gone meanwhile: nobody would ever close it.
      if (signal.aborted) channel.destroy();
      else resolve(channel);
    } else reject(forwardError('reason' in error ? error.reason : undefined, error.message.replace(/^\(SSH\) Channel open failure: /, ''), from, to));
  });
});
