import { counterDeltas, type CounterDeltas } from '../parsers/counters/counter-deltas.ts';
import { parseCounters, type Counters } from '../parsers/counters/counters.ts';
import type { InterruptCounts, PerCpu, SoftirqCounts } from '../parsers/counters/interrupt-table.ts';
import type { JournalCounters } from '../parsers/run-journal-model.ts';

/** What was counted in one part of a run, on the CPUs it was about. */
export interface PartDeltas { readonly index: number; readonly deltas: CounterDeltas }

/** Takes the readings of a journal one after the other and keeps their differences on the measured CPUs only: a day of hourly parts stays small. */
export class PartCounters {
  readonly parts: PartDeltas[] = [];
  readonly #cpus: readonly number[];
  #before: Counters | null = null;

  constructor(cpus: readonly number[]) {
    this.#cpus = cpus;
  }

  /** `afterPart`: how many parts had begun before this reading; 0 for the first. */
  take({ texts, atSeconds }: JournalCounters, afterPart: number): void {
    const now = parseCounters(texts, atSeconds);
    if (this.#before !== null && afterPart > 0) this.parts.push({ index: afterPart, deltas: onCpus(counterDeltas(this.#before, now), this.#cpus) });
    this.#before = now;
  }
}

function onCpus(deltas: CounterDeltas, cpus: readonly number[]): CounterDeltas {
  const own = (counts: PerCpu): PerCpu => new Map([...counts].filter(([cpu]) => cpus.includes(cpu)));
  const kept = <T extends InterruptCounts | SoftirqCounts>(list: readonly T[]): T[] => list.flatMap((one) => { const perCpu = own(one.perCpu); return perCpu.size === 0 ? [] : [{ ...one, perCpu }]; });
  return {
    ...deltas, interrupts: kept(deltas.interrupts), softirqs: kept(deltas.softirqs), taskSwitches: deltas.taskSwitches === null ? null : own(deltas.taskSwitches),
    cpuTimes: new Map([...deltas.cpuTimes].filter(([cpu]) => cpus.includes(cpu))),
  };
}
