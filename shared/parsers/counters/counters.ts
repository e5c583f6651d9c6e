import { parseCpuList } from '../cpu-list.ts';
import { parseCpuFrequencies, parseIdleStates, parseKeyValues, parseKvmCounters, parseSmiCounts, parseThrottles, type CpuFrequency, type CpuIdleState, type KvmCounters } from './gathered-blocks.ts';
import { parseInterruptTable, parseSoftirqs, type InterruptCounts, type PerCpu, type SoftirqCounts } from './interrupt-table.ts';
import { parseKernelMessages } from './kernel-messages.ts';
import { parseProcStat, type CpuTimes } from './proc-stat.ts';
import { parseTaskSwitches } from './schedstat.ts';

/** Everything a board counted, at one moment. What it did not tell is null or empty, never zero. */
export interface Counters {
  /** Seconds since the run began, by the board's time since boot. */
  readonly atSeconds: number;
  /** CPUs that were online; empty when not told. */
  readonly online: readonly number[];
  readonly interrupts: readonly InterruptCounts[];
  readonly softirqs: readonly SoftirqCounts[];
  /** Seconds since boot that each CPU spent with what. */
  readonly cpuTimes: ReadonlyMap<number, CpuTimes>;
  /** Of all CPUs together. */
  readonly contextSwitches: number | null;
  /** Moment of boot by the board's own clock, s since 1970: it moves when the clock is set. */
  readonly bootEpochSeconds: number | null;
  /** How often a task, not the idle one, was put on each CPU; null where the kernel does not tell. */
  readonly taskSwitches: PerCpu | null;
  /** Throttlings of measured CPUs, of core and package together. */
  readonly throttles: PerCpu;
  readonly frequencies: ReadonlyMap<number, CpuFrequency>;
  readonly idleStates: ReadonlyMap<number, readonly CpuIdleState[]>;
  readonly clocksource: string | null;
  readonly rtRuntimeUs: number | null;
  /** Chosen lines of /proc/vmstat. */
  readonly vm: ReadonlyMap<string, number>;
  /** Messages of the kernel that matter here, oldest first; null where they may not be read. */
  readonly messages: readonly string[] | null;
  /** SMIs by CPU that was asked; null where the MSR driver is not loaded. */
  readonly smis: PerCpu | null;
  readonly kvm: readonly KvmCounters[];
}

/** The blocks of one `counters` record of a journal. Total: what is not there or not understood is left out. */
export function parseCounters(texts: ReadonlyMap<string, string>, atSeconds: number): Counters {
  const text = (name: string): string => texts.get(name) ?? '';
  const system = parseKeyValues(text('system'));
  const stat = parseProcStat(text('stat'));
  const interrupts = parseInterruptTable(text('interrupts'));
  const online = parseCpuList(system.get('online') ?? '');
  return {
    atSeconds,
    online: online.ok && online.value.length > 0 ? online.value : interrupts.cpus,
    interrupts: interrupts.sources,
    softirqs: parseSoftirqs(text('softirqs')),
    cpuTimes: stat.cpuTimes, contextSwitches: stat.contextSwitches, bootEpochSeconds: stat.bootEpochSeconds,
    taskSwitches: texts.has('schedstat') ? parseTaskSwitches(text('schedstat')) : null,
    throttles: parseThrottles(text('throttle')),
    frequencies: parseCpuFrequencies(text('cpufreq')),
    idleStates: parseIdleStates(text('cpuidle')),
    clocksource: system.get('clocksource') ?? null,
    rtRuntimeUs: wholeNumber(system.get('sched_rt_runtime_us')),
    vm: new Map([...parseKeyValues(text('vmstat'))].flatMap(([name, value]) => { const count = wholeNumber(value); return count === null ? [] : [[name, count] as const]; })),
    // Since messages are read at all, a reading without them has the block `system`.
    messages: system.size === 0 ? null : parseKernelMessages(text('messages')),
    smis: texts.has('smi') ? parseSmiCounts(text('smi')) : null,
    kvm: parseKvmCounters(text('kvm')),
  };
}

const wholeNumber = (text: string | undefined): number | null => (text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : null);
