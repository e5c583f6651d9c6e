import { z } from 'zod';
import { cpuListSchema } from './cpu-list.ts';
import { findingSchema } from './finding.ts';

/** One online CPU of a topology. `kind` is null where the machine has one kind only, or does not say. */
export const topologyCpuSchema = z.object({
  cpu: z.number().int().min(0),
  core: z.number().int(),
  socket: z.number().int(),
  node: z.number().int(),
  kind: z.enum(['performance', 'efficiency']).nullable(),
});
export type TopologyCpu = z.infer<typeof topologyCpuSchema>;

/** So many CPUs of one NUMA node. */
export const claimSchema = z.object({ count: z.number().int().min(1).max(8192), node: z.number().int().min(0) });
export const vmClaimSchema = claimSchema.extend({ name: z.string().min(1) });

export const cpuMapRequestSchema = z.object({
  housekeeping: cpuListSchema,
  vms: z.array(vmClaimSchema),
  emulator: claimSchema.nullable(),
});
export type CpuMapRequest = z.infer<typeof cpuMapRequestSchema>;
export type VmClaim = z.infer<typeof vmClaimSchema>;

/** Who gets which CPU. `isolated` is every online CPU that is not housekeeping. `idle` are SMT siblings kept free beside real-time CPUs. */
export const cpuMapSchema = z.object({
  housekeeping: cpuListSchema,
  isolated: cpuListSchema,
  emulator: cpuListSchema,
  vms: z.array(z.object({ name: z.string(), node: z.number().int(), vcpus: z.array(z.object({ vcpu: z.number().int(), cpu: z.number().int() })) })),
  idle: cpuListSchema,
  findings: z.array(findingSchema),
});
export type CpuMap = z.infer<typeof cpuMapSchema>;
