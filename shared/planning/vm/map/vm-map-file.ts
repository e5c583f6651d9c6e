import { z } from 'zod';
import { vcpuPolicySchema } from '../../../model/vm-map.ts';
import { byteSize, choice, isRecord, numberList, orderedNumbers, pciAddress, percent, wholeNumber, withAliases } from './spellings.ts';

const vcpuEntry = withAliases({ cpuset: 'cpu', cpus: 'cpu', id: 'vcpu' }, z.strictObject({ vcpu: wholeNumber, cpu: numberList }))
  .transform(({ vcpu, cpu }, context) => {
    const [only] = cpu;
    if (only !== undefined && cpu.length === 1) return { vcpu, cpu: only };
    context.addIssue({ code: 'custom', path: ['cpu'], message: 'must be one CPU: a real-time vCPU that may move is placed on one of them by nobody, because isolated CPUs are not balanced' });
    return z.NEVER;
  });

const inOrder = (cpus: readonly number[]) => cpus.map((cpu, vcpu) => ({ vcpu, cpu }));

/** Which of the ways to write places a value is: an error then speaks of that one. */
const vcpus = z.unknown().transform((value, context): Array<{ vcpu: number; cpu: number }> => {
  if (value === undefined) {
    context.addIssue({ code: 'custom', message: 'is missing: a map says on which CPU each vCPU runs' });
    return z.NEVER;
  }
  const entries = Array.isArray(value) && value.some(isRecord) ? value
    : isRecord(value) ? Object.entries(value).map(([vcpu, cpu]) => ({ vcpu, cpu })) : null;
  const read = entries === null ? orderedNumbers.transform(inOrder).safeParse(value) : z.array(vcpuEntry).safeParse(entries);
  if (read.success) return read.data;
  for (const issue of read.error.issues) {
    if (issue.code === 'unrecognized_keys') context.addIssue({ code: 'custom', path: [...issue.path, issue.keys[0] ?? ''], message: 'is not a field of a vCPU’s place' });
    else context.addIssue({ code: 'custom', path: [...issue.path], message: issue.message });
  }
  return z.NEVER;
});

/** An array that is not read when it is longer than any map's. */
const entries = <Schema extends z.ZodType>(entry: Schema) => z.array(z.unknown()).max(256, 'has more entries than any VM needs').pipe(z.array(entry));
const listOf = <Schema extends z.ZodType>(entry: Schema) => z.preprocess((value) => (isRecord(value) ? [value] : value), entries(entry));

const ioThreadEntry = withAliases({ cpuset: 'cpus', cpu: 'cpus', id: 'iothread' }, z.strictObject({ iothread: wholeNumber, cpus: numberList }));
const ioThreads = z.union([
  z.preprocess((value) => (isRecord(value) ? Object.entries(value).map(([iothread, cpus]) => ({ iothread, cpus })) : value), entries(ioThreadEntry)).transform((iothreads) => ({ iothreads, ioThreadCpus: null })),
  numberList.transform((ioThreadCpus) => ({ iothreads: [], ioThreadCpus })),
], { error: 'must be CPUs for all I/O threads as in "60,62", or for each as in {"1": [60]}' });

const priorityEntry = withAliases({ vcpu: 'vcpus' }, z.strictObject({ vcpus: numberList, priority: wholeNumber }));
const priorities = z.preprocess((value) => (isRecord(value) ? Object.entries(value).map(([vcpus, priority]) => ({ vcpus, priority })) : value), entries(priorityEntry));
const policy = z.preprocess((value) => (value === 'none' || value === null || value === false ? 'other' : value), vcpuPolicySchema);
const scheduler = z.preprocess((value) => (isRecord(value) ? value : Array.isArray(value) ? { priorities: value } : { policy: value }), withAliases(
  { vcpus: 'priorities', emulatorPriority: 'emulator', ioThreadPriority: 'iothreads' },
  z.strictObject({ policy: policy.default('fifo'), priorities: priorities.default([]), emulator: wholeNumber.nullable().default(null), iothreads: wholeNumber.nullable().default(null) }),
));


const cacheEntry = withAliases({ bytes: 'size', sizeBytes: 'size', granularityBytes: 'granularity', wayBytes: 'granularity', cache: 'id' }, z.strictObject({
  vcpus: numberList.optional(), id: wholeNumber.default(0), level: wholeNumber.default(3), type: z.enum(['both', 'code', 'data']).default('both'),
  size: byteSize, granularity: byteSize.nullable().default(null),
}));

const bandwidthEntry = withAliases({ bandwidth: 'percent', nodes: 'node', id: 'node' }, z.strictObject({ vcpus: numberList.optional(), node: numberList.default([0]).refine((nodes) => nodes.length <= 64, 'names more nodes than a board has'), percent }));

const hugepages = z.preprocess((value) => (isRecord(value) && Object.keys(value).length === 1 ? value['size'] : value),
  z.union([z.literal(false).transform(() => null), z.literal(true).transform(() => 0), z.null(), byteSize], { error: 'must be a page size such as "1GiB", or true for the size the host has as its default' }));

const memory = z.preprocess((value) => (isRecord(value) || value === undefined ? value : { size: value }), withAliases(
  { sizeBytes: 'size', bytes: 'size', hugepageBytes: 'hugepages', node: 'nodes', nodeset: 'nodes', numa: 'nodes' },
  z.strictObject({
    size: byteSize.nullable().default(null), hugepages: hugepages.default(null), nodes: numberList.nullable().default(null),
    mode: z.enum(['strict', 'preferred', 'interleave', 'restrictive']).default('strict'), locked: z.boolean().default(true), nosharepages: z.boolean().default(true),
  }),
));

const usb = z.unknown().transform((value) => (value === 'auto' ? 'auto' as const : value)).pipe(z.union([z.literal('auto'), choice], { error: 'must be "auto", "keep" or "remove"' }));

const options = withAliases({ audio: 'sound', memballoon: 'balloon', cpu: 'cpuModel', video: 'graphics' }, z.strictObject({
  usb: usb.default('auto'), graphics: choice.default('tune'), sound: choice.default('tune'), balloon: choice.default('tune'), pmu: choice.default('tune'),
  vmport: choice.default('tune'), hpet: choice.default('tune'), suspend: choice.default('tune'), cpuModel: choice.default('tune'),
}));

/** How a map is written in a file; docs/vm-map.md is its description. */
export const vmMapFileSchema = withAliases(
  { vcpupin: 'vcpus', emulatorpin: 'emulator', iothreadpin: 'iothreads', cachetune: 'cache', memorytune: 'bandwidth', vcpu: 'count', vcpuCount: 'count', hostdev: 'passthrough', hostdevs: 'passthrough' },
  z.strictObject({
    name: z.string().min(1).nullable().default(null),
    count: wholeNumber.optional(),
    vcpus,
    emulator: numberList.nullish().transform((cpus) => cpus ?? null),
    iothreads: ioThreads.prefault([]),
    scheduler: scheduler.prefault({}),
    cache: listOf(cacheEntry).default([]),
    bandwidth: listOf(bandwidthEntry).default([]),
    memory: memory.prefault({}),
    hugepages: hugepages.optional(),
    numa: numberList.optional(),
    topology: z.strictObject({ sockets: wholeNumber.default(1), cores: wholeNumber, threads: wholeNumber.default(1) }).nullable().default(null),
    passthrough: z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(pciAddress)).default([]),
    options: options.prefault({}),
    isolated: numberList.nullish().transform((cpus) => cpus ?? null),
  }),
);
export type VmMapFile = z.infer<typeof vmMapFileSchema>;
