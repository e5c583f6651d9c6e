import { z } from 'zod';
import { figureValueSchema } from './figures.ts';

/**
 * `different`: more than chance, counting that several figures were tested. `perhaps different`: more than chance taken alone.
 * `no difference shown`: chance would do as much. `equal`: less apart than the resolution. `unknown`: it cannot be told, `reason` says why.
 */
export const meanings = ['different', 'perhaps different', 'no difference shown', 'equal', 'unknown'] as const;
export type Meaning = typeof meanings[number];
const meaningSchema = z.enum(meanings);

/** One side against the first one. */
export const figureDifferenceSchema = z.object({
  /** Median of the repeats less the median of the baseline's; null where one is hidden. */
  ns: z.number().nullable(),
  percent: z.number().nullable(),
  /** Contains the difference with 95 % confidence; null where there are too few repeats. */
  interval: z.object({ lowNs: z.number(), highNs: z.number() }).readonly().nullable(),
  /** Of the rank-sum test over the repeats, alone, and adjusted for the figures of the row (Hochberg). */
  p: z.number().nullable(),
  adjustedP: z.number().nullable(),
  meaning: meaningSchema,
  reason: z.string().nullable(),
}).readonly();
export type FigureDifference = z.infer<typeof figureDifferenceSchema>;

export const comparedFigureSchema = z.object({
  figure: z.string(),
  /** One per side: the figure of every repeat, and their median. */
  sides: z.array(z.object({ values: z.array(figureValueSchema).readonly(), median: figureValueSchema }).readonly()).readonly(),
  /** One per side after the first. */
  differences: z.array(figureDifferenceSchema).readonly(),
}).readonly();
export type ComparedFigure = z.infer<typeof comparedFigureSchema>;

export const comparedRowSchema = z.object({
  key: z.string(),
  kind: z.string(),
  /** Of each repeat the worst line of the kind, figure by figure. */
  isWorst: z.boolean(),
  /** Fewest and most samples of a repeat, per side. */
  samples: z.array(z.object({ fewest: z.number(), most: z.number() }).readonly()).readonly(),
  figures: z.array(comparedFigureSchema).readonly(),
}).readonly();
export type ComparedRow = z.infer<typeof comparedRowSchema>;

export const comparedScalarSchema = z.object({
  name: z.string(),
  unit: z.string(),
  sides: z.array(z.object({ values: z.array(z.number()).readonly(), median: z.number().nullable() }).readonly()).readonly(),
  differences: z.array(z.object({ value: z.number().nullable(), percent: z.number().nullable(), meaning: meaningSchema, reason: z.string().nullable(), p: z.number().nullable() }).readonly()).readonly(),
}).readonly();
export type ComparedScalar = z.infer<typeof comparedScalarSchema>;

export const comparisonSchema = z.object({
  sides: z.array(z.object({ name: z.string(), tools: z.array(z.string()).readonly(), repeats: z.array(z.string()).readonly(), virtualised: z.boolean().nullable() }).readonly()).readonly(),
  /** Why nothing may be concluded; null when nothing stands against it. */
  obstacle: z.string().nullable(),
  rows: z.array(comparedRowSchema).readonly(),
  scalars: z.array(comparedScalarSchema).readonly(),
  /** What the comparison shows, in words. */
  statements: z.array(z.string()).readonly(),
  notes: z.array(z.string()).readonly(),
}).readonly();
export type Comparison = z.infer<typeof comparisonSchema>;
