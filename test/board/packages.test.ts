import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { applyPackages, readLostVersions, readPackages } from '../../electron/core/changes/packages-executor.ts';
import type { PackagesAction } from '../../electron/core/changes/packages-executor.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import type { PackagesProgress } from '../../shared/planning/packages/package-log.ts';
import { codedError, keyHop, sessionKit } from '../support/session-kit.ts';
import { startSshd } from '../support/sshd-server.ts';
import type { SshdServer } from '../support/sshd-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { isRoot } from '../support/throwaway-user.ts';
import { dpkgState, installedVersion, makePackageFolder, purgePackages } from '../support/tiny-package.ts';
import type { TinyPackage } from '../support/tiny-package.ts';

const mirrorAnswers = ((): boolean => {
  try {
    execFileSync('apt-get', ['download', '-q', '--print-uris', 'hello'], { stdio: 'pipe', timeout: 10_000, cwd: tmpdir() });
    execFileSync('curl', ['-sfI', '--max-time', '8', 'http://deb.debian.org/debian/'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
})();

const first = 'rtvm-bench-test-first';
const second = 'rtvm-bench-test-second';
const ours = '/var/lib/rtvm-bench/packages';

// Skipped without root and dpkg: packages are really installed on this machine, harmless ones made here.
describe.skipIf(!isRoot() || !existsSync('/usr/bin/dpkg-deb'))('packages on a board', () => {
  let server: SshdServer;
  let session: BoardSession;
  const folders: Array<{ remove(): void }> = [];
  const processes: ChildProcess[] = [];
  beforeAll(async () => {
    server = await startSshd({ rootLogin: true });
    session = sessionKit({ target: { ...keyHop(server), user: 'root' } }).session;
  });
  afterEach(() => {
    for (const child of processes.splice(0)) child.kill('SIGKILL');
    for (const folder of folders.splice(0)) folder.remove();
    purgePackages(first, second);
  });
  afterAll(async () => {
    await session.disconnect();
    await server.stop();
  });

  const folderOf = (...packages: TinyPackage[]): string => {
    const folder = makePackageFolder(packages);
    folders.push(folder);
    return folder.directory;
  };
  const action = (change: Partial<PackagesAction>): PackagesAction => ({ kind: 'packages', install: [], remove: [], source: { kind: 'board' }, ...change });
  const apply = async (change: Partial<PackagesAction>, more: { lockWaitSeconds?: number; signal?: AbortSignal; tell?: (progress: PackagesProgress) => void; session?: BoardSession } = {}): Promise<PackagesProgress[]> => {
    const progress: PackagesProgress[] = [];
    await applyPackages({ session, action: action(change), boardName: 'Bench 1', lockWaitSeconds: 0, ...more, tell: (told) => { progress.push(told); more.tell?.(told); } });
    return progress;
  };

  it('lists what is installed, with versions', async () => {
    const packages = await readPackages(session);
    expect(packages).toContain(`dpkg ${installedVersion('dpkg') ?? ''}`);
    expect(packages.every((line) => /^\S+ \S+$/.test(line))).toBe(true);
    expect(await readLostVersions(session, [`${first}=7.7`, 'hello=0.1'])).toEqual([`${first}=7.7`, 'hello=0.1']);
  });

  it('sends a folder over, installs from it with progress, and removes again; nothing of ours stays', async () => {
    const directory = folderOf({ name: first, depends: second }, { name: first, version: '0.9' }, { name: second }, { name: 'rtvm-bench-test-unneeded' });
    const progress = await apply({ install: [first], source: { kind: 'folder', directory } });
    expect([first, second, 'rtvm-bench-test-unneeded'].map(installedVersion)).toEqual(['1.0', '1.0', null]);
    expect(await readPackages(session)).toEqual(expect.arrayContaining([`${first} 1.0`, `${second} 1.0`]));
    expect(progress.map(({ fraction }) => fraction)).toEqual(progress.map(({ fraction }) => fraction).sort((a, b) => a - b));
    expect(progress.at(-1)?.fraction).toBe(1);
    expect(progress.map(({ message }) => message)).toEqual(expect.arrayContaining([`Sending ${first}_1.0_all.deb`, expect.stringContaining(`Unpacking ${first}`)]));
    // Asked again, it is done already.
    await apply({ install: [first], source: { kind: 'folder', directory } });
    await apply({ remove: [first, second] });
    expect([installedVersion(first), installedVersion(second)]).toEqual([null, null]);
    expect(existsSync(ours)).toBe(false);
  });

  it('removes nothing that was not asked for', async () => {
    await apply({ install: [first], source: { kind: 'folder', directory: folderOf({ name: first, depends: second }, { name: second }) } });
    const error = await codedError(apply({ remove: [second] }));
    expect(error).toMatchObject({ code: 'packages-failed', extras: { details: { rule: 'would-remove', wouldRemove: [first] }, state: 'Nothing was installed or removed.' } });
    expect(installedVersion(first)).toBe('1.0');
  });

  it('names what a folder lacks, and a version that cannot be had again', async () => {
    const missing = await codedError(apply({ install: [first], source: { kind: 'folder', directory: folderOf({ name: first, depends: 'rtvm-bench-test-nowhere' }) } }));
    expect(missing).toMatchObject({ code: 'packages-failed', extras: { details: { rule: 'broken' } } });
    expect(JSON.stringify(missing.extras.details)).toContain('rtvm-bench-test-nowhere');
    const other = await codedError(apply({ install: [second], source: { kind: 'folder', directory: folderOf({ name: first }) } }));
    expect(other).toMatchObject({ extras: { details: { rule: 'not-found' } } });
    expect(other.message).toContain(second);
    const gone = await codedError(apply({ install: [`${first}=7.7`] }));
    expect(gone).toMatchObject({ code: 'packages-failed', extras: { details: { rule: 'version-gone', lost: [`${first}=7.7`] } } });
    expect(installedVersion(first)).toBe(null);
  });

  it('a kernel leaves nothing behind when it goes', async () => {
    const kernel = 'linux-image-0.0.0-rtvm-bench-test';
    try {
      await apply({ install: [kernel], source: { kind: 'folder', directory: folderOf({ name: kernel, afterRemoval: 'true' }) } });
      await apply({ remove: [kernel] });
      expect(dpkgState(kernel)).toBe('');
    } finally {
      purgePackages(kernel);
    }
  });

  it('says which package’s script failed, and that packages may be half installed', async () => {
    const error = await codedError(apply({ install: [first], source: { kind: 'folder', directory: folderOf({ name: first, afterInstall: 'echo the dog ate it >&2; exit 3' }) } }));
    expect(error).toMatchObject({ code: 'packages-failed', extras: { details: { rule: 'script-failed' } } });
    expect(error.extras.state).toContain('Some packages may be installed');
    expect(JSON.stringify(error.extras.details)).toContain('the dog ate it');
  });

  /** Holds APT's lock as another package manager would (a POSIX lock, not flock's) until its input ends. */
  const holdLock = async (file: string): Promise<ChildProcess> => {
    const child = spawn('python3', ['-c', `import fcntl,sys\nf=open(${JSON.stringify(file)},"w")\nfcntl.lockf(f,fcntl.LOCK_EX)\nprint("held",flush=True)\nsys.stdin.read()`], { stdio: ['pipe', 'pipe', 'inherit'] });
    processes.push(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => { resolve(); });
      child.once('exit', () => { reject(new Error('the lock was not had')); });
    });
    return child;
  };

  it('says who holds the lock, when nobody is to wait', async () => {
    const holder = await holdLock('/var/lib/dpkg/lock-frontend');
    const error = await codedError(apply({ install: [first], source: { kind: 'folder', directory: folderOf({ name: first }) } }));
    expect(error.code).toBe('packages-locked');
    expect(error.message).toContain(`python3, process ${String(holder.pid)}`);
    expect(installedVersion(first)).toBe(null);
  });

  it('waits for the lock, says who holds it meanwhile, and goes on when it is free', async () => {
    const holder = await holdLock('/var/lib/dpkg/lock-frontend');
    const waiting: string[] = [];
    await apply({ install: [first], source: { kind: 'folder', directory: folderOf({ name: first }) } }, {
      lockWaitSeconds: 60,
      tell: ({ message }) => {
        if (!message.startsWith('Waiting')) return;
        waiting.push(message);
        holder.stdin?.end();
      },
    });
    expect(waiting[0]).toContain(`process ${String(holder.pid)}`);
    expect(installedVersion(first)).toBe('1.0');
  });

  it('can be cancelled while nothing has been unpacked', async () => {
    await holdLock('/var/lib/dpkg/lock-frontend');
    const stop = new AbortController();
    const error = await codedError(apply({ install: [first], source: { kind: 'folder', directory: folderOf({ name: first }) } }, {
      lockWaitSeconds: 600, signal: stop.signal, tell: ({ message }) => { if (message.startsWith('Waiting')) stop.abort(); },
    }));
    expect(error).toMatchObject({ code: 'cancelled', extras: { state: 'Nothing was installed or removed.' } });
    expect(existsSync(ours)).toBe(false);
  });

  it('goes on without us when the link is lost, and is joined again', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'rtvm-fifo-'));
    const fifo = join(scratch, 'go');
    execFileSync('mkfifo', [fifo]);
    const link = await startTcpProxy(server.port);
    const { session: shaky } = sessionKit({ target: { ...keyHop(server, link.port), user: 'root' } });
    let dropped = false;
    try {
      const directory = folderOf({ name: first, afterInstall: `read word <${fifo}` });
      await apply({ install: [first], source: { kind: 'folder', directory } }, {
        session: shaky,
        tell: ({ message }) => {
          if (dropped || !message.startsWith('Configuring')) return;
          dropped = true;
          link.drop();
          writeFileSync(fifo, 'go\n');
        },
      });
      expect(dropped).toBe(true);
      expect(installedVersion(first)).toBe('1.0');
    } finally {
      await shaky.disconnect();
      await link.stop();
      rmSync(scratch, { recursive: true });
    }
  });

  it.skipIf(!mirrorAnswers)('fetches through this computer’s connection where the board has none (skipped without a network)', async ({ skip }) => {
    if (installedVersion('hello') !== null) skip('hello is installed here');
    const before = readFileSync('/etc/apt/sources.list.d/debian.sources', 'utf8');
    rmSync('/var/cache/apt/archives/hello_2.10-3_amd64.deb', { force: true });
    try {
      const progress = await apply({ install: ['hello'], source: { kind: 'laptop' } });
      expect(progress.map(({ message }) => message)).toContain('Fetching packages');
      expect(execFileSync('hello').toString()).toContain('Hello, world!');
      expect(readFileSync('/etc/apt/sources.list.d/debian.sources', 'utf8')).toBe(before);
      expect(existsSync(ours)).toBe(false);
    } finally {
      purgePackages('hello');
    }
  }, 300_000);

  it('says so when the SSH server gives no port for it', async () => {
    const closed = await startSshd({ rootLogin: true, allowTcpForwarding: false });
    const kit = sessionKit({ target: { ...keyHop(closed), user: 'root' } });
    const error = await codedError(apply({ install: ['hello'], source: { kind: 'laptop' } }, { session: kit.session }));
    expect(error.code).toBe('forwarding-refused');
    await kit.session.disconnect();
    await closed.stop();
  });
});
