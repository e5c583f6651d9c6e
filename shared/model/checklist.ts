import { z } from 'zod';
import { stampSchema } from './board.ts';

/** What a person found in the firmware's set-up: as the guide asks, otherwise, not to be told, or no such item. */
export const attestedStates = ['as-asked', 'different', 'cannot-tell', 'not-there'] as const;
export const attestedStateSchema = z.enum(attestedStates);
export type AttestedState = z.infer<typeof attestedStateSchema>;

export const settingIdSchema = z.string().max(100).regex(/^[a-z]+\.[a-z0-9-]+$/);

/** A picture of a screen is told by its first bytes, never by its name. */
export const photoTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;
export const maximumPhotoBytes = 8_000_000;
export const photoSchema = z.object({
  /** In the project folder: `attachments/SHA256.ENDING`. */
  file: z.string().regex(/^attachments\/[0-9a-f]{64}\.(?:jpg|png|webp)$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mediaType: z.enum(photoTypes),
  sizeBytes: z.number().int().min(1).max(maximumPhotoBytes),
});
export type Photo = z.infer<typeof photoSchema>;

/** What is typed to attest one setting. `value` is what the menu showed, in its words. */
export const attestationSchema = z.strictObject({
  settingId: settingIdSchema,
  state: attestedStateSchema,
  value: z.string().trim().max(200),
  note: z.string().trim().max(2_000),
  by: z.string().trim().min(1).max(100),
});
export type Attestation = z.infer<typeof attestationSchema>;

/** One setting attested. `firmware` is what the board's firmware called itself then; null: the board was not read yet. */
export const checklistEntrySchema = z.object({
  ...attestationSchema.shape,
  at: stampSchema,
  firmware: z.object({ version: z.string().nullable(), date: z.string().nullable() }).nullable(),
  photo: photoSchema.nullable(),
});
export type ChecklistEntry = z.infer<typeof checklistEntrySchema>;

/** What persons attested of one board's firmware; the last word on each setting. */
export const checklistSchema = z.object({ schema: z.literal(1), entries: z.array(checklistEntrySchema) });
export type Checklist = z.infer<typeof checklistSchema>;

/** Part of a judged setting that only an item of the firmware has. */
export const firmwareReportSchema = z.object({
  option: z.string(),
  menu: z.string(),
  does: z.string(),
  /** How it shows from Linux, or why it does not. */
  shows: z.string(),
  /** Empty when nothing is to be said. */
  caution: z.string(),
  /** The item gives away a protection of people, data or the machine. */
  tradesSafety: z.boolean(),
  attested: z.object({
    ...checklistEntrySchema.shape,
    /** Why it no longer counts; null while it does. */
    stale: z.string().nullable(),
  }).nullable(),
  /** What attested, written or offered by the firmware does not agree with what Linux shows; null when it does. */
  contradiction: z.string().nullable(),
  /** The firmware's own word, where it offers its settings to Linux. */
  attribute: z.object({ driver: z.string(), name: z.string(), value: z.string().nullable(), pending: z.boolean() }).nullable(),
});
export type FirmwareReport = z.infer<typeof firmwareReportSchema>;
