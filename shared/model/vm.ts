import { z } from 'zod';
import { codedErrorSchema } from '../contract/errors.ts';
import { stampSchema } from './board.ts';
import { cpuListSchema } from './cpu-list.ts';

/** A name as we give it to a VM: one plain word, which no shell and no path reads as anything else. */
export const vmNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be letters, digits, dots, hyphens and underscores, at most 63');
/** A name as a host may have it: anything libvirt takes. It travels as data only. */
export const domainNameSchema = z.string().min(1).max(255).regex(/^[^\p{Cc}/]+$/u);

export const vmStateSchema = z.enum(['running', 'paused', 'shutting-down', 'shut-off', 'crashed', 'suspended', 'unknown']);
export type VmState = z.infer<typeof vmStateSchema>;

/** A thread of a VM on its host, as the kernel tells it: /proc/PID/task/TID. */
export const vmThreadSchema = z.object({
  threadId: z.number().int(),
  name: z.string(),
  role: z.enum(['vcpu', 'emulator', 'iothread', 'vhost', 'other']),
  /** Of a vCPU's thread. */
  vcpu: z.number().int().nullable(),
  /** CPUs it may run on; null: not read. */
  cpus: cpuListSchema.nullable(),
  /** CPU it ran on last. */
  lastCpu: z.number().int().nullable(),
  policy: z.enum(['other', 'fifo', 'rr', 'batch', 'idle', 'deadline', 'unknown']),
  /** Real-time priority, 1 to 99; 0 under ordinary scheduling. */
  priority: z.number().int(),
  /** Folder below /sys/fs/resctrl it belongs to; '' is the default group; null: no resctrl, or not read. */
  cacheGroup: z.string().nullable(),
});
export type VmThread = z.infer<typeof vmThreadSchema>;

/** What the board remembers of a VM that was made from here: every path and name that its removal takes away. */
export const madeVmSchema = z.object({
  name: z.string(),
  owner: z.string(),
  startedAt: z.string(),
  /** How far its making came; `ready` is all of it. */
  phase: z.enum(['begun', 'image', 'disk', 'seed', 'defined', 'ready']),
  /** What it was made for; unset where its record does not say. */
  purpose: z.enum(['real-time', 'stressor']).optional(),
  files: z.array(z.string()),
});
export type MadeVm = z.infer<typeof madeVmSchema>;

export const vmSchema = z.object({
  name: z.string(),
  uuid: z.string(),
  state: vmStateSchema,
  autostart: z.boolean(),
  persistent: z.boolean(),
  /** What its next start uses; null: a transient VM. */
  inactiveXml: z.string().nullable(),
  /** What it was started with; null: it does not run. */
  activeXml: z.string().nullable(),
  processId: z.number().int().nullable(),
  /** VmLck of its process. */
  lockedBytes: z.number().nullable(),
  threads: z.array(vmThreadSchema),
  addresses: z.array(z.string()),
  made: madeVmSchema.nullable(),
});
export type Vm = z.infer<typeof vmSchema>;

export const cacheGroupSchema = z.object({
  /** Folder below /sys/fs/resctrl; '' is the default group. */
  name: z.string(),
  schemata: z.array(z.string()),
  cpus: cpuListSchema,
  mode: z.string(),
});
export type CacheGroup = z.infer<typeof cacheGroupSchema>;

/** Everything about VMs that one reading of a host tells. */
export const vmHostSchema = z.object({
  takenAt: stampSchema,
  /** null: libvirt does not answer; `problem` then says why. */
  libvirt: z.object({ version: z.string(), hypervisor: z.string(), uri: z.string() }).nullable(),
  problem: codedErrorSchema.nullable(),
  capabilitiesXml: z.string().nullable(),
  networks: z.array(z.object({ name: z.string(), active: z.boolean(), autostart: z.boolean(), persistent: z.boolean() })),
  /** null: no resctrl is mounted. */
  cacheGroups: z.array(cacheGroupSchema).nullable(),
  imageDirectory: z.object({ path: z.string(), freeBytes: z.number() }).nullable(),
  images: z.array(z.object({ path: z.string(), sizeBytes: z.number() })),
  vms: z.array(vmSchema),
  /** Isolated at boot; absent in readings of earlier versions. */
  isolatedCpus: cpuListSchema.optional(),
  /** Begun and not finished, by the records on the board. */
  halfMade: z.array(madeVmSchema),
  /** What else may run on CPUs that VMs have for themselves, at most 1,000: no thread of a VM, no per-CPU thread of the kernel. */
  intruders: z.array(z.object({ threadId: z.number().int(), name: z.string(), cpus: cpuListSchema, lastCpu: z.number().int().nullable() })),
});
export type VmHost = z.infer<typeof vmHostSchema>;

