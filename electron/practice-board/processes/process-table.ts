import { Process, ProcessGone, type ExitStatus } from './process.ts';
import type { Signal } from './signals.ts';

export interface SpawnOptions {
  readonly parent: Process | undefined;
  readonly name: string;
  readonly argv: readonly string[];
  /** Changes to make in the child before it runs. */
  prepare?(child: Process): void;
}

/** All processes of one pretend machine. */
export class ProcessTable {
  readonly #processes = new Map<number, Process>();
  #lastPid = 0;
  /** Given by the machine: clock ticks (10 ms) since boot. */
  constructor(readonly ticks: () => number) {}

  all(): Process[] {
    return [...this.#processes.values()];
  }

  find(pid: number): Process | undefined {
    return this.#processes.get(pid);
  }

  /** The process that `tid` belongs to. */
  ofThread(tid: number): Process | undefined {
    return this.#processes.get(tid) ?? this.all().find((process) => process.threads.some((thread) => thread.tid === tid));
  }

  nextPid(): number {
    do this.#lastPid = this.#lastPid >= 4_194_303 ? 300 : this.#lastPid + 1;
    while (this.#processes.has(this.#lastPid));
    return this.#lastPid;
  }

  skipTo(pid: number): void {
    this.#lastPid = pid;
  }

  add(options: SpawnOptions): Process {
    const process = new Process({ pid: this.nextPid(), parent: options.parent, name: options.name, argv: options.argv, startedAtTicks: this.ticks() });
    options.prepare?.(process);
    this.#processes.set(process.pid, process);
    void process.exited.then(() => {
      this.#processes.delete(process.pid);
      for (const child of this.all()) if (child.parentPid === process.pid) child.parentPid = 1;
    });
    return process;
  }

  /** Starts a process whose program is `run`; it ends with the number `run` gives. */
  spawn(options: SpawnOptions, run: (process: Process) => Promise<number>): Process {
    const process = this.add(options);
    void this.#live(process, run);
    return process;
  }

  signalGroup(group: number, signal: Signal): boolean {
    const members = this.all().filter((process) => process.group === group);
    for (const member of members) member.deliver(signal);
    return members.length > 0;
  }

  endAll(): void {
    for (const process of this.all()) process.end({ code: 137, signal: 'KILL' });
  }

  async #live(process: Process, run: (process: Process) => Promise<number>): Promise<void> {
    let status: ExitStatus;
    try {
      status = { code: (await run(process)) & 255, signal: null };
    } catch (error) {
      if (error instanceof ProcessGone) return;
      // A fault of a pretend program must not take the server with it: the process crashes, as a real one would.
      status = { code: 139, signal: 'SEGV' };
      if (this.onCrash !== undefined) this.onCrash(process, error);
    }
    process.end(status);
  }

  onCrash: ((process: Process, error: unknown) => void) | undefined;
}
