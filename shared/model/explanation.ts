import { z } from 'zod';
import { idSchema } from './board.ts';
import { guideIdSchema, layerSchema, settingStatusSchema } from './setting.ts';

/** One condition a run has to meet so that its figures mean what they say, and whether it did. */
export const validityCheckSchema = z.object({
  rule: z.string(),
  title: z.string(),
  /** `condition`: has to be stated with the result. `unknown`: the board does not tell. */
  outcome: z.enum(['good', 'condition', 'not comparable', 'unknown']),
  message: z.string(),
  /** What to do; null when nothing is to be done. */
  next: z.string().nullable(),
  /** Where the rule comes from. */
  source: z.string(),
});
export type ValidityCheck = z.infer<typeof validityCheckSchema>;

/** What a finding rests on: a difference over the whole run, the part that holds the maximum against the others, or a trace of the spike itself. */
export const findingBasisSchema = z.enum(['whole run', 'matching part', 'trace']);
export type FindingBasis = z.infer<typeof findingBasisSchema>;

/** The setting of our catalogue that addresses a finding, as it stood when the run was made. */
export const addressedBySchema = z.object({
  settingId: z.string(),
  title: z.string(),
  layer: layerSchema,
  /** Null: the board was not read, or the setting is in none of its guides. */
  status: settingStatusSchema.nullable(),
  guide: guideIdSchema.nullable(),
  /** `IRQ affinity is written but not effective`. */
  state: z.string(),
  message: z.string().nullable(),
  fix: z.string().nullable(),
});
export type AddressedBy = z.infer<typeof addressedBySchema>;

export const explanationFindingSchema = z.object({
  /** The rule that found it; several findings may have the same. */
  rule: z.string(),
  /** A cause is named only by a trace, or by a part that alone has both the maximum and the count. */
  kind: z.enum(['suspect', 'cause']),
  basis: findingBasisSchema,
  /** Whose counters: the board that was measured, or the host it runs on. */
  where: z.enum(['board', 'host']),
  cpu: z.number().int().nullable(),
  /** `eth0-TxRx-3`, `TLB shootdowns`, `NET_RX`, … */
  source: z.string().nullable(),
  /** The whole of it in one sentence, the setting's state included. */
  sentence: z.string(),
  figures: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string() })),
  /** Lines it was read from. */
  evidence: z.array(z.string()),
  settings: z.array(addressedBySchema),
});
export type ExplanationFinding = z.infer<typeof explanationFindingSchema>;

/** Why a run is as it is: most relevant findings first. */
export const explanationSchema = z.object({
  runId: idSchema,
  checks: z.array(validityCheckSchema),
  findings: z.array(explanationFindingSchema),
  /** What could not be looked at, and why. */
  notes: z.array(z.string()),
  /** The part that holds the maximum, and how many parts it was compared with; null with fewer than two parts. */
  worstPart: z.object({ index: z.number().int(), maxUs: z.number(), others: z.number().int() }).nullable(),
});
export type Explanation = z.infer<typeof explanationSchema>;
