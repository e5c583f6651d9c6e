import { z } from 'zod';
import { codedErrorSchema } from '../contract/errors.ts';
import { idSchema, stampSchema } from './board.ts';
import { planSchema, targetStateSchema } from './plan.ts';

/**
 * Where a change is. `applying`: at work or interrupted, can be resumed or rolled back. `restarting`: the board was told
 * to start again and has not answered yet. `fell-back`: it came back, not with what was tried.
 */
export const changeStateSchema = z.enum(['applying', 'restarting', 'done', 'failed', 'fell-back', 'rolled-back', 'undone']);
export type ChangeState = z.infer<typeof changeStateSchema>;

/** One line of a change's journal; written and synced before what it announces is done. */
export const journalEntrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), planId: stampSchema, owner: z.string(), direction: z.enum(['apply', 'roll-back']) }),
  z.object({ kind: z.literal('step-began'), step: z.number().int(), before: targetStateSchema }),
  z.object({ kind: z.literal('step-done'), step: z.number().int(), after: targetStateSchema }),
  z.object({ kind: z.literal('step-failed'), step: z.number().int(), error: codedErrorSchema }),
  z.object({ kind: z.literal('step-reverted'), step: z.number().int(), after: targetStateSchema }),
  z.object({ kind: z.literal('restart-asked'), step: z.number().int(), bootId: z.string() }),
  z.object({ kind: z.literal('restarted'), step: z.number().int(), bootId: z.string(), commandLine: z.string(), kernelRelease: z.string(), asExpected: z.boolean() }),
  z.object({ kind: z.literal('closed'), state: changeStateSchema, words: z.string() }),
  z.object({ kind: z.literal('undone-by'), changeId: stampSchema }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;

export const changeStepSchema = z.object({
  number: z.number().int(),
  title: z.string(),
  state: z.enum(['waiting', 'began', 'done', 'failed', 'reverted']),
  before: targetStateSchema.nullable(),
  after: targetStateSchema.nullable(),
});

/** An applied plan: what its journal says, step by step. */
export const changeSchema = z.object({
  id: stampSchema,
  boardId: idSchema,
  plan: planSchema,
  owner: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  state: changeStateSchema,
  words: z.string(),
  steps: z.array(changeStepSchema),
  undoneBy: stampSchema.nullable(),
  /** After a restart of the change: what the board came back with. */
  restarted: z.object({ commandLine: z.string(), kernelRelease: z.string(), asExpected: z.boolean() }).nullable(),
});
export type Change = z.infer<typeof changeSchema>;
