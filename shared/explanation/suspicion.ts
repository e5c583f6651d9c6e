import type { CounterDeltas } from '../parsers/counters/counter-deltas.ts';

/** Counters of one machine between two readings, and which of its CPUs the run was about. */
export interface Scene {
  readonly deltas: CounterDeltas;
  readonly seconds: number;
  readonly cpus: readonly number[];
  readonly where: 'board' | 'host';
  /** Wake-ups of the measuring thread on a CPU: each takes a timer interrupt and a switch of its own. Zero where that is not known. */
  readonly ownWakes: (cpu: number) => number;
  /** Whether a measuring thread's own wake-ups are known at all. */
  readonly wakesKnown: boolean;
  readonly measuredSeconds: number;
  readonly isVirtual: boolean;
  /** CPUs the running kernel keeps the tick off. */
  readonly nohzFull: readonly number[];
}

/** Something that happened while it was measured and should not have. The setting's state is added to its words later. */
export interface Suspicion {
  readonly rule: string;
  /** How likely it is to be felt: 1 first. Within a rank the more frequent one is first. */
  readonly rank: number;
  /** The CPU it came on most; null: of the whole machine. */
  readonly cpu: number | null;
  readonly source: string | null;
  readonly count: number;
  /** `1,204 interrupts of eth0-TxRx-3 on CPU 5 (10 a second)`, without a full stop. */
  readonly words: string;
  readonly figures: ReadonlyArray<{ readonly name: string; readonly value: number; readonly unit: string }>;
  readonly evidence: readonly string[];
  /** Settings that address it, the likeliest first. */
  readonly settingIds: readonly string[];
  /** The same count in another stretch of the run; null where it cannot be told of a part. */
  readonly countIn: ((deltas: CounterDeltas) => number) | null;
}

/** One kind of disturbance. Total; nothing found is nothing said. */
export type SuspicionRule = (scene: Scene) => readonly Suspicion[];
