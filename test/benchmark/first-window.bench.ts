import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { median, wallMs, type Benchmark } from './benchmark.ts';
import { residentMb, withWindow } from './window-kit.ts';

const rounds = 5;
const bareServer = `require('http').createServer((_, r) => { r.setHeader('content-type', 'text/html'); r.end('<button>x</button>'); }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

/** A Node that serves one page with one button: what a window and its server cost before they do anything. */
async function startBareServer(): Promise<{ address: string; pid: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', bareServer], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [port]: unknown[] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    address: `http://127.0.0.1:${String(port)}/`, pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export const benchmark: Benchmark = {
  name: 'first window of the browser-window host',
  run: () => withWindow(async ({ browser, host }) => {
    const bare = await startBareServer();
    try {
      const open = async (address: string, button: string) => {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
        const page = await context.newPage();
        const ms = await wallMs(async () => {
          await page.goto(address);
          // A trial click waits until the button is there, enabled, still and not covered.
          await page.getByRole('button', { name: button }).click({ trial: true });
        });
        await context.close();
        return ms;
      };
      const bareMs: number[] = [await open(bare.address, 'x')];
      const firstMs = await open(host.address, 'Add board');
      const laterMs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        bareMs.push(await open(bare.address, 'x'));
        laterMs.push(await open(await host.nextAddress(), 'Add board'));
      }
      const [hostMb, bareMb] = [residentMb(host.pid), residentMb(bare.pid)];
      const memory = hostMb === null || bareMb === null ? null : { hostMb, bareMb };
      return {
        figures: [
          { name: 'a page with one button, to a click', value: median(bareMs), unit: 'ms' }, { name: 'the very first window, to a click', value: firstMs, unit: 'ms' },
          { name: 'a later window, to a click', value: median(laterMs), unit: 'ms' },
          ...(memory === null ? [] : [{ name: 'memory of a bare Node server', value: memory.bareMb, unit: 'MB' }, { name: 'memory of the host, windows opened', value: memory.hostMb, unit: 'MB' }]),
        ],
        ratios: [
          { name: 'first window ÷ page with one button', value: firstMs / median(bareMs), limit: 8 },
          { name: 'first window ÷ 3 s', value: firstMs / 3_000, limit: 1 },
          ...(memory === null ? [] : [{ name: 'memory of the host ÷ bare server', value: memory.hostMb / memory.bareMb, limit: 4 }]),
        ],
        ...(memory === null ? { skipped: 'memory: this system has no /proc' } : {}),
      };
    } finally {
      await bare.stop();
    }
  }),
};
