import type { ServerChannel } from 'ssh2';
import { OpenFile, OpenPipe } from './files/open-file.ts';
import { Pipe } from './files/pipe.ts';
import type { PretendLinux } from './linux/pretend-linux.ts';
import { OpenTerminal, Terminal } from './processes/terminal.ts';
import type { Process } from './processes/process.ts';
import type { Signal } from './processes/signals.ts';
import { FileError } from './files/file-error.ts';

/** One direction of an SSH channel as a file: writing waits while the other side does not read. */
class ChannelOutput extends OpenFile {
  #gone = false;
  readonly #ended: Promise<void>;
  constructor(readonly stream: NodeJS.WritableStream, channel: ServerChannel) {
    super('pipe:[ssh]');
    this.#ended = new Promise((resolve) => {
      channel.once('close', () => {
        this.#gone = true;
        resolve();
      });
    });
    stream.on('error', () => {
      this.#gone = true;
    });
  }

  override async read(): Promise<string> {
    throw new FileError('EBADF', this.path);
  }

  override async write(text: string, stop: AbortSignal): Promise<void> {
    if (this.#gone) throw new FileError('EPIPE', this.path);
    if (this.stream.write(Buffer.from(text, 'latin1'))) return;
    await Promise.race([this.#ended, new Promise<void>((resolve) => {
      this.stream.once('drain', () => resolve());
      stop.addEventListener('abort', () => resolve(), { once: true });
    })]);
    if (this.#gone) throw new FileError('EPIPE', this.path);
  }

  override async broken(stop: AbortSignal): Promise<void> {
    await Promise.race([this.#ended, super.broken(stop)]);
  }

  protected override close(): void {}
}

export interface Login {
  readonly linux: PretendLinux;
  readonly terminal: { readonly columns: number; readonly rows: number } | undefined;
}

let lastTerminal = -1;

/** Runs a login shell with `command` (or an interactive one) on a channel; gives a function that resizes its terminal. */
export function runOnChannel(login: Login, channel: ServerChannel, command: string | undefined): (columns: number, rows: number) => void {
  const { linux } = login;
  const input = new Pipe();
  const typed = new OpenPipe('pipe:[ssh]', input, 'write');
  let terminal: Terminal | undefined;
  if (login.terminal !== undefined) {
    lastTerminal = (lastTerminal + 1) % 64;
    terminal = new Terminal(`pts/${lastTerminal}`, (text) => {
      if (channel.writable) channel.write(Buffer.from(text, 'latin1'));
    });
    Object.assign(terminal, login.terminal);
    terminal.onSignal = (group, signal) => void linux.processes.signalGroup(group, signal);
  }
  const environment = new Map([
    ['HOME', '/home/rt'], ['USER', 'rt'], ['LOGNAME', 'rt'], ['SHELL', '/bin/bash'], ['PATH', '/usr/local/bin:/usr/bin:/bin:/usr/games'], ['LANG', 'C.UTF-8'],
    ['SSH_CONNECTION', '127.0.0.1 50000 127.0.0.1 22'], ...(terminal === undefined ? [] : [['TERM', 'xterm-256color'] as const, ['SSH_TTY', `/dev/${terminal.name}`] as const]),
  ]);
  const argv = command === undefined ? ['-bash'] : ['bash', '-c', command];
  const process = linux.processes.spawn({
    parent: linux.processes.find(1), name: 'bash', argv,
    prepare: (child) => prepare(linux, child, channel, terminal, input),
  }, (child) => linux.exec(child, command === undefined ? ['/bin/bash', '-l'] : ['/bin/bash', '-c', command], environment));
  let stopped = false;
  const pump = async (data: Buffer): Promise<void> => {
    channel.pause();
    await typed.write(data.toString('latin1'), process.stop).catch(() => undefined);
    if (!stopped) channel.resume();
  };
  channel.on('data', (data: Buffer) => (terminal === undefined ? void pump(data) : terminal.type(data.toString('latin1'))));
  channel.once('end', () => (terminal === undefined ? typed.release() : undefined));
  channel.once('close', () => {
    stopped = true;
    if (terminal === undefined) return;
    terminal.hangUp();
    for (const member of linux.processes.all()) if (member.session === process.session) member.deliver('HUP');
  });
  void process.exited.then(({ code, signal }) => finish(channel, code, signal));
  return (columns, rows) => {
    if (terminal !== undefined) Object.assign(terminal, { columns, rows });
  };
}

function prepare(linux: PretendLinux, child: Process, channel: ServerChannel, terminal: Terminal | undefined, input: Pipe): void {
  Object.assign(child, { uid: 1000, gid: 1000, groups: linux.accounts.groupsOf('rt'), workingFolder: '/home/rt', group: child.pid, session: child.pid });
  if (terminal === undefined) {
    child.fds.set(0, new OpenPipe('pipe:[ssh]', input, 'read'));
    child.fds.set(1, new ChannelOutput(channel, channel));
    child.fds.set(2, new ChannelOutput(channel.stderr, channel));
    return;
  }
  child.terminal = terminal;
  terminal.foreground = child.pid;
  const open = new OpenTerminal(terminal);
  child.fds.set(0, open).set(1, open.retain()).set(2, open.retain());
}

function finish(channel: ServerChannel, code: number, signal: Signal | null): void {
  if (channel.destroyed) return;
  // A login shell that a signal ended tells so; everything else is a status.
  if (signal === null) channel.exit(code);
  else channel.exit(signal, false);
  channel.end();
  channel.close();
}
