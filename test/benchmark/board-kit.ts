import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from '../../electron/core/probe/probe.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { sessionKit } from '../support/session-kit.ts';
import type { Figure, Measured } from './benchmark.ts';
import { inPairs } from './benchmark.ts';

/** Where a board answers SSH, and what it lets `user` in with. */
export interface Reach {
  readonly port: number;
  readonly user: string;
  readonly keyFile: string;
  readonly hostKeys: ReadonlyArray<{ readonly type: string; readonly key: string }>;
}

/** Why no SSH server can be started on this machine; null where one can. */
export function whyNoSshd(): string | null {
  if (process.platform !== 'linux') return 'A local SSH server as board needs Linux.';
  if (process.getuid?.() !== 0) return 'A local SSH server as board needs root.';
  const missing = ['/usr/sbin/sshd', '/usr/bin/ssh'].find((path) => !existsSync(path));
  return missing === undefined ? null : `${missing} is not installed here.`;
}

/** OpenSSH's client, set to ask nothing; `port` may be a proxy's. Rejects when it ends with another status than 0. */
export function openSsh(reach: Reach, port = reach.port): { run(...command: string[]): Promise<void>; arguments(...command: string[]): string[]; dispose(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'rtvm-bench-ssh-'));
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(knownHosts, reach.hostKeys.map(({ type, key }) => `[127.0.0.1]:${String(port)} ${type} ${key}\n`).join(''));
  // One key exchange for both clients: a different one would be measured instead of what they do.
  const settings = { UserKnownHostsFile: knownHosts, StrictHostKeyChecking: 'yes', BatchMode: 'yes', IdentitiesOnly: 'yes', KexAlgorithms: 'curve25519-sha256', LogLevel: 'ERROR' };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const args = (...command: string[]) => ['-F', 'none', '-i', reach.keyFile, '-p', String(port), ...options, `${reach.user}@127.0.0.1`, ...command];
  return {
    arguments: args,
    run: async (...command) => {
      const child = spawn('ssh', args(...command), { stdio: ['ignore', 'ignore', 'inherit'] });
      const [code]: unknown[] = await once(child, 'close');
      if (code !== 0) throw new Error(`ssh ended with ${String(code)}`);
    },
    dispose: () => { rmSync(directory, { recursive: true, force: true }); },
  };
}

/** Connects, logs in, reads the board, parses and disconnects, as often as called; the host key is known after the first time. */
export function inspector(reach: Reach): () => Promise<Snapshot> {
  const target = { address: '127.0.0.1', port: reach.port, user: reach.user, login: { method: 'key', keyFile: reach.keyFile } } as const;
  let pins: ReturnType<typeof sessionKit>['pins'] = [];
  return async () => {
    const kit = sessionKit({ target, pins });
    try {
      return (await inspect(kit.session)).snapshot;
    } finally {
      await kit.session.disconnect();
      pins = kit.pins;
    }
  };
}

const mostProcesses = 40;

/** Inspecting, log-in included, against `ssh board true`, after one round of each that is not counted. */
export async function inspectAgainstTrue(reach: Reach, rounds: number): Promise<Measured> {
  const read = inspector(reach);
  const ssh = openSsh(reach);
  try {
    const { cost } = await read();
    await ssh.run('true');
    const { oursMs, floorMs, ratio } = await inPairs(rounds, read, () => ssh.run('true'));
    const processes = cost.processes ?? Number.NaN;
    const figures: Figure[] = [
      { name: 'ssh board true', value: floorMs, unit: 'ms' }, { name: 'inspect, log-in included', value: oursMs, unit: 'ms' },
      { name: 'processes the reading says it started', value: processes, unit: '' },
      { name: 'processor time on the board', value: (cost.cpuSeconds ?? Number.NaN) * 1_000, unit: 'ms' },
    ];
    return {
      figures,
      ratios: [{ name: 'inspect ÷ ssh board true (median of pairs)', value: ratio, limit: 1.5 }, { name: 'processes ÷ 40', value: processes / mostProcesses, limit: 1 }],
    };
  } finally {
    ssh.dispose();
  }
}
