import type { PracticeFaults } from '../../shared/contract/methods.ts';
import { boot, switchOff } from './linux/boot.ts';
import { chooseBoot, type BootChoice } from './linux/grub-menu.ts';
import type { PretendLinux } from './linux/pretend-linux.ts';

/** How long a restart refuses connections. */
const restartMs = 3_000;
/** `panic=` is played, but nobody waits longer than this for it. */
const longestPanicMs = 4_000;

/**
 * Restarts of the machine: how long it is away, and what goes wrong at a command line that has never come up before. A
 * machine that a person would have to restart stays away until the fault is switched off: that is the reset button.
 */
export class PowerSupply {
  readonly #faults: () => PracticeFaults;
  /** Command lines that came up, by machine. */
  readonly #known = new WeakMap<PretendLinux, Set<string>>();
  #awayUntilMs = 0;

  constructor(faults: () => PracticeFaults) {
    this.#faults = faults;
  }

  get reachable(): boolean {
    return Date.now() >= this.#awayUntilMs;
  }

  /** Away without an end. */
  get needsPerson(): boolean {
    return this.#awayUntilMs === Infinity;
  }

  reset(): void {
    this.#awayUntilMs = 0;
  }

  /** The machine has come up with its present command line. */
  note(linux: PretendLinux): void {
    const known = this.#known.get(linux) ?? new Set();
    known.add(linux.commandLine);
    this.#known.set(linux, known);
  }

  /** Ends the present boot and begins the next; the menu is asked again after a panic. */
  restart(linux: PretendLinux): void {
    switchOff(linux);
    const first = chooseBoot(linux);
    const panics = this.#faults().newCommandLinePanics === true && this.#isNew(linux, first);
    const choice = panics ? chooseBoot(linux) : first;
    const panicMs = panics ? Math.abs(Number(/(?:^| )panic=(-?\d+)/.exec(first.commandLine)?.[1] ?? '0')) * 1000 : 0;
    if (panics && (panicMs === 0 || this.#isNew(linux, choice))) {
      this.#awayUntilMs = Infinity;
      return;
    }
    boot(linux, choice);
    this.#awayUntilMs = Date.now() + restartMs + Math.min(panicMs, longestPanicMs);
    if (this.#faults().newCommandLineLosesNetwork === true && this.#isNew(linux, choice)) this.#awayUntilMs = Infinity;
    else this.note(linux);
  }

  #isNew(linux: PretendLinux, { commandLine }: BootChoice): boolean {
    return this.#known.get(linux)?.has(commandLine) !== true;
  }
}
