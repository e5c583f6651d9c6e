import type { Server, Socket } from 'node:net';
import { timingSafeEqual } from 'node:crypto';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { CodedError } from '../../shared/contract/errors.ts';
import type { PracticeFaults } from '../../shared/contract/methods.ts';
import type { PracticeLogin, PracticePort } from '../core/boards/practice-port.ts';
import { allPrograms } from './commands/all-programs.ts';
import { serveForwarding } from './guest-ssh.ts';
import { loadHostKey, type HostKey } from './host-key.ts';
import { serveLink } from './link-faults.ts';
import { installAndBoot } from './linux/boot.ts';
import { PowerSupply } from './power-supply.ts';
import { PretendLinux } from './linux/pretend-linux.ts';
import { allMachines } from './machines/all-machines.ts';
import { serveSftp } from './sftp-server.ts';
import { runOnChannel } from './ssh-channel.ts';

const user = 'rt';
const password = 'practice';
const uptimeAtStartSeconds = 4 * 3600 + 271;

export interface PracticeBoardOptions {
  /** Where the host key is kept. */
  readonly stateDir: string;
  readonly now?: () => number;
  readonly seed?: number;
}

/**
 * The practice board: an SSH server on 127.0.0.1 with a pretend Linux behind it. The server starts on first use and stays
 * on one port while it runs. Every machine keeps its state until `reset`.
 */
export function createPracticeBoard(options: PracticeBoardOptions): PracticePort {
  return new PracticeBoard(options);
}

class PracticeBoard implements PracticePort {
  readonly #options: PracticeBoardOptions;
  readonly #machines = new Map<string, PretendLinux>();
  readonly #clients = new Set<Connection>();
  readonly #sockets = new Set<Socket>();
  #machineId: string = allMachines[0].id;
  #faults: PracticeFaults = { slowLinkMs: 0, dropAfterBytes: 0, diskFull: false, wrongPassword: false };
  #server: Server | undefined;
  #ssh: ssh2.Server | undefined;
  #starting: Promise<PracticeLogin> | undefined;
  readonly #power: PowerSupply;
  #resets = 0;

  constructor(options: PracticeBoardOptions) {
    this.#options = options;
    this.#power = new PowerSupply(() => this.#faults);
  }

