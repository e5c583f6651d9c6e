import { z } from 'zod';
import { stampSchema } from './board.ts';
import { cpuListSchema } from './cpu-list.ts';
import { findingSchema } from './finding.ts';

/** One online CPU of a topology. `kind` is null where the machine has one kind only, or does not say. */
export const topologyCpuSchema = z.object({
  cpu: z.number().int().min(0),
  core: z.number().int(),
  socket: z.number().int(),
  node: z.number().int(),
  kind: z.enum(['performance', 'efficiency']).nullable(),
  /** Which L2 cache serves it, by the lowest CPU there; undefined where it is not known. */
  l2: z.number().int().min(0).optional(),
});
export type TopologyCpu = z.infer<typeof topologyCpuSchema>;

/** So many CPUs of one NUMA node. */
export const claimSchema = z.object({ count: z.number().int().min(1).max(8192), node: z.number().int().min(0) });
export type Claim = z.infer<typeof claimSchema>;
const vmNameSchema = z.string().min(1).max(100);
export const vmClaimSchema = claimSchema.extend({ name: vmNameSchema });
export type VmClaim = z.infer<typeof vmClaimSchema>;

/** Claimants that are asked for by a number of CPUs of a node, beside the VMs. */
export const poolKinds = ['emulator', 'ioThreads', 'measuring', 'stressor'] as const;
export type PoolKind = (typeof poolKinds)[number];

/** What is asked for: the CPUs the host keeps, real-time VMs, and so many CPUs for each of the others. */
export const cpuMapRequestSchema = z.object({
  housekeeping: cpuListSchema,
  vms: z.array(vmClaimSchema),
  emulator: claimSchema.nullable(),
  ioThreads: claimSchema.nullable(),
  /** Measuring threads of a benchmark on the host itself. */
  measuring: claimSchema.nullable(),
  stressor: claimSchema.nullable(),
});
export type CpuMapRequest = z.infer<typeof cpuMapRequestSchema>;

/** Who has a CPU. `idle`: kept empty, because it shares its core with a real-time CPU. */
export const claimantSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('vcpu'), vm: vmNameSchema, vcpu: z.number().int().min(0) }),
  z.object({ kind: z.enum(['housekeeping', 'idle', ...poolKinds]) }),
]);
export type Claimant = z.infer<typeof claimantSchema>;

/** A CPU and its claimant. CPUs that nobody claims are not listed; those are isolated and free. */
export const assignmentSchema = z.object({ cpu: z.number().int().min(0).max(8191), claimant: claimantSchema });
export type Assignment = z.infer<typeof assignmentSchema>;

/** Why the planner chose these CPUs: the rules that decided, each with its reason in words. */
export const choiceSchema = z.object({
  element: z.string(),
  cpus: cpuListSchema,
  reasons: z.array(z.object({ rule: z.string(), reason: z.string() })),
});
export type Choice = z.infer<typeof choiceSchema>;

/** A finding that also names the CPUs it is about, so that they can be marked on the map. */
export const mapFindingSchema = findingSchema.extend({ cpus: cpuListSchema });
export type MapFinding = z.infer<typeof mapFindingSchema>;

/** Who gets which CPU. `isolated` is every online CPU that is not housekeeping. `idle` are SMT siblings kept free beside real-time CPUs. */
export const cpuMapSchema = z.object({
  housekeeping: cpuListSchema,
  isolated: cpuListSchema,
  vms: z.array(z.object({ name: z.string(), node: z.number().int(), vcpus: z.array(z.object({ vcpu: z.number().int(), cpu: z.number().int() })) })),
  emulator: cpuListSchema,
  ioThreads: cpuListSchema,
  measuring: cpuListSchema,
  stressor: cpuListSchema,
  idle: cpuListSchema,
  choices: z.array(choiceSchema),
  findings: z.array(mapFindingSchema),
});
export type CpuMap = z.infer<typeof cpuMapSchema>;

/** A map as proposed or edited: what was asked for, and who has which CPU now. */
export const cpuMapDraftSchema = z.object({ request: cpuMapRequestSchema, assignments: z.array(assignmentSchema).max(8192) });
export type CpuMapDraft = z.infer<typeof cpuMapDraftSchema>;

/** `boards/ID/cpu-map.json`: the map a person saved for a board, and the reading it was made on. */
export const storedCpuMapSchema = cpuMapDraftSchema.extend({ schema: z.literal(1), savedAt: stampSchema, snapshotId: stampSchema });
export type StoredCpuMap = z.infer<typeof storedCpuMapSchema>;

/** A request as a person makes it; `housekeeping` null leaves it to what the board says of itself. */
export const cpuMapWishSchema = cpuMapRequestSchema.extend({ housekeeping: cpuListSchema.nullable() });
export type CpuMapWish = z.infer<typeof cpuMapWishSchema>;

/** What the planner makes of a request: a draft with the reasons, and what speaks against it. */
export const cpuMapProposalSchema = cpuMapDraftSchema.extend({ choices: z.array(choiceSchema), findings: z.array(mapFindingSchema) });
export type CpuMapProposal = z.infer<typeof cpuMapProposalSchema>;

/** A draft judged on the latest reading of its board. */
export const cpuMapCheckSchema = z.object({ housekeeping: cpuListSchema, isolated: cpuListSchema, findings: z.array(mapFindingSchema) });
export type CpuMapCheck = z.infer<typeof cpuMapCheckSchema>;

/** A saved map, and how it stands on the latest reading. */
export const savedCpuMapSchema = cpuMapCheckSchema.extend({ map: storedCpuMapSchema });
export type SavedCpuMap = z.infer<typeof savedCpuMapSchema>;
