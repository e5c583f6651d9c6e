import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sessionKit } from '../support/session-kit.ts';
import { startSshd } from '../support/sshd-server.ts';
import { inPairs, skipped, type Benchmark } from './benchmark.ts';
import { openSsh, whyNoSshd } from './board-kit.ts';
import { serveShapedLink, startShapedLink } from './shaped-link.ts';

serveShapedLink();

const sizeBytes = 192 * 2 ** 20;
const gigabit = { bytesPerSecond: 125_000_000, oneWayMs: 1 };

/** An image sent to a board, log-in included, against scp over the same link: 1 Gbit/s, 2 ms there and back. */
export const benchmark: Benchmark = {
  name: 'send an image to a board over 1 Gbit/s and 2 ms',
  run: async () => {
    const obstacle = whyNoSshd() ?? (existsSync('/usr/bin/scp') ? null : 'scp is not installed here.');
    if (obstacle !== null) return skipped(obstacle);
    const scratch = mkdtempSync(join(tmpdir(), 'rtvm-upload-'));
    const localPath = join(scratch, 'image');
    writeFileSync(localPath, randomFillSync(Buffer.allocUnsafe(sizeBytes)));
    const server = await startSshd({ rootLogin: true });
    const link = await startShapedLink(new URL(import.meta.url), { targetPort: server.port, ...gigabit });
    const reach = { port: link.port, user: 'root', keyFile: server.keyFile, hostKeys: server.hostKeys };
    const ssh = openSsh(reach);
    try {
      const remotePath = join(scratch, 'arrived');
      const pins = server.hostKeys.map(({ type, key, sha256 }) => ({ host: '127.0.0.1', port: link.port, type, key, sha256, acceptedAt: '20261121T100000Z' }));
      const ours = async (): Promise<void> => {
        rmSync(remotePath, { force: true });
        const { session } = sessionKit({ target: { address: '127.0.0.1', port: link.port, user: 'root', login: { method: 'key', keyFile: server.keyFile } }, pins });
        try {
          await session.upload({ localPath, remotePath });
        } finally {
          await session.disconnect();
        }
      };
      const options = ssh.arguments().slice(0, -1).map((word) => (word === '-p' ? '-P' : word));
      const scp = async (): Promise<void> => {
        rmSync(remotePath, { force: true });
        const child = spawn('scp', ['-q', ...options, localPath, `root@127.0.0.1:${remotePath}`], { stdio: ['ignore', 'ignore', 'inherit'] });
        const [code]: unknown[] = await once(child, 'close');
        if (code !== 0) throw new Error(`scp ended with ${String(code)}`);
      };
      const { oursMs, floorMs, ratio } = await inPairs(5, ours, scp);
      const mbps = (ms: number): number => sizeBytes / 1_000 / ms;
      return {
        figures: [{ name: 'scp', value: mbps(floorMs), unit: 'MB/s' }, { name: 'sent by us', value: mbps(oursMs), unit: 'MB/s' }],
        ratios: [{ name: 'our time ÷ scp’s (at most 1 ÷ 0.8)', value: ratio, limit: 1.25 }],
      };
    } finally {
      ssh.dispose();
      await link.stop();
      await server.stop();
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
