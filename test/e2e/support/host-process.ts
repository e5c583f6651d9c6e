import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inProject } from '../../../build/lib/project-root.mjs';
import { isolated } from './electron-window.ts';

/** A browser-window host that runs as a user would have it, but opens no window. */
export interface RunningHost {
  /** A launch address, for one window. */
  readonly address: string;
  readonly port: number;
  readonly pid: number;
  /** Asks the host for the address of another window, as a person does with Enter. */
  nextAddress(): Promise<string>;
  /** Ends it as Ctrl-C does; gives its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the built host with `home` as its home and state folder. Errors: it ends, or says no address in time. */
export async function startHost(home: string, args: readonly string[] = []): Promise<RunningHost> {
  const child = spawn(process.execPath, [inProject('dist', 'browser-window', 'main.mjs'), '--no-window', ...args], { env: isolated(home), stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  const exited = once(child, 'exit');
  const addresses = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextAddress = async (): Promise<string> => {
    for (;;) {
      const line = await addresses.next();
      if (line.done === true) throw new Error(`The host ended before it gave an address: ${said}`);
      const address = /http:\/\/127\.0\.0\.1:\d+\/launch#[\w-]+/.exec(line.value)?.[0];
      if (address !== undefined) return address;
    }
  };
  const address = await nextAddress();
  return {
    address,
    port: Number(new URL(address).port),
    pid: child.pid ?? 0,
    nextAddress: () => {
      child.stdin.write('\n');
      return nextAddress();
    },
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}
