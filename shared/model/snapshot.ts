import { z } from 'zod';
import { cpuListSchema } from './cpu-list.ts';
import { stampSchema } from './board.ts';

const text = z.string().nullable();
const count = z.number().int().nullable();

/** Something that could not be read, and why: "needs root", "not there", "needs the msr module". */
export const unreadSchema = z.object({ what: z.string(), reason: z.string() });

export const cpuSchema = z.object({
  cpu: z.number().int(),
  online: z.boolean(),
  socket: count,
  node: count,
  die: count,
  core: count,
  /** All hardware threads of this CPU's core, itself included. Empty when unknown (offline). */
  siblings: cpuListSchema,
  /** Hybrid kind; null where the machine has one kind only or does not say. */
  kind: z.enum(['performance', 'efficiency']).nullable(),
});

export const cacheSchema = z.object({
  level: z.number().int(),
  type: z.enum(['data', 'instruction', 'unified']),
  id: count,
  sizeBytes: count,
  ways: count,
  cpus: cpuListSchema,
});

export const idleStateSchema = z.object({ name: z.string(), exitLatencyUs: count, disabledOn: cpuListSchema });

export const interruptSchema = z.object({
  irq: z.string(),
  name: z.string(),
  total: z.number(),
  /** By CPU number; 0 for CPUs that are not online. */
  perCpu: z.array(z.number()),
  affinity: cpuListSchema.nullable(),
  effective: cpuListSchema.nullable(),
});

export const pciDeviceSchema = z.object({
  address: z.string(),
  description: z.string(),
  driver: text,
  msi: z.enum(['msi-x', 'msi', 'none']).nullable(),
  iommuGroup: count,
  numaNode: count,
  /** Virtual functions (SR-IOV) that a physical function has and can have; absent: it has none, or an older probe did not ask. */
  virtualFunctions: z.object({ enabled: count, most: z.number().int() }).optional(),
  /** It is a virtual function itself. */
  isVirtualFunction: z.boolean().optional(),
});

/** A definition of a VM, as far as its CPUs and memory go. The same VM stands twice where it runs: what its next start uses, and what it was started with. */
export const vmDefinitionSchema = z.object({
  name: z.string(),
  /** What a running VM was started with; else what the next start uses. */
  running: z.boolean(),
  autostart: z.boolean(),
  vcpus: count,
  /** CPUs of the host by vCPU; a vCPU without an entry may run anywhere. */
  pins: z.array(z.object({ vcpu: z.number().int(), cpus: cpuListSchema })),
  memoryBytes: z.number().nullable(),
  hugepages: z.boolean(),
  /** The file it stands in. */
  evidence: z.string(),
});
export type VmDefinition = z.infer<typeof vmDefinitionSchema>;

export const libvirtFilesSchema = z.object({
  /** Units of its daemons that are installed. */
  units: z.array(z.string()),
  /** Names below /run/libvirt: a socket is there while something listens. */
  sockets: z.array(z.string()),
  /** null: that folder may not be listed without root. */
  networks: z.array(z.object({ name: z.string(), bridge: text, defined: z.boolean(), active: z.boolean().nullable(), autostart: z.boolean().nullable() })),
  definitions: z.array(vmDefinitionSchema),
  /** Date of the database of operating systems (osinfo), as 20221203. */
  osDatabase: text,
});
export type LibvirtFiles = z.infer<typeof libvirtFilesSchema>;

export const resctrlSchema = z.object({
  supported: z.boolean(),
  mounted: z.boolean(),
  flags: z.array(z.string()),
  resources: z.array(z.object({ name: z.string(), cbmMask: text, minBits: count, shareableBits: text, closids: count })),
  schemata: z.array(z.string()),
});

export const bootEntrySchema = z.object({
  /** Boot loader family that the pending line was read from. */
  loader: z.enum(['grub', 'bls', 'systemd-boot', 'extlinux', 'unknown']),
  commandLine: text,
  /** The file and line the pending command line was read from. */
  evidence: text,
  sources: z.array(z.object({ file: z.string(), value: z.string() })),
  /** Configuration files changed after the boot loader's file was generated: what they say is not in it yet. */
  newerThanGenerated: z.array(z.string()).optional(),
});

