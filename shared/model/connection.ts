import { z } from 'zod';
import { codedErrorSchema } from '../contract/errors.ts';
import { idSchema } from './board.ts';

export const connectionSchema = z.object({
  boardId: idSchema,
  state: z.enum(['idle', 'connecting', 'connected', 'slow', 'reconnecting', 'failed']),
  roundTripMs: z.number().nullable(),
  sudo: z.enum(['not-needed', 'not-asked', 'granted', 'refused', 'unknown']),
  error: codedErrorSchema.nullable(),
});
export type Connection = z.infer<typeof connectionSchema>;
