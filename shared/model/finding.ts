import { z } from 'zod';

/** What a planner or a check has to say: the rule's name, the element it is about, and the fix. */
export const findingSchema = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'note']),
  element: z.string(),
  message: z.string(),
  fix: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;
