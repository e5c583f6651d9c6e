import { parseSignal, signalNumbers, type Signal } from '../processes/signals.ts';
import type { Shell } from './shell.ts';

/** Signal handling of one shell: actions run between commands, and cut `wait` short. */
export class Traps {
  readonly #shell: Shell;
  #pending: Signal[] = [];
  #interrupt: ((signal: Signal) => void) | undefined;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Sets, ignores (`''`) or resets (undefined) one signal or EXIT. False for an unknown name. */
  set(name: string, action: string | undefined): boolean {
    const { state, process } = this.#shell;
    if (name === 'EXIT' || name === '0') {
      if (action === undefined) state.traps.delete('EXIT');
      else state.traps.set('EXIT', action);
      return true;
    }
    const signal = parseSignal(name);
    if (signal === undefined) return false;
    if (action === undefined) {
      state.traps.delete(signal);
      process.handlers.delete(signal);
    } else {
      state.traps.set(signal, action);
      process.handlers.set(signal, action === '' ? 'ignore' : () => this.#arrived(signal));
    }
    return true;
  }

  /** What execve does: handlers go, ignored signals stay ignored. */
  forget(): void {
    const { handlers } = this.#shell.process;
    for (const [signal, handler] of handlers) if (handler !== 'ignore') handlers.delete(signal);
  }

  async runPending(): Promise<void> {
    for (let signal = this.#pending.shift(); signal !== undefined; signal = this.#pending.shift()) {
      const action = this.#shell.state.traps.get(signal);
      if (action === undefined || action === '') continue;
      const before = this.#shell.state.lastStatus;
      await this.#shell.runText(action);
      this.#shell.state.lastStatus = before;
    }
  }

  /** Waits for `work`, or until a trapped signal arrives: then gives 128 + its number. */
  async interruptible(work: Promise<number>): Promise<number> {
    const waiting = this.#pending[0];
    if (waiting !== undefined) return 128 + signalNumbers[waiting];
    const interrupted = new Promise<number>((resolve) => {
      this.#interrupt = (signal) => resolve(128 + signalNumbers[signal]);
    });
    try {
      return await this.#shell.process.until(Promise.race([work, interrupted]));
    } finally {
      this.#interrupt = undefined;
    }
  }

  #arrived(signal: Signal): void {
    this.#pending.push(signal);
    this.#interrupt?.(signal);
  }
}
