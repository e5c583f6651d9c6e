import { z } from 'zod';
import { cpuListSchema } from './cpu-list.ts';

const vcpuSchema = z.int().min(0).max(8191);
const priorityRange = 'must be from 1 to 99, the real-time priorities there are';
const prioritySchema = z.int().min(1, priorityRange).max(99, priorityRange);

/** One vCPU thread and the one host CPU it runs on. */
export const vcpuPlaceSchema = z.strictObject({ vcpu: vcpuSchema, cpu: z.int().min(0).max(8191) });

/** An I/O thread of the VM (libvirt counts them from 1) and the host CPUs it may use. */
export const ioThreadPlaceSchema = z.strictObject({ iothread: z.int().min(1).max(8191), cpus: cpuListSchema.min(1) });

export const vcpuPolicySchema = z.enum(['fifo', 'rr', 'other']);

/** `other` is ordinary scheduling, for a VM that is only load. A priority stands for the threads it names. */
export const vmSchedulerSchema = z.strictObject({
  policy: vcpuPolicySchema,
  priorities: z.array(z.strictObject({ vcpus: z.array(vcpuSchema).min(1), priority: prioritySchema })),
  emulatorPriority: prioritySchema.nullable(),
  ioThreadPriority: prioritySchema.nullable(),
});

/** A share of one cache for some vCPUs. `granularityBytes` is what one way holds on that host, where it is known. */
export const cacheShareSchema = z.strictObject({
  vcpus: z.array(vcpuSchema).min(1),
  id: z.int().min(0),
  level: z.int().min(2).max(3),
  type: z.enum(['both', 'code', 'data']),
  sizeBytes: z.int().min(1),
  granularityBytes: z.int().min(1).nullable(),
});

/** Memory bandwidth of some vCPUs on one node, in percent of what there is. */
export const bandwidthShareSchema = z.strictObject({ vcpus: z.array(vcpuSchema).min(1), node: z.int().min(0), percent: z.int().min(1).max(100) });

/** null is “as found in the domain”, everywhere. */
export const vmMemorySchema = z.strictObject({
  sizeBytes: z.int().min(2 ** 20).nullable(),
  /** 0 is the page size that the host has as its default. */
  hugepageBytes: z.int().min(0).nullable(),
  nodes: z.array(z.int().min(0)).min(1).nullable(),
  mode: z.enum(['strict', 'preferred', 'interleave', 'restrictive']),
  locked: z.boolean(),
  /** The host merges no pages of the VM (KSM). */
  notShared: z.boolean(),
});

export const vmTopologySchema = z.strictObject({ sockets: z.int().min(1), cores: z.int().min(1), threads: z.int().min(1) });

/** A PCI function of the host, a virtual function of SR-IOV included. */
export const pciAddressSchema = z.strictObject({ domain: z.int().min(0).max(0xffff), bus: z.int().min(0).max(0xff), slot: z.int().min(0).max(0x1f), function: z.int().min(0).max(7) });
export type PciAddress = z.infer<typeof pciAddressSchema>;

const choiceSchema = z.enum(['tune', 'keep']);

/** What to do about parts that some VMs need: `tune` as a real-time VM wants it, `keep` as found; `usb` also `auto`: out unless a device uses it. */
export const vmOptionsSchema = z.strictObject({
  usb: z.enum(['auto', 'tune', 'keep']),
  graphics: choiceSchema,
  sound: choiceSchema,
  balloon: choiceSchema,
  pmu: choiceSchema,
  vmport: choiceSchema,
  hpet: choiceSchema,
  suspend: choiceSchema,
  cpuModel: choiceSchema,
});

/**
 * What one VM is given of its host: the map that `vm tune` and `vm audit` work from. How it is written in a file, with
 * the spellings that are understood, is in docs/vm-map.md.
 */
export const vmMapSchema = z.strictObject({
  /** Of the domain this map is for; null is any. */
  name: z.string().min(1).nullable(),
  vcpus: z.array(vcpuPlaceSchema).min(1).max(8192),
  /** null leaves the emulator's threads as found. */
  emulator: cpuListSchema.min(1).nullable(),
  iothreads: z.array(ioThreadPlaceSchema),
  /** Of the I/O threads that are not placed one by one; null is beside the emulator. */
  ioThreadCpus: cpuListSchema.min(1).nullable(),
  scheduler: vmSchedulerSchema,
  cache: z.array(cacheShareSchema).max(64),
  bandwidth: z.array(bandwidthShareSchema).max(256),
  memory: vmMemorySchema,
  /** null is one socket with one thread a core. */
  topology: vmTopologySchema.nullable(),
  /** PCI functions handed over to the VM (VFIO), beside those it has. */
  passthrough: z.array(pciAddressSchema),
  options: vmOptionsSchema,
  /** CPUs the host keeps ordinary work off; null where the map does not say. */
  isolated: cpuListSchema.nullable(),
});
export type VmMap = z.infer<typeof vmMapSchema>;
export type CacheShare = z.infer<typeof cacheShareSchema>;
export type BandwidthShare = z.infer<typeof bandwidthShareSchema>;
