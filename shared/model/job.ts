import { z } from 'zod';
import { codedErrorSchema } from '../contract/errors.ts';
import { liveStatusSchema } from './run.ts';
import { idSchema, stampSchema } from './board.ts';

export const jobIdSchema = z.string().regex(/^job-[0-9a-f-]{8,40}$/);

/** What a job tells while it works. `seq` counts from 1 without gaps within a job. */
export const jobEventSchema = z.object({
  jobId: jobIdSchema,
  seq: z.number().int().min(1),
  at: z.string(),
  body: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('progress'), message: z.string(), fraction: z.number().min(0).max(1).nullable() }),
    z.object({ kind: z.literal('live'), status: liveStatusSchema }),
    z.object({ kind: z.literal('link'), state: z.enum(['following', 'slow', 'lost', 'reconnecting']), message: z.string() }),
    z.object({ kind: z.literal('done'), result: z.record(z.string(), z.json()) }),
    z.object({ kind: z.literal('failed'), error: codedErrorSchema }),
  ]),
});
export type JobEvent = z.infer<typeof jobEventSchema>;

export const jobSchema = z.object({
  id: jobIdSchema,
  kind: z.enum(['inspect', 'run', 'discover', 'clean', 'change', 'restart', 'firmware', 'vm', 'workload', 'campaign', 'ab']),
  title: z.string(),
  boardId: idSchema.nullable(),
  runId: idSchema.nullable(),
  startedAt: stampSchema,
  state: z.enum(['running', 'done', 'failed']),
  lastSeq: z.number().int(),
});
export type Job = z.infer<typeof jobSchema>;
