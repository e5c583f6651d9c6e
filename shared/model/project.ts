import { z } from 'zod';
import { stampSchema } from './board.ts';

export const projectFileSchema = z.object({
  schema: z.literal(1),
  name: z.string().min(1).max(200),
  customer: z.string().max(200).default(''),
  notes: z.string().max(20_000).default(''),
  createdAt: stampSchema,
});
export type ProjectFile = z.infer<typeof projectFileSchema>;

/** A file that could not be read: moved aside, named, and the rest of the project opened. */
export const quarantinedSchema = z.object({ file: z.string(), reason: z.string(), movedTo: z.string().nullable() });
export type Quarantined = z.infer<typeof quarantinedSchema>;

export const projectInfoSchema = z.object({
  directory: z.string(),
  project: projectFileSchema,
  readOnly: z.boolean(),
  readOnlyReason: z.string().nullable(),
  quarantined: z.array(quarantinedSchema),
});
export type ProjectInfo = z.infer<typeof projectInfoSchema>;
