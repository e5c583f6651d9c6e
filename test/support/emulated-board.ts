import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { existingImage, startEmulatedBoard, whyImpossible } from '../../build/emulated-board/index.mjs';
import type { EmulatedBoard, StartOptions } from '../../build/emulated-board/index.mjs';

/** Time for a hook that may have to build the image first, on a busy machine. */
export const buildAndBootTimeoutMs = 1_200_000;
/** Time for a test that waits for one reboot. */
export const rebootTimeoutMs = 400_000;

/** Why no emulated board can run here, or null. Tests are skipped with this sentence in their title. */
export const whyNoEmulatedBoard = (): string | null => whyImpossible({ imageExists: existingImage() !== null });

export interface ShellAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An emulated board with a second way in (OpenSSH's client as root), to arrange things and to see what is really so. */
export interface TestBoard {
  readonly board: EmulatedBoard;
  /** Runs a script under `sh -s` on the board. Rejects when it ends with another status than 0, unless `anyStatus`. */
  sh(script: string, options?: { readonly user?: string; readonly anyStatus?: boolean; readonly timeoutMs?: number }): Promise<ShellAnswer>;
  /** Trimmed standard output of a script that must succeed. */
  read(script: string): Promise<string>;
  bootId(): Promise<string>;
  /** Asks for an orderly reboot and waits until another boot answers. */
  reboot(): Promise<void>;
  /** Waits until a boot other than `previousBootId` answers. */
  waitForOtherBoot(previousBootId: string): Promise<void>;
  /** Adds kernel parameters the way Debian wants it (a drop-in of /etc/default/grub.d, update-grub) and reboots. */
  bootWith(parameters: string): Promise<void>;
  /** Polls until the script succeeds: the wait for an event on the board. */
  until(script: string, timeoutMs?: number): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts a board whose disk is thrown away with it. Progress goes to standard error, so that a long wait is explained. */
export async function startTestBoard(options: Omit<StartOptions, 'onProgress' | 'keep'> = {}): Promise<TestBoard> {
  const board = await startEmulatedBoard({ ...options, onProgress: (text) => { process.stderr.write(`emulated board: ${text}\n`); } });
  const directory = mkdtempSync(join(tmpdir(), 'emulated-access-'));
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(knownHosts, board.hostKeys.map(({ type, key }) => `[${board.host}]:${board.port} ${type} ${key}\n`).join(''));
  const sshOptions = ['-F', 'none', '-i', board.keyFile, '-p', String(board.port), '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', 'KexAlgorithms=curve25519-sha256', '-o', 'ConnectTimeout=20', '-o', 'ServerAliveInterval=10'];

  const sh: TestBoard['sh'] = async (script, { user = 'root', anyStatus = false, timeoutMs = 90_000 } = {}) => {
    const answer = await runSsh([...sshOptions, `${user}@${board.host}`, 'exec sh -s'], script, timeoutMs);
    if (answer.exitCode !== 0 && !anyStatus) throw new Error(`The board answered with status ${String(answer.exitCode)} to:\n${script}\n${answer.stdout}${answer.stderr}`);
    return answer;
  };
  const read = async (script: string) => (await sh(script)).stdout.trim();
  const bootId = () => read('cat /proc/sys/kernel/random/boot_id');
  const succeeds = async (attempt: () => Promise<boolean>, timeoutMs: number, what: () => string) => {
    const end = Date.now() + timeoutMs;
    while (!(await attempt())) {
      if (Date.now() > end) throw new Error(what());
      await pause(500);
    }
  };
  const waitForOtherBoot = (previous: string) => succeeds(
    async () => {
      await board.waitForSsh();
      const answer = await sh('cat /proc/sys/kernel/random/boot_id', { anyStatus: true });
      return answer.exitCode === 0 && answer.stdout.trim() !== previous;
    },
    300_000, () => `The board did not come back from its reboot. Console:\n${board.console().slice(-2000)}`,
  );
  const reboot = async () => {
    const before = await bootId();
    await sh('systemctl reboot', { anyStatus: true });
    await waitForOtherBoot(before);
  };
  return {
    board, sh, read, bootId, reboot, waitForOtherBoot,
    bootWith: async (parameters) => {
      await sh(`cat >/etc/default/grub.d/50-test.cfg <<'END'\nGRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ${parameters}"\nEND\nupdate-grub`);
      await reboot();
    },
    until: (script, timeoutMs = 60_000) => succeeds(async () => (await sh(script, { anyStatus: true })).exitCode === 0, timeoutMs, () => `This never came true on the board: ${script}`),
    dispose: async () => {
      await board.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function runSsh(args: readonly string[], input: string, timeoutMs: number): Promise<ShellAnswer> {
  return new Promise((settle, fail) => {
    const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const timer = setTimeout(() => { child.kill('SIGKILL'); }, timeoutMs);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => { clearTimeout(timer); fail(error); });
    child.once('close', (exitCode) => { clearTimeout(timer); settle({ exitCode, stdout, stderr }); });
  });
}