  async ensure(machine: string): Promise<PracticeLogin> {
    if (machine !== this.#machineId) await this.setMachine(machine);
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async state(): ReturnType<PracticePort['state']> {
    return {
      machine: this.#machineId, machines: allMachines.map(({ id, title, description }) => ({ id, title, description })),
      address: '127.0.0.1', port: this.#port, faults: { ...this.#faults },
    };
  }

  async setFaults(faults: PracticeFaults): Promise<void> {
    this.#faults = { ...faults };
    if (this.#power.needsPerson && faults.newCommandLinePanics !== true && faults.newCommandLineLosesNetwork !== true) for (const linux of this.#machines.values()) this.#reboot(linux);
    for (const linux of this.#machines.values()) linux.files.full = faults.diskFull;
  }

  async setMachine(machine: string): Promise<void> {
    if (!allMachines.some(({ id }) => id === machine)) {
      throw new CodedError('bad-request', `There is no practice machine called “${machine}”.`, { next: `Choose one of: ${allMachines.map(({ id }) => id).join(', ')}.` });
    }
    if (machine === this.#machineId) return;
    this.#machineId = machine;
    this.#dropClients();
  }

  async reset(): Promise<void> {
    for (const linux of this.#machines.values()) linux.processes.endAll();
    this.#machines.clear();
    this.#resets += 1;
    this.#power.reset();
    this.#dropClients();
  }

  async stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    const servers = [this.#server, this.#ssh];
    this.#server = undefined;
    this.#ssh = undefined;
    this.#starting = undefined;
    for (const linux of this.#machines.values()) linux.processes.endAll();
    this.#machines.clear();
    this.#dropClients();
    for (const server of servers) if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  get #port(): number {
    return this.#server === undefined ? 0 : portOf(this.#server);
  }

  /** The selected machine, installed on first use. */
  #linux(): PretendLinux {
    const id = this.#machineId;
    const existing = this.#machines.get(id);
    if (existing !== undefined) return existing;
    const spec = allMachines.find((machine) => machine.id === id) ?? allMachines[0];
    const seed = (this.#options.seed ?? Date.now()) + this.#resets * 7919 + allMachines.indexOf(spec);
    const linux = new PretendLinux({ spec, programs: allPrograms, now: this.#options.now ?? Date.now, seed, password });
    linux.files.full = false;
    installAndBoot(linux, uptimeAtStartSeconds);
    linux.files.full = this.#faults.diskFull;
    linux.onReboot = () => this.#reboot(linux);
    this.#power.note(linux);
    this.#machines.set(id, linux);
    return linux;
  }

  #reboot(linux: PretendLinux): void {
    if (this.#machines.get(linux.spec.id) !== linux) return;
    this.#dropClients();
    const { full } = linux.files;
    linux.files.full = false;
    this.#power.restart(linux);
    linux.files.full = full;
  }

  #dropClients(): void {
    for (const client of this.#clients) client.end();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #start(): Promise<PracticeLogin> {
    const key = await loadHostKey(this.#options.stateDir);
    const ssh = new ssh2.Server({ hostKeys: [key.privateKey], ident: 'OpenSSH_9.2p1 Debian-2+deb12u6' }, (client) => this.#accept(client));
    await listen(ssh);
    const server = serveLink({
      faults: () => ({ delayMs: this.#faults.slowLinkMs, dropAfterBytes: this.#faults.dropAfterBytes }),
      targetPort: portOf(ssh),
      open: () => this.#power.reachable,
      onSocket: (socket) => {
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
      },
    });
    await listen(server);
    this.#ssh = ssh;
    this.#server = server;
    return this.#login(key);
  }

  #login(key: HostKey): PracticeLogin {
    return { port: this.#port, user, password, hostKey: { type: key.type, key: key.publicKey } };
  }

  #accept(client: Connection): void {
    this.#clients.add(client);
    client.on('close', () => this.#clients.delete(client));
    client.on('error', () => client.end());
    client.on('authentication', (context) => this.#authenticate(context));
    client.on('ready', () => this.#serve(client, this.#linux()));
  }

  #authenticate(context: AuthContext): void {
    const accept = (given: string): boolean => !this.#faults.wrongPassword && context.username === user && same(given, password);
    if (context.method === 'password') return accept(context.password) ? context.accept() : context.reject(['password', 'keyboard-interactive']);
    if (context.method === 'keyboard-interactive') {
      return context.prompt([{ prompt: 'Password: ', echo: false }], '', (answers) => (accept(answers[0] ?? '') ? context.accept() : context.reject(['password', 'keyboard-interactive'])));
    }
    return context.reject(['password', 'keyboard-interactive']);
  }

  #serve(client: Connection, linux: PretendLinux): void {
    client.on('session', (accept) => {
      const session = accept();
      let terminal: { columns: number; rows: number } | undefined;
      let resize: (columns: number, rows: number) => void = () => undefined;
      session.on('pty', (accepted, _rejected, info) => {
        terminal = { columns: info.cols || 80, rows: info.rows || 24 };
        accepted?.();
      });
      session.on('window-change', (accepted, _rejected, info) => {
        resize(info.cols, info.rows);
        accepted?.();
      });
      session.on('env', (accepted) => accepted?.());
      session.on('exec', (accepted, _rejected, { command }) => {
        resize = runOnChannel({ linux, terminal }, accepted(), command);
      });
      session.on('sftp', (accepted) => serveSftp(linux, accepted()));
      session.on('shell', (accepted) => {
        resize = runOnChannel({ linux, terminal }, accepted(), undefined);
      });
    });
    serveForwarding(client, linux);
    client.on('request', (_accept, reject) => reject?.());
  }
}

interface Listener {
  address(): ReturnType<Server['address']>;
  once(event: 'error', listener: (error: Error) => void): unknown;
  listen(port: number, host: string, listener: () => void): unknown;
}

const portOf = (server: Pick<Listener, 'address'>): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const listen = (server: Listener): Promise<void> => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => resolve());
});

const same = (given: string, wanted: string): boolean => given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
