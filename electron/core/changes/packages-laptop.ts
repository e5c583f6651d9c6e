import { randomBytes } from 'node:crypto';
import { unexpected } from '../runs/run-answers.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { packageHosts } from './packages-hosts.ts';
import { createPackagesProxy } from './packages-proxy.ts';
import { packagesScript } from './packages-script.ts';

/** A way for a board to its package sources over this computer's connection, for as long as it is open. */
export interface LaptopWay {
  /** Of the proxy, as the board reaches it: on its own loopback, with a password made for this once. */
  readonly address: string;
  /** Places that were asked for and are none of the board's sources. */
  refused(): readonly string[];
  close(): Promise<void>;
}

/** Errors: `forwarding-refused`, `board-command-failed`, and what the session rejects with. */
export async function openLaptopWay(session: BoardSession, signal?: AbortSignal): Promise<LaptopWay> {
  const result = await session.exec(packagesScript, { root: 'if-possible', args: ['hosts'], timeoutMs: 60_000, ...(signal ? { signal } : {}) });
  if (result.exitCode !== 0) throw unexpected(packagesScript, result);
  const token = randomBytes(18).toString('base64url');
  const proxy = createPackagesProxy(packageHosts(result.stdout.toString('utf8')), token);
  const forward = await session.reverseForward((connection) => { proxy.serve(connection); }, signal);
  return {
    address: `http://board:${token}@127.0.0.1:${String(forward.port)}`,
    refused: () => proxy.refused(),
    close: async () => {
      proxy.close();
      await forward.close();
    },
  };
}
