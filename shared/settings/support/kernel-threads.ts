import { parseCpuList } from '../../parsers/cpu-list.ts';
import type { Capture } from '../../parsers/capture.ts';
import { pathsBelow } from './paths-below.ts';

/** A thread of the kernel that is not bound to one CPU. `policy`: 0 other, 1 FIFO, 2 round robin. Source: proc(5), /proc/pid/stat. */
export interface KernelThread {
  readonly pid: string;
  readonly name: string;
  readonly policy: number;
  readonly priority: number;
  /** The kernel lets nobody choose its CPUs (PF_NO_SETAFFINITY). */
  readonly fixed: boolean;
  readonly cpus: readonly number[] | null;
}

const known = new WeakMap<Capture, KernelThread[]>();

/** Threads of the kernel that the probe read; empty where it read none. */
export function kernelThreads(capture: Capture): readonly KernelThread[] {
  const before = known.get(capture);
  if (before) return before;
  const threads = pathsBelow(capture, '/proc/#').filter((path) => path.endsWith('/stat')).flatMap((path): KernelThread[] => {
    const match = /^(\d{1,9}) \((.*)\) (.*)$/.exec(capture.value(path) ?? '');
    const fields = (match?.[3] ?? '').split(' ').map(Number);
    const [pid = '', name = ''] = [match?.[1], match?.[2]];
    // Of the fields after the name: 1 the parent, 6 the flags, 37 the priority, 38 the policy.
    const [, parent, , , , , flags = NaN] = fields;
    const [priority = NaN, policy = NaN] = fields.slice(37, 39);
    if (parent !== 2 || ![flags, priority, policy].every(Number.isSafeInteger)) return [];
    return [{ pid, name, policy, priority, fixed: Math.floor(flags / 0x4000000) % 2 === 1, cpus: allowedCpus(capture, `/proc/${pid}/status`) }];
  });
  known.set(capture, threads);
  return threads;
}

/** Of /proc/pid/status the probe keeps `Cpus_allowed_list:` alone. */
function allowedCpus(capture: Capture, path: string): number[] | null {
  const line = capture.lines(path)?.find((candidate) => candidate.startsWith('Cpus_allowed_list:'));
  const cpus = line === undefined ? null : parseCpuList(line.slice('Cpus_allowed_list:'.length));
  return cpus?.ok ? cpus.value : null;
}
