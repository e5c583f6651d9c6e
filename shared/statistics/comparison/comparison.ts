import type { FigureValue } from './figures.ts';

/**
 * `different`: more than chance, counting that several figures were tested. `perhaps different`: more than chance taken alone.
 * `no difference shown`: chance would do as much. `equal`: less apart than the resolution. `unknown`: it cannot be told, `reason` says why.
 */
export const meanings = ['different', 'perhaps different', 'no difference shown', 'equal', 'unknown'] as const;
export type Meaning = typeof meanings[number];

/** One side against the first one. */
export interface FigureDifference {
  /** Median of the repeats less the median of the baseline's; null where one is hidden. */
  readonly ns: number | null;
  readonly percent: number | null;
  /** Contains the difference with 95 % confidence; null where there are too few repeats. */
  readonly interval: { readonly lowNs: number; readonly highNs: number } | null;
  /** Of the rank-sum test over the repeats, alone, and adjusted for the figures of the row (Hochberg). */
  readonly p: number | null;
  readonly adjustedP: number | null;
  readonly meaning: Meaning;
  readonly reason: string | null;
}

export interface ComparedFigure {
  readonly figure: string;
  /** One per side: the figure of every repeat, and their median. */
  readonly sides: ReadonlyArray<{ readonly values: readonly FigureValue[]; readonly median: FigureValue }>;
  /** One per side after the first. */
  readonly differences: readonly FigureDifference[];
}

export interface ComparedRow {
  readonly key: string;
  readonly kind: string;
  /** Of each repeat the worst line of the kind, figure by figure. */
  readonly isWorst: boolean;
  /** Fewest and most samples of a repeat, per side. */
  readonly samples: ReadonlyArray<{ readonly fewest: number; readonly most: number }>;
  readonly figures: readonly ComparedFigure[];
}

export interface ComparedScalar {
  readonly name: string;
  readonly unit: string;
  readonly sides: ReadonlyArray<{ readonly values: readonly number[]; readonly median: number | null }>;
  readonly differences: ReadonlyArray<{ readonly value: number | null; readonly percent: number | null; readonly meaning: Meaning; readonly reason: string | null; readonly p: number | null }>;
}

export interface Comparison {
  readonly sides: ReadonlyArray<{ readonly name: string; readonly tools: readonly string[]; readonly repeats: readonly string[]; readonly virtualised: boolean | null }>;
  /** Why nothing may be concluded; null when nothing stands against it. */
  readonly obstacle: string | null;
  readonly rows: readonly ComparedRow[];
  readonly scalars: readonly ComparedScalar[];
  /** What the comparison shows, in words. */
  readonly statements: readonly string[];
  readonly notes: readonly string[];
}
