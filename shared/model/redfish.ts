import { z } from 'zod';

/** Where a board's management controller is. `certificateSha256`: the fingerprint a person accepted; null: not met yet. Never a secret. */
export const bmcSchema = z.object({
  address: z.string().min(1).max(255).regex(/^[A-Za-z0-9._:%-]+$/),
  port: z.number().int().min(1).max(65535),
  certificateSha256: z.string().regex(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/).nullable(),
});
export type Bmc = z.infer<typeof bmcSchema>;

export const redfishValueSchema = z.union([z.string().max(4096), z.number(), z.boolean(), z.null()]);
export type RedfishValue = z.infer<typeof redfishValueSchema>;

/** One setting of the firmware as the management controller tells it. */
export const redfishAttributeSchema = z.object({
  name: z.string(),
  value: redfishValueSchema,
  /** What the next start will use; the same as `value` while nothing waits. */
  next: redfishValueSchema,
  displayName: z.string().nullable(),
  /** Of an enumeration, as the registry names them; empty when it does not say. */
  possible: z.array(z.string()),
  readOnly: z.boolean(),
});
export type RedfishAttribute = z.infer<typeof redfishAttributeSchema>;

export const redfishSystemSchema = z.object({
  /** The path of the system, as the controller names it. */
  system: z.string(),
  manufacturer: z.string().nullable(),
  model: z.string().nullable(),
  uuid: z.string().nullable(),
  biosVersion: z.string().nullable(),
  attributes: z.array(redfishAttributeSchema),
  /** Whether changes can be written at all. */
  writable: z.boolean(),
});
export type RedfishSystem = z.infer<typeof redfishSystemSchema>;

/** The last reading of a board's management controller. It counts while the board has not been started since: `bootId` tells. */
export const managementReadingSchema = z.object({ schema: z.literal(1), at: z.string(), bootId: z.string().nullable(), systems: z.array(redfishSystemSchema) });
export type ManagementReading = z.infer<typeof managementReadingSchema>;
