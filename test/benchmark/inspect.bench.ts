import { startSshd } from '../support/sshd-server.ts';
import { skipped, type Benchmark } from './benchmark.ts';
import { inspectAgainstTrue, whyNoSshd } from './board-kit.ts';

export const benchmark: Benchmark = {
  name: 'inspect a board behind a local SSH server',
  run: async () => {
    const obstacle = whyNoSshd();
    if (obstacle !== null) return skipped(obstacle);
    const server = await startSshd({ rootLogin: true });
    try {
      return await inspectAgainstTrue({ ...server, port: server.port, hostKeys: server.hostKeys, user: 'root' }, 11);
    } finally {
      await server.stop();
    }
  },
};
