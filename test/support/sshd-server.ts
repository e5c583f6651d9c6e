import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRoot, makeThrowawayUser } from './throwaway-user.ts';
import type { SudoRule } from './throwaway-user.ts';

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface SshdOptions {
  /** Host keys the server has, in this order. Default: ed25519 only. */
  readonly hostKeyTypes?: readonly KeyType[];
  readonly maxSessions?: number;
  readonly maxAuthTries?: number;
  readonly allowTcpForwarding?: boolean;
  /** The "password" method. Default: on (as root; a test run without root has keys only). */
  readonly passwordAuthentication?: boolean;
  /** Keyboard-interactive through PAM. Default: off. */
  readonly kbdInteractive?: boolean;
  /** Login shell of the throw-away user. Default: /bin/bash. */
  readonly shell?: string;
  readonly sudo?: SudoRule;
  /** Lets root log in with `keyFile` too. */
  readonly rootLogin?: boolean;
  readonly clientAlive?: { readonly intervalSeconds: number; readonly countMax: number };
  /** A command that starts the server in its place, such as one that gives it a time of its own. It must become the server, not start it. */
  readonly launcher?: readonly string[];
  /** Further lines of sshd_config. */
  readonly config?: readonly string[];
}

export interface ServerHostKey {
  /** As in known_hosts: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`. */
  readonly type: string;
  /** Base64 of the public key blob. */
  readonly key: string;
  /** `SHA256:…` as OpenSSH prints it. */
  readonly sha256: string;
}

export interface SshdServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly hostKeys: readonly ServerHostKey[];
  readonly user: string;
  /** null when tests do not run as root. */
  readonly password: string | null;
  readonly home: string;
  readonly uid: number;
  /** Private key (ed25519, no passphrase) that the server accepts for `user`. */
  readonly keyFile: string;
  /** Scratch directory of this server: config and keys. */
  readonly directory: string;
  log(): string;
  /** Ends every open connection, leaves the listener and whatever runs detached. */
  killConnections(): void;
  /** Number of open connections (counting those not logged in yet). */
  connections(): number;
  /** Stops the listener and its connections; what runs detached on the "board" goes on. */
  shutDown(): Promise<void>;
  /** `shutDown` when it is up, then starts again on the same port; with new host keys if asked. */
  restart(options?: { newHostKeys?: boolean; hostKeyTypes?: readonly KeyType[] }): Promise<void>;
  /** Ends everything and removes users, keys and files. */
  stop(): Promise<void>;
}

/** Debian's sshd on a loopback port, with its own configuration, host keys and a throw-away user. */
export const startSshd = async (options: SshdOptions = {}): Promise<SshdServer> => {
  const directory = mkdtempSync(join(tmpdir(), 'rtvm-sshd-'));
  chmodSync(directory, 0o755);
  const account = makeThrowawayUser({ ...(options.shell === undefined ? {} : { shell: options.shell }), sudo: options.sudo ?? 'none' });
  const keyFile = join(directory, 'user_key');
  keygen(keyFile, 'ed25519');
  mkdirSync(join(directory, 'authorized'));
  for (const name of options.rootLogin === true ? [account.user, 'root'] : [account.user]) {
    writeFileSync(join(directory, 'authorized', name), readFileSync(`${keyFile}.pub`), { mode: 0o644 });
  }
  const port = await freePort();
  const log: string[] = [];
  let types = options.hostKeyTypes ?? ['ed25519'];
  let hostKeys = makeHostKeys(directory, types);
  let listener: ChildProcess | undefined;
  const launch = async (): Promise<void> => {
    writeFileSync(join(directory, 'sshd_config'), configText(directory, port, types, options));
    if (isRoot()) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const [command = '', ...args] = [...options.launcher ?? [], '/usr/sbin/sshd', '-D', '-e', '-f', join(directory, 'sshd_config')];
    listener = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    await listening(listener, log);
  };
  const killConnections = (): void => {
    endConnections(children(listener?.pid));
  };
  const shutDown = async (): Promise<void> => {
    const child = listener;
    if (child === undefined) return;
    listener = undefined;
    const monitors = children(child.pid);
    const gone = new Promise<void>((resolve) => { if (child.exitCode === null && child.signalCode === null) child.once('exit', () => { resolve(); }); else resolve(); });
    child.kill('SIGTERM');
    await gone;
    endConnections(monitors);
  };
  const onExit = (): void => { killConnections(); listener?.kill('SIGKILL'); };
  process.on('exit', onExit);
  await launch();
  return {
    host: '127.0.0.1', port, user: account.user, password: account.password, home: account.home, uid: account.uid, keyFile, directory,
    get hostKeys() { return hostKeys; },
    log: () => log.join(''),
    killConnections,
    connections: () => children(listener?.pid).length,
    shutDown,
    restart: async (change = {}) => {
      await shutDown();
      if (change.hostKeyTypes !== undefined || change.newHostKeys === true) {
        for (const type of types) if (change.newHostKeys === true) rmSync(hostKeyFile(directory, type));
        types = change.hostKeyTypes ?? types;
        hostKeys = makeHostKeys(directory, types);
      }
      await launch();
    },
    stop: async () => {
      await shutDown();
      process.off('exit', onExit);
      account.remove();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** Makes a key pair with ssh-keygen. */
export const keygen = (file: string, type: KeyType, passphrase = ''): void => {
  execFileSync('ssh-keygen', ['-q', '-t', type, ...(type === 'rsa' ? ['-b', '2048'] : []), '-N', passphrase, '-C', 'test', '-f', file], { stdio: 'pipe' });
};

/** A port nothing listens on at this moment. */
export const freePort = async (): Promise<number> => new Promise((resolve, reject) => {
  const server = createServer();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => { if (typeof address === 'object' && address !== null) resolve(address.port); else reject(new Error('no port')); });
  });
});

