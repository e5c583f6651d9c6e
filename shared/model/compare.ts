import { z } from 'zod';
import { distributionSchema } from '../parsers/tool-output.ts';
import { comparisonSchema } from '../statistics/comparison/comparison.ts';
import { idSchema, stampSchema } from './board.ts';

/** Runs, own or imported, that are repeats of one another. */
export const sideRequestSchema = z.strictObject({ name: z.string().trim().min(1).max(200).nullable(), runs: z.array(idSchema).min(1).max(200) });
export type SideRequest = z.infer<typeof sideRequestSchema>;

/** The first side is the baseline of the comparison. */
export const compareRequestSchema = z.strictObject({ sides: z.array(sideRequestSchema).min(2).max(12) });
export type CompareRequest = z.infer<typeof compareRequestSchema>;

/** What kind of thing two sides differ in. */
export const differenceKinds = ['measurement', 'load', 'system', 'setting', 'definition', 'change', 'tool'] as const;
export const sideDifferenceSchema = z.object({
  kind: z.enum(differenceKinds),
  what: z.string(),
  /** Null: there is no such thing on that side. */
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type SideDifference = z.infer<typeof sideDifferenceSchema>;

export const comparedRunSchema = z.object({
  id: idSchema,
  origin: z.enum(['own', 'imported']),
  label: z.string(),
  boardName: z.string(),
  createdAt: stampSchema,
  benchmark: z.string(),
  /** As a person would type it; null where an imported file does not tell. */
  command: z.string().nullable(),
  /** Grade of its verdict; null where there is none. */
  grade: z.string().nullable(),
  /** Whether there is a reading of the board from before the run, to tell what differed. */
  hasSnapshot: z.boolean(),
});
export type ComparedRun = z.infer<typeof comparedRunSchema>;

export const comparedRunsSchema = z.object({
  comparison: comparisonSchema,
  sides: z.array(z.object({ runs: z.array(comparedRunSchema) })),
  /** One for each side after the first: what it differs in from the first one, the likeliest to matter first. */
  differences: z.array(z.array(sideDifferenceSchema)),
});
export type ComparedRuns = z.infer<typeof comparedRunsSchema>;

/** The counts behind one line of a comparison: of each run the line of that key, or the one with the longest latency. */
export const curvesRequestSchema = z.strictObject({ runs: z.array(idSchema).min(1).max(200), key: z.string().max(200).nullable() });
export const curveSchema = z.object({
  runId: idSchema,
  distribution: distributionSchema,
  resolutionNs: z.number(),
  /** Where the overflow begins; null where that is not known. */
  boundNs: z.number().nullable(),
});
export type Curve = z.infer<typeof curveSchema>;

/** The runs that others of the project are held against, by a name. */
export const baselineSchema = z.object({ schema: z.literal(1), name: z.string().trim().min(1).max(200), runs: z.array(idSchema).min(1).max(200), setAt: stampSchema });
export type Baseline = z.infer<typeof baselineSchema>;
