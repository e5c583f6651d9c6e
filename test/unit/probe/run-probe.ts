import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chmod, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseCapture, type Capture } from '../../../shared/parsers/capture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const probePath = new URL('../../../electron/board-scripts/probe.sh', import.meta.url).pathname;

/** A pretend board: files below its root, and what a few commands print there. */
export interface PretendBoard {
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly commands?: Readonly<Record<string, string>>;
  /** Files with a later time than all others. */
  readonly newer?: readonly string[];
  readonly modes?: Readonly<Record<string, number>>;
}

export type ShellName = 'dash' | 'busybox';
const shells: Readonly<Record<ShellName, readonly [string, ...string[]]>> = { dash: ['/bin/dash'], busybox: ['/bin/busybox', 'sh'] };

export const isThere = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The shells of this machine that boards use too. */
export const shellsHere = (['dash', 'busybox'] as const).filter((name) => isThere(shells[name][0]));

interface ProbeRun { readonly text: string; readonly stderr: string; readonly capture: Capture }

/** Runs the script itself over the pretend board. `user` is a user number, where the tests run as root. */
export async function probe(board: PretendBoard, { shell = 'dash', user }: { shell?: ShellName; user?: number } = {}): Promise<ProbeRun> {
  const root = await temporaryFolder();
  await chmod(root, 0o755);
  const bin = join(root, 'usr/bin');
  await layOut(root, board);
  const [program, ...first] = shells[shell];
  return run(program, [...first, probePath], { RTVM_ROOT: root, PATH: bin }, user);
}

/** Runs the script on this machine, with the tools of this machine. */
export function probeHere({ shell = 'dash', path = '/usr/sbin:/usr/bin:/sbin:/bin', user }: { shell?: ShellName; path?: string; user?: number } = {}): Promise<ProbeRun> {
  const [program, ...first] = shells[shell];
  return run(program, [...first, probePath], { PATH: path, RTVM_ROOT: '/' }, user);
}

async function layOut(root: string, { files, commands = {}, newer = [], modes = {} }: PretendBoard): Promise<void> {
  const past = new Date('2026-01-01T00:00:00Z');
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await utimes(file, past, newer.includes(path) ? new Date('2026-02-01T00:00:00Z') : past);
  }
  const bin = join(root, 'usr/bin');
  await mkdir(bin, { recursive: true });
  await symlink(isThere('/usr/bin/grep') ? '/usr/bin/grep' : '/bin/busybox', join(bin, 'grep'));
  for (const [name, output] of Object.entries(commands)) {
    await writeFile(join(root, `${name}.output`), output);
    await writeFile(join(bin, name), `#!/bin/sh\nwhile IFS= read -r line; do printf '%s\\n' "$line"; done <"$RTVM_ROOT/${name}.output"\n`, { mode: 0o755 });
  }
  for (const [path, mode] of Object.entries(modes)) await chmod(join(root, path), mode);
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv, user: number | undefined): Promise<ProbeRun> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { env, maxBuffer: 100_000_000, ...(user === undefined ? {} : { uid: user, gid: user }) }, (error, stdout, stderr) => {
      if (error) return reject(error);
      const parsed = parseCapture(stdout);
      if (parsed.ok) resolve({ text: stdout, stderr, capture: parsed.value });
      else reject(parsed.error);
    });
    child.stdin?.end();
  });
}