/** Reads a `.pub` file: type, base64 blob, and the fingerprint computed independently of the code under test. */
export const readPublicKey = (file: string): ServerHostKey => {
  const [type = '', key = ''] = readFileSync(file, 'utf8').split(' ');
  return { type, key, sha256: `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}` };
};

const hostKeyFile = (directory: string, type: KeyType): string => join(directory, `host_${type}`);

const makeHostKeys = (directory: string, types: readonly KeyType[]): ServerHostKey[] => types.map((type) => {
  const file = hostKeyFile(directory, type);
  if (!existsSync(file)) keygen(file, type);
  return readPublicKey(`${file}.pub`);
});

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

const configText = (directory: string, port: number, types: readonly KeyType[], options: SshdOptions): string => [
  `Port ${String(port)}`,
  'ListenAddress 127.0.0.1',
  ...types.map((type) => `HostKey ${hostKeyFile(directory, type)}`),
  `PidFile ${join(directory, 'sshd.pid')}`,
  `AuthorizedKeysFile ${directory}/authorized/%u`,
  'StrictModes no',
  'LogLevel VERBOSE',
  'UseDNS no',
  'LoginGraceTime 60',
  'MaxStartups 100',
  'Subsystem sftp internal-sftp',
  `UsePAM ${yesNo(isRoot())}`,
  `PermitRootLogin ${options.rootLogin === true ? 'prohibit-password' : 'no'}`,
  `PasswordAuthentication ${yesNo(isRoot() && (options.passwordAuthentication ?? true))}`,
  `KbdInteractiveAuthentication ${yesNo(isRoot() && (options.kbdInteractive ?? false))}`,
  `AllowTcpForwarding ${yesNo(options.allowTcpForwarding ?? true)}`,
  ...(options.maxSessions === undefined ? [] : [`MaxSessions ${String(options.maxSessions)}`]),
  ...(options.maxAuthTries === undefined ? [] : [`MaxAuthTries ${String(options.maxAuthTries)}`]),
  ...(options.clientAlive === undefined ? [] : [
    `ClientAliveInterval ${String(options.clientAlive.intervalSeconds)}`, `ClientAliveCountMax ${String(options.clientAlive.countMax)}`,
  ]),
  ...(options.config ?? []),
  '',
].join('\n');

const listening = async (child: ChildProcess, log: string[]): Promise<void> => new Promise((resolve, reject) => {
  let seen = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    log.push(text);
    seen += text;
    if (seen.includes('Server listening on 127.0.0.1')) resolve();
  });
  child.once('error', reject);
  child.once('exit', (code) => { reject(new Error(`sshd ended with ${String(code)}: ${seen}`)); });
});

/** Direct children of a process. */
const children = (parent: number | undefined): number[] => {
  if (parent === undefined) return [];
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === parent).map(Number);
};

/**
 * Ends the processes sshd has for a connection: a monitor and, below it, the one of the user. The monitor is halted
 * first: right after a log-in it may be about to fork the other, which would then hold the connection open unseen.
 * What a session started is left alone, as when a link drops.
 */
const endConnections = (monitors: readonly number[]): void => {
  for (const monitor of monitors) signalTo(monitor, 'SIGSTOP');
  for (const monitor of monitors) {
    for (const child of children(monitor).filter(isSshd)) signalTo(child, 'SIGKILL');
    signalTo(monitor, 'SIGKILL');
  }
};

const parentOf = (pid: string): number | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
};

const isSshd = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${String(pid)}/comm`, 'utf8').trim() === 'sshd';
  } catch {
    return false;
  }
};

const signalTo = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
};
