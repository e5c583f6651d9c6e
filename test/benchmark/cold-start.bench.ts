import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { inProject } from '../../build/lib/project-root.mjs';
import { bestOf, type Benchmark } from './benchmark.ts';

const limitMs = 3_000;
const bareServer = `require('http').createServer((_, r) => r.end('x')).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port + '/'); });`;

/** Starts a program and gives the first address it prints. */
async function started(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; address: URL }> {
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/\S+?(?=[:,]? |$)/.exec(line)?.[0];
    if (address !== undefined) return { child, address: new URL(address) };
  }
  throw new Error('the server ended before it gave an address');
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** As a window does it: token, session, page, link, first call. */
async function firstReply(address: URL): Promise<void> {
  const { origin, host } = address;
  const session = await fetch(`${origin}/session`, { method: 'POST', headers: { origin }, body: address.hash.slice(1) });
  const cookie = (session.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  await (await fetch(`${origin}/`, { headers: { cookie } })).text();
  const socket = new WebSocket(`ws://${host}/link`, { headers: { origin, cookie } });
  await once(socket, 'open');
  socket.send(JSON.stringify({ id: 1, method: 'boards.list', input: {} }));
  await once(socket, 'message');
  socket.terminate();
}

export const benchmark: Benchmark = {
  name: 'cold start of the browser-window host to its first reply',
  run: async () => {
    const bareMs = await bestOf(5, async () => {
      const { child, address } = await started(['-e', bareServer], process.env);
      await (await fetch(address)).text();
      await stop(child);
    });
    const hostMs = await bestOf(5, async () => {
      const home = mkdtempSync(join(tmpdir(), 'rtvm-bench-cold-'));
      const { child, address } = await started([inProject('dist', 'browser-window', 'main.mjs'), '--no-window'], { ...process.env, RTVM_BENCH_HOME: home });
      await firstReply(address);
      await stop(child);
      rmSync(home, { recursive: true, force: true });
    });
    return {
      figures: [{ name: 'bare Node HTTP server', value: bareMs, unit: 'ms' }, { name: 'browser-window host', value: hostMs, unit: 'ms' }],
      ratios: [
        { name: 'host ÷ bare server', value: hostMs / bareMs, limit: 12 },
        { name: 'host ÷ 3 s', value: hostMs / limitMs, limit: 1 },
      ],
    };
  },
};