/** Everything known about a board at one moment, parsed from one capture. Unknown is null, never a guess. */
export const snapshotSchema = z.object({
  schema: z.literal(1),
  takenAt: stampSchema,
  probeVersion: z.string(),
  asRoot: z.boolean(),
  hostname: text,
  bootId: text,
  identity: z.object({
    vendor: text, product: text, board: text, serial: text, uuid: text,
    firmware: z.object({ vendor: text, version: text, date: text, kind: z.enum(['uefi', 'bios']).nullable() }),
    microcode: text,
    secureBoot: z.boolean().nullable(),
    lockdown: text,
  }),
  distribution: z.object({ id: text, versionId: text, name: text, idLike: z.array(z.string()) }),
  virtualisation: z.object({ kind: z.enum(['bare-metal', 'vm', 'container', 'unknown']), name: text, evidence: text }),
  kernel: z.object({
    release: text,
    version: text,
    realtime: z.boolean().nullable(),
    /** The line that decided `realtime`. */
    realtimeEvidence: text,
    preemption: text,
    commandLine: text,
    builtInParametersUnknown: z.array(z.string()),
    pending: bootEntrySchema,
    config: z.record(z.string(), z.string()),
    initSystem: text,
  }),
  cpus: z.object({
    model: text,
    vendor: text,
    online: cpuListSchema,
    offline: cpuListSchema,
    present: cpuListSchema,
    isolated: cpuListSchema,
    nohzFull: cpuListSchema,
    list: z.array(cpuSchema),
    flags: z.array(z.string()),
    smt: z.object({ active: z.boolean().nullable(), control: text }),
    vulnerabilities: z.record(z.string(), z.string()),
  }),
  numaNodes: z.array(z.object({ id: z.number().int(), cpus: cpuListSchema, memoryBytes: z.number().nullable() })),
  caches: z.array(cacheSchema),
  idle: z.object({ driver: text, governor: text, states: z.array(idleStateSchema) }),
  frequency: z.object({
    driver: text, status: text, governors: z.array(z.string()), turbo: z.boolean().nullable(), turboEvidence: text,
    minKhz: count, maxKhz: count,
  }),
  memory: z.object({
    totalBytes: z.number().nullable(), availableBytes: z.number().nullable(), swapBytes: z.number().nullable(),
    hugepages: z.array(z.object({ sizeKb: z.number().int(), total: z.number().int(), free: z.number().int() })),
    transparentHugepages: text, ksm: text,
  }),
  interrupts: z.object({ defaultAffinity: cpuListSchema.nullable(), list: z.array(interruptSchema) }),
  pci: z.array(pciDeviceSchema),
  iommu: z.object({ active: z.boolean().nullable(), units: z.array(z.string()), groups: z.number().int(), defaultType: text }),
  resctrl: resctrlSchema,
  clock: z.object({ source: text, available: z.array(z.string()), boardTime: text, uptimeSeconds: z.number().nullable() }),
  kvm: z.object({ available: z.boolean().nullable(), module: text, parameters: z.record(z.string(), z.string()) }),
  sysctls: z.record(z.string(), z.string()),
  firmwareAttributes: z.array(z.object({ driver: z.string(), name: z.string(), value: text, possible: z.array(z.string()) })),
  /** Absent: read by an older probe, which did not look. */
  libvirt: libvirtFilesSchema.optional(),
  /** Who logged in to read the board, and the groups given at that log-in (null: not told); absent: an older probe. */
  login: z.object({ user: text, uid: z.number().int(), groups: z.array(z.number().int()).nullable() }).optional(),
  services: z.array(z.object({ name: z.string(), active: z.boolean(), enabled: text })),
  tunedProfile: text,
  tools: z.array(z.object({ name: z.string(), path: text, version: text })),
  /** Of the login that read the board; no limit is Number.MAX_SAFE_INTEGER. -1 in rtRuntimeUs is no throttling. */
  limits: z.object({ rtPriority: z.number().nullable(), lockedMemoryBytes: z.number().nullable(), rtRuntimeUs: z.number().nullable() }),
  /** Times the CPU has slowed itself down for heat since boot, summed over cores and packages; null where not counted. */
  thermalThrottles: count.optional(),
  /** CPUs that process 1, and so every service and login that does not choose, may use. */
  initAffinity: cpuListSchema.nullable().optional(),
  bmc: z.object({ present: z.boolean().nullable(), evidence: text }),
  /** What reading cost the board. */
  cost: z.object({ processes: count, cpuSeconds: z.number().nullable(), wallSeconds: z.number().nullable() }),
  unread: z.array(unreadSchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;
export type Cpu = z.infer<typeof cpuSchema>;
export type Cache = z.infer<typeof cacheSchema>;

/** Something unusual worth calling out on the overview. */
export const remarkSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'note']),
  layer: z.enum(['firmware', 'host kernel', 'host runtime', 'cache', 'hypervisor', 'guest kernel', 'guest runtime', 'application']),
  message: z.string(),
  evidence: z.string().nullable(),
});
export type Remark = z.infer<typeof remarkSchema>;
