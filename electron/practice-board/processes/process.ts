import { setMaxListeners } from 'node:events';
import type { Credentials } from '../files/inode.ts';
import type { OpenFile } from '../files/open-file.ts';
import { endsByDefault, signalNumbers, type Signal } from './signals.ts';
import type { Terminal } from './terminal.ts';

/** Thrown inside a pretend program whose process has ended: unwinds it, nothing else. */
export class ProcessGone extends Error {
  override readonly name = 'ProcessGone';
}

export interface ExitStatus {
  readonly code: number;
  readonly signal: Signal | null;
}

export type SchedulingPolicy = 'other' | 'fifo' | 'rr' | 'batch' | 'idle';

export interface Thread {
  readonly tid: number;
  name: string;
  policy: SchedulingPolicy;
  priority: number;
  affinity: readonly number[];
  lastCpu: number;
}

export interface Limits {
  rtPriority: number;
  lockedMemoryBytes: number;
}

export interface ProcessInit {
  readonly pid: number;
  readonly parent: Process | undefined;
  readonly name: string;
  readonly argv: readonly string[];
  readonly startedAtTicks: number;
}

/** One pretend process. Children inherit everything but the pid; `fds` holds one reference per entry. */
export class Process {
  readonly pid: number;
  parentPid: number;
  group: number;
  session: number;
  name: string;
  argv: readonly string[];
  readonly startedAtTicks: number;
  uid = 0;
  gid = 0;
  groups: readonly number[] = [0];
  workingFolder = '/';
  umask = 0o022;
  nice = 0;
  unit: string | undefined;
  terminal: Terminal | undefined;
  limits: Limits = { rtPriority: 0, lockedMemoryBytes: 8_388_608 };
  /** Pretend CPU time used so far. */
  cpuMs = 0;
  residentKb = 1_800;
  lockedKb = 0;
  /** Control group where it is not that of its unit or session. */
  cgroup: string | undefined;
  readonly fds = new Map<number, OpenFile>();
  readonly threads: Thread[];
  readonly handlers = new Map<Signal, 'ignore' | (() => void)>();
  readonly exited: Promise<ExitStatus>;
  readonly death = new AbortController();
  status: ExitStatus | undefined;
  #settle: (status: ExitStatus) => void = () => undefined;

  constructor(init: ProcessInit) {
    // Every wait of a process listens for its end; many at once are no leak.
    setMaxListeners(0, this.death.signal);
    this.pid = init.pid;
    this.name = init.name;
    this.argv = init.argv;
    this.startedAtTicks = init.startedAtTicks;
    this.exited = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const parent = init.parent;
    this.parentPid = parent?.pid ?? 0;
    this.group = parent?.group ?? this.pid;
    this.session = parent?.session ?? this.pid;
    this.threads = [{ ...(parent?.main ?? { policy: 'other', priority: 0, affinity: [], lastCpu: 0 }), tid: this.pid, name: init.name }];
    if (parent === undefined) return;
    Object.assign(this, {
      uid: parent.uid, gid: parent.gid, groups: parent.groups, workingFolder: parent.workingFolder, umask: parent.umask, nice: parent.nice,
      unit: parent.unit, terminal: parent.terminal, limits: { ...parent.limits },
    });
    for (const [fd, file] of parent.fds) this.fds.set(fd, file.retain());
    for (const [signal, handler] of parent.handlers) if (handler === 'ignore') this.handlers.set(signal, 'ignore');
  }

  get main(): Thread {
    const first = this.threads[0];
    if (first === undefined) throw new ProcessGone();
    return first;
  }

  get credentials(): Credentials {
    return { uid: this.uid, gid: this.gid, groups: this.groups, pid: this.pid };
  }

  get alive(): boolean {
    return this.status === undefined;
  }

  get stop(): AbortSignal {
    return this.death.signal;
  }

  assertAlive(): void {
    if (!this.alive) throw new ProcessGone();
  }

  deliver(signal: Signal): void {
    if (!this.alive) return;
    const handler = signal === 'KILL' ? undefined : this.handlers.get(signal);
    if (handler === 'ignore') return;
    if (handler !== undefined) handler();
    else if (endsByDefault(signal)) this.end({ code: 128 + signalNumbers[signal], signal });
  }

  /** Ends the process at once: descriptors closed, waiters told; code of it still running is unwound at its next step. */
  end(status: ExitStatus): void {
    if (!this.alive) return;
    this.status = status;
    this.death.abort();
    for (const file of this.fds.values()) file.release();
    this.fds.clear();
    this.#settle(status);
  }

  /** Puts `file` at `fd`, closing what was there. Takes over the caller's reference. */
  setFd(fd: number, file: OpenFile | undefined): void {
    const old = this.fds.get(fd);
    if (file === undefined) this.fds.delete(fd);
    else this.fds.set(fd, file);
    old?.release();
  }

  /** Resolves with `promise`; rejects with ProcessGone as soon as the process has ended. */
  async until<T>(promise: Promise<T>): Promise<T> {
    this.assertAlive();
    let onEnd: (() => void) | undefined;
    const ended = new Promise<never>((_resolve, reject) => {
      onEnd = () => reject(new ProcessGone());
      this.stop.addEventListener('abort', onEnd, { once: true });
    });
    try {
      return await Promise.race([promise, ended]);
    } finally {
      if (onEnd !== undefined) this.stop.removeEventListener('abort', onEnd);
    }
  }

  /** Real time. */
  sleep(milliseconds: number): Promise<void> {
    this.assertAlive();
    return new Promise((resolve, reject) => {
      const due = Date.now() + milliseconds;
      const onEnd = (): void => {
        clearTimeout(timer);
        reject(new ProcessGone());
      };
      // Timers of Node end at 2^31 ms; longer sleeps are taken in pieces.
      const arm = (): NodeJS.Timeout => setTimeout(() => {
        if (Date.now() < due) {
          timer = arm();
          return;
        }
        this.stop.removeEventListener('abort', onEnd);
        resolve();
      }, Math.min(2_000_000_000, Math.max(0, due - Date.now())));
      let timer = arm();
      this.stop.addEventListener('abort', onEnd, { once: true });
    });
  }
}
