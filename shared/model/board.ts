import { z } from 'zod';
import { bmcSchema } from './redfish.ts';

/** Identifiers name folders: lower-case letters, digits and dashes. */
export const idSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** Time in names and records: `20261120T141000Z` (no colons, so that it is a valid name on every system). */
export const stampSchema = z.string().regex(/^\d{8}T\d{6}Z$/);

export const boardRoleSchema = z.enum(['host', 'guest', 'bare']);

/** How to log in. Never a secret: passwords and passphrases live in memory only. */
export const loginSchema = z.discriminatedUnion('method', [
  z.object({ method: z.literal('password') }),
  z.object({ method: z.literal('key'), keyFile: z.string().min(1).max(4096) }),
  z.object({ method: z.literal('agent') }),
  z.object({ method: z.literal('keyboard-interactive') }),
]);
export type Login = z.infer<typeof loginSchema>;

/** One SSH server on the way: a jump host or the board itself. */
export const hopSchema = z.object({
  address: z.string().min(1).max(255).regex(/^[^\s\0]+$/),
  port: z.number().int().min(1).max(65535).default(22),
  user: z.string().min(1).max(255).regex(/^[^\s\0]+$/),
  login: loginSchema,
});
export type Hop = z.infer<typeof hopSchema>;

/** Where a board is: over SSH (through jump hosts, nearest first), or the embedded practice board. */
export const reachSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ssh'), target: hopSchema, jumps: z.array(hopSchema).max(8).default([]) }),
  z.object({ kind: z.literal('practice'), machine: idSchema }),
]);
export type Reach = z.infer<typeof reachSchema>;

/** A host key this project trusts, as accepted by a person. `key` is the base64 blob of the public key. */
export const pinnedHostKeySchema = z.object({
  host: z.string(),
  port: z.number().int(),
  type: z.string(),
  key: z.string(),
  sha256: z.string(),
  acceptedAt: stampSchema,
});
export type PinnedHostKey = z.infer<typeof pinnedHostKeySchema>;

export const boardSchema = z.object({
  schema: z.literal(1),
  id: idSchema,
  name: z.string().min(1).max(200),
  role: boardRoleSchema,
  reach: reachSchema,
  notes: z.string().max(20_000).default(''),
  hostKeys: z.array(pinnedHostKeySchema).default([]),
  bmc: bmcSchema.optional(),
  addedAt: stampSchema,
});
export type Board = z.infer<typeof boardSchema>;

/** What a user gives to add a board. */
export const newBoardSchema = boardSchema.pick({ name: true, role: true, reach: true, notes: true });
export type NewBoard = z.infer<typeof newBoardSchema>;
