import { parse } from 'yaml';
import type { z } from 'zod';
import { ok, type Result } from '../../../contract/result.ts';
import { vmMapSchema, type VmMap } from '../../../model/vm-map.ts';
import { unreadable } from './unreadable.ts';
import { vmMapFileSchema, type VmMapFile } from './vm-map-file.ts';
import { vmOfCpuMap } from './vm-of-cpu-map.ts';

/** A map of a board with 1024 CPUs is a tenth of this. */
const maximumLength = 2 ** 17;

/**
 * Reads a map file (JSON or YAML; docs/vm-map.md), or the CPU map of a board (as `plan cpus --json` prints it, or as it is
 * kept in a project), of which the VM called `domainName` is taken, or the only one. Errors: `vm-map-unreadable`, which names the field in its details.
 */
export function readVmMap(text: string, domainName: string | null = null): Result<VmMap> {
  const value = valueOf(text);
  if (!value.ok) return value;
  const written = vmOfCpuMap(value.value, domainName);
  if (!written.ok) return written;
  const file = vmMapFileSchema.safeParse(written.value);
  if (!file.success) return refuse(file.error.issues);
  const map = vmMapSchema.safeParse(toMap(file.data));
  if (!map.success) return refuse(map.error.issues);
  const { count } = file.data;
  return count !== undefined && count !== map.data.vcpus.length
    ? unreadable('count', `the map says ${count} vCPUs and places ${map.data.vcpus.length}`, 'Place each vCPU on a CPU, or leave the count out.') : ok(map.data);
}

function valueOf(text: string): Result<unknown> {
  if (text.length > maximumLength) return unreadable('', 'the file is too long for a map', 'A map names the CPUs of one VM.');
  try {
    const value: unknown = parse(text, { maxAliasCount: 20, logLevel: 'error' });
    return ok(value);
  } catch (thrown) {
    const reason = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0] ?? '';
    return unreadable('', `the file is neither JSON nor YAML: ${reason.replace(/:$/, '')}`, 'docs/vm-map.md has an example.');
  }
}

function toMap({ name, vcpus: places, emulator, iothreads, scheduler, cache, bandwidth, memory, hugepages, numa, topology, passthrough, options, isolated }: VmMapFile): z.input<typeof vmMapSchema> {
  const realtime = realtimeVcpus(places.map(({ vcpu }) => vcpu));
  return {
    name, emulator, ...iothreads, topology, passthrough, options, isolated,
    vcpus: [...places].sort((a, b) => a.vcpu - b.vcpu),
    scheduler: { policy: scheduler.policy, priorities: scheduler.priorities, emulatorPriority: scheduler.emulator, ioThreadPriority: scheduler.iothreads },
    cache: cache.map(({ vcpus = realtime, id, level, type, size, granularity }) => ({ vcpus, id, level, type, sizeBytes: size, granularityBytes: granularity })),
    bandwidth: bandwidth.flatMap(({ vcpus = realtime, node, percent }) => node.map((one) => ({ vcpus, node: one, percent }))),
    memory: { sizeBytes: memory.size, hugepageBytes: hugepages ?? memory.hugepages, nodes: numa ?? memory.nodes, mode: memory.mode, locked: memory.locked, notShared: memory.nosharepages },
  };
}

/** All vCPUs but the one that keeps house; a VM with one vCPU has no other. */
export function realtimeVcpus(vcpus: readonly number[]): number[] {
  const sorted = [...vcpus].sort((a, b) => a - b);
  return sorted.length > 1 ? sorted.filter((vcpu) => vcpu !== 0) : sorted;
}

/** Says what is wrong with the first field that is. */
function refuse(issues: ReadonlyArray<z.core.$ZodIssue>): Result<never> {
  const [first] = issues;
  if (first === undefined) return unreadable('', 'it could not be understood', 'docs/vm-map.md has an example.');
  if (first.path.length === 0 && first.code === 'invalid_type') return unreadable('', 'it is no map of fields and values', 'docs/vm-map.md has an example.');
  const field = fieldName(first.code === 'unrecognized_keys' ? [...first.path, first.keys[0] ?? ''] : first.path);
  const what = first.code === 'unrecognized_keys' ? 'is not a field of a map, or is given twice under two names'
    : lowerFirst(first.message);
  return unreadable(field, what, 'docs/vm-map.md describes every field and has an example.');
}

const fieldName = (path: readonly PropertyKey[]) => path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('').replace(/^\./, '');
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
