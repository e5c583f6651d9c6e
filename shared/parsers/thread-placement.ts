import { parseCpuList } from './cpu-list.ts';

/** One thread of a running process as the kernel shows it. */
export interface PlacedThread {
  readonly tid: number;
  /** The thread that the process began with: its id is the process id. */
  readonly main: boolean;
  /** SCHED_FIFO or SCHED_RR. */
  readonly realTime: boolean;
  readonly priority: number;
  /** CPUs it may run on; null when that was not read. */
  readonly allowed: number[] | null;
}

/**
 * Reads /proc/PID/task/TID/stat of every thread (one a line) and the `…/task/TID/status:Cpus_allowed_list:` lines.
 * Lines that are neither are left out. Ascending by thread id, the order in which the threads were made.
 */
export function parseThreadPlacement(stats: string, affinities: string): PlacedThread[] {
  const allowed = new Map<number, number[]>();
  let processId: number | null = null;
  for (const line of affinities.split('\n')) {
    const match = /\/(\d{1,10})\/task\/(\d{1,10})\/status:Cpus_allowed_list:\s*(\S*)$/.exec(line);
    const cpus = parseCpuList(match?.[3] ?? '');
    if (match === null || !cpus.ok) continue;
    processId = Number(match[1]);
    allowed.set(Number(match[2]), cpus.value);
  }
  return stats.split('\n').flatMap((line) => {
    const tid = /^(\d{1,10}) \(/.exec(line)?.[1];
    // The name stands in parentheses and may hold anything; fields are counted after it. proc(5): 40 priority, 41 policy.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const [priority, policy] = [Number(fields[37]), Number(fields[38])];
    if (tid === undefined || !Number.isInteger(priority) || !Number.isInteger(policy)) return [];
    return [{ tid: Number(tid), main: Number(tid) === processId, realTime: policy === 1 || policy === 2, priority, allowed: allowed.get(Number(tid)) ?? null }];
  }).sort((a, b) => a.tid - b.tid);
}