/** One thing proven of a running VM from its host, or found to be otherwise. */
export const vmCheckSchema = z.object({
  id: z.string(),
  title: z.string(),
  verdict: z.enum(['ok', 'wrong', 'unknown', 'not-applicable']),
  message: z.string(),
  evidence: z.array(z.string()),
  fix: z.string().nullable(),
});
export type VmCheck = z.infer<typeof vmCheckSchema>;

/** A cloud image: what it is called, where it is had, how it is recognised. */
export const cloudImageSchema = z.object({
  id: z.string(),
  title: z.string(),
  url: z.string(),
  /** Where its publisher lists checksums (SHA256SUMS or SHA512SUMS). */
  checksumsUrl: z.string(),
  fileName: z.string(),
  osinfo: z.string(),
  adminGroup: z.enum(['sudo', 'wheel']),
});
export type CloudImage = z.infer<typeof cloudImageSchema>;

/** Where the image of a new VM comes from. SHA-256 where it is known: it is then checked. */
export const imageSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('catalogue'), id: z.string().max(100), fetchedBy: z.enum(['board', 'laptop']) }),
  z.strictObject({ kind: z.literal('laptop-file'), path: z.string().min(1).max(4096), sha256: z.string().regex(/^[0-9a-f]{64}$/).nullable() }),
  z.strictObject({ kind: z.literal('board-file'), path: z.string().regex(/^\/[^\p{Cc}]{1,1000}$/u), sha256: z.string().regex(/^[0-9a-f]{64}$/).nullable() }),
]);
export type ImageSource = z.infer<typeof imageSourceSchema>;

/** What a new VM is to be. Its password travels once, to be hashed at once; it is kept nowhere. */
export const newVmSchema = z.strictObject({
  name: vmNameSchema,
  purpose: z.enum(['real-time', 'stressor']),
  image: imageSourceSchema,
  vcpus: z.number().int().min(1).max(512),
  memoryMiB: z.number().int().min(256).max(4_194_304),
  diskGiB: z.number().int().min(2).max(65_536),
  user: z.strictObject({
    name: z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/),
    password: z.string().max(256).nullable(),
    sshKeys: z.array(z.string().max(10_000)).max(50),
    adminGroup: z.enum(['sudo', 'wheel']),
  }),
  packages: z.array(z.string().max(121)).max(200),
  /** A libvirt network of the host. */
  network: z.string().min(1).max(100).regex(/^[A-Za-z0-9._-]+$/),
  osinfo: z.string().max(60).regex(/^[a-z0-9._-]+$/),
});
export type NewVm = z.infer<typeof newVmSchema>;

/** What making a VM would do, before it is done: all of it may be shown. */
export const newVmPreviewSchema = z.object({
  userData: z.string(),
  metaData: z.string(),
  commands: z.array(z.string()),
  problems: z.array(z.object({ field: z.string(), severity: z.enum(['error', 'warning', 'note']), message: z.string() })),
});
export type NewVmPreview = z.infer<typeof newVmPreviewSchema>;

export const vmActSchema = z.enum(['start', 'shutdown', 'force-off', 'reboot', 'autostart-on', 'autostart-off']);
export type VmAct = z.infer<typeof vmActSchema>;

/** Load in a VM or on a board, started and watched by us. */
export const workloadKindSchema = z.enum(['kernel-compile', 'stress-cpu', 'stress-cache', 'stress-memory', 'stress-io', 'stress-interrupts', 'stress-network', 'busy-loop']);
export type WorkloadKind = z.infer<typeof workloadKindSchema>;
export const workloadSchema = z.object({
  kind: workloadKindSchema,
  /** By the board's clock. */
  startedAt: z.string(),
  /** How long it is to go on. */
  seconds: z.number().int(),
  /** Who started it: `user@laptop`. */
  owner: z.string(),
  command: z.string(),
  /** CPU time it used over the last reading, in CPUs; alive means that this is work, not that a process exists. */
  busyCpus: z.number().nullable(),
  running: z.boolean(),
  /** How it ended; null while it runs. */
  ending: z.object({ why: z.enum(['time', 'asked', 'by-itself', 'killed', 'restart']), message: z.string() }).nullable(),
  /** What its programs printed last. */
  said: z.string(),
});
export type Workload = z.infer<typeof workloadSchema>;

/** What a load on one vCPU made of the host's CPUs: busy fraction 0–1 over the window. */
export const loadCheckSchema = z.object({
  vcpu: z.number().int(),
  expectedCpu: z.number().int().nullable(),
  busy: z.array(z.object({ cpu: z.number().int(), fraction: z.number() })),
  verdict: z.enum(['ok', 'wrong', 'unknown']),
  message: z.string(),
});
export type LoadCheck = z.infer<typeof loadCheckSchema>;
