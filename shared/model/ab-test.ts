import { z } from 'zod';
import { idSchema, stampSchema } from './board.ts';
import { changeStateSchema } from './change.ts';
import { comparedRunsSchema } from './compare.ts';
import { jobIdSchema } from './job.ts';
import { runRequestSchema } from './run.ts';

export const abRepeatsSchema = z.number().int().min(1).max(100);

/**
 * One change tried by measuring: repeats of a run before it, the change, repeats of the same run after it. What is stored is what
 * was asked for and which runs were begun; how far it is, its runs and its change tell.
 */
export const abTestSchema = z.object({
  schema: z.literal(1),
  id: idSchema,
  boardId: idSchema,
  boardName: z.string(),
  createdAt: stampSchema,
  /** The plan that is applied between; its change has the same id. */
  planId: stampSchema,
  title: z.string(),
  request: runRequestSchema,
  repeats: abRepeatsSchema,
  /** Every run begun, oldest first, also one that was cut short. */
  before: z.array(idSchema),
  after: z.array(idSchema),
});
export type AbTest = z.infer<typeof abTestSchema>;
/** The two sides of it. */
export type AbSide = 'before' | 'after';

/** An A/B test as it stands. */
export const abTestViewSchema = z.object({
  test: abTestSchema,
  /** Runs that measured all they were asked for, as many as there are so far. */
  measured: z.object({ before: z.array(idSchema), after: z.array(idSchema) }),
  /** Null: the change was not begun. */
  change: changeStateSchema.nullable(),
  jobId: jobIdSchema.nullable(),
  /** Before against after; null: not all is measured yet. */
  compared: comparedRunsSchema.nullable(),
});
export type AbTestView = z.infer<typeof abTestViewSchema>;
