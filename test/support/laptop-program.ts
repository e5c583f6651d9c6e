import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface RunningProgram {
  /** Resolves when standard error has said something that matches. Rejects when the program ends without. */
  says(pattern: RegExp): Promise<void>;
  /** The end that no program sees coming. Resolves when it is gone. */
  killHard(): Promise<void>;
  readonly ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
}

export interface LaptopProgram {
  start(...args: string[]): RunningProgram;
  /** Runs to its end; gives what it printed as JSON. A verdict that fails (exit status 1) is an answer too. */
  json(...args: string[]): Promise<unknown>;
}

/** The command line as a person uses it: a process of its own, its project and all its settings in `folder`. */
export function laptopProgram(folder: string): LaptopProgram {
  const entry = fileURLToPath(new URL('../../build/cli.mjs', import.meta.url));
  const env = { ...process.env, RTVM_BENCH_HOME: join(folder, 'home') };

  const start = (...args: string[]): RunningProgram => {
    const child = spawn(process.execPath, [entry, '--project', join(folder, 'laptop.rtvm'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const heard = new Set<() => void>();
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      for (const listener of heard) listener();
    });
    const ended = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((settle, fail) => {
      child.once('error', fail);
      child.once('close', (exitCode) => { settle({ exitCode, stdout, stderr }); });
    });
    const says = (pattern: RegExp): Promise<void> => new Promise((settle, fail) => {
      const look = (): void => { if (pattern.test(stderr)) settle(); };
      heard.add(look);
      look();
      ended.then(() => { fail(new Error(`It ended without saying ${String(pattern)}:\n${stderr}`)); }, fail);
    });
    return { says, ended, killHard: async () => { child.kill('SIGKILL'); await ended; } };
  };

  const json = async (...args: string[]): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await start(...args, '--json').ended;
    if (exitCode !== 0 && exitCode !== 1) throw new Error(`“${args.join(' ')}” ended with ${String(exitCode)}:\n${stderr}`);
    return JSON.parse(stdout);
  };
  return { start, json };
}
