import { z } from 'zod';

/** One distribution of latencies. `buckets` is [lower edge, count], ascending, without zero counts; `samples` includes overflows. */
export const distributionSchema = z.object({
  label: z.string(),
  cpu: z.number().int().nullable(),
  samples: z.number(),
  minNs: z.number().nullable(),
  avgNs: z.number().nullable(),
  maxNs: z.number().nullable(),
  overflows: z.number(),
  buckets: z.array(z.tuple([z.number(), z.number()])),
});
export type Distribution = z.infer<typeof distributionSchema>;

/** A single figure of a tool: a count of SMIs, a rate, a longest gap. */
export const scalarSchema = z.object({ name: z.string(), value: z.number(), unit: z.string() });
export type Scalar = z.infer<typeof scalarSchema>;

/** What the output of every measuring tool has in common, so that plots, comparison and reports need not know the tool. */
export const toolOutputSchema = z.object({
  tool: z.string(),
  version: z.string().nullable(),
  distributions: z.array(distributionSchema),
  scalars: z.array(scalarSchema),
  warnings: z.array(z.string()),
});
export type ToolOutput = z.infer<typeof toolOutputSchema>;
