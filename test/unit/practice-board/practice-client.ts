import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type ClientChannel } from 'ssh2';
import type { PracticeLogin, PracticePort } from '../../../electron/core/boards/practice-port.ts';
import { createPracticeBoard } from '../../../electron/practice-board/practice-board.ts';

export interface RunResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Logs in with the real ssh2 client. */
export function logIn(login: PracticeLogin, password = login.password): Promise<Client> {
  const client = new Client();
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve(client));
    client.once('error', reject);
    client.connect({
      host: '127.0.0.1', port: login.port, username: login.user, password,
      hostVerifier: (key: Buffer) => key.toString('base64') === login.hostKey.key,
    });
  });
}

/**
 * Runs a command to its end, with `stdin` as its whole input. Listeners are attached inside the callback: what comes in the
 * same packet as the answer to the request would be missed later.
 */
export const runCommand = (client: Client, command: string, stdin = ''): Promise<RunResult> => new Promise((resolve, reject) => {
  client.exec(command, (error, channel) => {
    if (error !== undefined) return reject(error);
    const result: { code: number | null; signal: string | null; stdout: string; stderr: string } = { code: null, signal: null, stdout: '', stderr: '' };
    channel.on('data', (data: Buffer) => { result.stdout += data.toString(); });
    channel.stderr.on('data', (data: Buffer) => { result.stderr += data.toString(); });
    channel.on('exit', (code: number | null, signal?: string) => Object.assign(result, { code, signal: signal ?? null }));
    channel.once('close', () => resolve(result));
    channel.end(stdin);
  });
});

/** Runs a script as `sh -s` on standard input. */
export const runScript = (client: Client, script: string): Promise<RunResult> => runCommand(client, 'exec sh -s --', script);

export interface Bench {
  readonly board: PracticePort;
  readonly login: PracticeLogin;
  readonly stateDir: string;
  close(): Promise<void>;
}

export async function startBench(machine = 'dual-xeon'): Promise<Bench> {
  const stateDir = await mkdtemp(join(tmpdir(), 'practice-'));
  const board = createPracticeBoard({ stateDir, seed: 7 });
  const login = await board.ensure(machine);
  return {
    board, login, stateDir,
    close: async () => {
      await board.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** Resolves once `stream` has given text that `pattern` matches. */
export const textMatching = (channel: ClientChannel, pattern: RegExp): Promise<string> => new Promise((resolve, reject) => {
  let all = '';
  const look = (data: Buffer): void => {
    all += data.toString();
    if (!pattern.test(all)) return;
    channel.removeListener('data', look);
    resolve(all);
  };
  channel.on('data', look);
  channel.once('close', () => reject(new Error(`channel closed after ${JSON.stringify(all)}`)));
});
