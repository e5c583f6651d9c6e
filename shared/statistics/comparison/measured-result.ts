import type { Distribution, Scalar } from '../../parsers/tool-output.ts';

/** One measured thing of a result: usually a CPU. */
export interface MeasuredLine {
  /** The same on every side that measured the same thing: "CPU 4", "timer latency of threads on CPU 4". */
  readonly key: string;
  /** What kind of thing: lines of different kinds are never put together. Empty where a tool measures one kind only. */
  readonly kind: string;
  readonly distribution: Distribution;
  /** Width of a bucket: a value v stands for latencies from v up to v + resolution. */
  readonly resolutionNs: number;
  /** Where the overflow begins; null where that is not known. */
  readonly boundNs: number | null;
  /** Maxima of blocks of equal length within this result, in the order of time; null where there are none. */
  readonly blockMaximaNs: readonly number[] | null;
}

/** One repeat: an output of a tool, or a run. */
export interface MeasuredResult {
  readonly name: string;
  readonly tool: string;
  readonly version: string | null;
  /** What the figures are latencies of; results with different ones are not compared. */
  readonly measures: string;
  readonly lines: readonly MeasuredLine[];
  readonly scalars: readonly Scalar[];
  /** Why this result cannot be compared with anything: measured while throttled, on another CPU … */
  readonly invalid: readonly string[];
  /** What a reader must know about the figures: warnings, conditions. */
  readonly notes: readonly string[];
  /** Whether the board was a virtual machine; null when that is not known. */
  readonly virtualised: boolean | null;
}

/** One or more repeats of the same measurement under the same conditions. */
export interface ComparedSide { readonly name: string; readonly repeats: readonly MeasuredResult[] }
