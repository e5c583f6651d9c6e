import type { Counters } from './counters.ts';
import type { CpuFrequency, KvmCounters } from './gathered-blocks.ts';
import type { InterruptCounts, PerCpu, SoftirqCounts } from './interrupt-table.ts';
import type { CpuTimes } from './proc-stat.ts';

/** Time in one idle state between two readings. */
export interface IdleTime { readonly name: string; readonly latencyUs: number; readonly entries: number; readonly seconds: number }

/** What was counted between two readings of one boot. Maps hold CPUs that both readings have; counts of nothing are left out. */
export interface CounterDeltas {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly interrupts: readonly InterruptCounts[];
  readonly softirqs: readonly SoftirqCounts[];
  readonly cpuTimes: ReadonlyMap<number, CpuTimes>;
  readonly contextSwitches: number | null;
  readonly taskSwitches: PerCpu | null;
  readonly throttles: PerCpu;
  readonly frequencies: ReadonlyMap<number, { readonly before: CpuFrequency; readonly after: CpuFrequency }>;
  readonly idle: ReadonlyMap<number, readonly IdleTime[]>;
  readonly clocksource: { readonly before: string | null; readonly after: string | null };
  readonly vm: ReadonlyMap<string, number>;
  /** Messages that came between; null where they may not be read. `olderMessages`: those that were there before. */
  readonly messages: readonly string[] | null;
  readonly olderMessages: readonly string[];
  readonly smis: number | null;
  readonly kvm: readonly KvmCounters[];
  readonly cpusGone: readonly number[];
  readonly cpusCome: readonly number[];
  /** By how much the board's clock was set, s; 0 when it was not, null when not told. */
  readonly clockSetBySeconds: number | null;
  /** Counters that began anew in between: their counts are those since then, at least. */
  readonly restarted: readonly string[];
}

/** Interrupts, softirqs and SMIs are counted in 32 bits, and begin again at nought after the last. */
const wrapAt = 2 ** 32;
/** No source comes more often; a counter that would have had to was set back instead (a driver that was loaded again). */
const mostPerSecond = 1_000_000;

/** How much a 32-bit counter rose in so many seconds; `restarted` when it was set back meanwhile. */
export function countBetween(before: number, after: number, seconds: number): { count: number; restarted: boolean } {
  if (after >= before) return { count: after - before, restarted: false };
  const wrapped = after + wrapAt - before;
  return before < wrapAt && wrapped <= Math.max(seconds, 1) * mostPerSecond ? { count: wrapped, restarted: false } : { count: after, restarted: true };
}

/** What happened between two readings. Total: readings in the wrong order, of other CPUs or of other sources give no negative count. */
export function counterDeltas(before: Counters, after: Counters): CounterDeltas {
  const seconds = Math.max(0, after.atSeconds - before.atSeconds);
  const restarted = new Set<string>();
  const between = (from: PerCpu, to: PerCpu, name: string): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const [cpu, count] of to) {
      const start = from.get(cpu);
      if (start === undefined) continue;
      const rose = countBetween(start, count, seconds);
      if (rose.restarted) restarted.add(name);
      if (rose.count > 0) counts.set(cpu, rose.count);
    }
    return counts;
  };
  const rise = (from: number | null | undefined, to: number | null | undefined): number | null =>
    (from === null || to === null || from === undefined || to === undefined ? null : Math.max(0, to - from));
  const earlier = new Map(before.interrupts.map((source) => [source.id, source]));
  const earlierSoftirqs = new Map(before.softirqs.map(({ name, perCpu }) => [name, perCpu]));
  return {
    fromSeconds: before.atSeconds, toSeconds: before.atSeconds + seconds,
    interrupts: after.interrupts.flatMap((source): InterruptCounts[] => {
      const old = earlier.get(source.id);
      const same = old !== undefined && sameUser(old.name, source.name);
      if (old !== undefined && !same) restarted.add(nameOf(source));
      const perCpu = same ? between(old.perCpu, source.perCpu, nameOf(source)) : occurring(source.perCpu);
      return perCpu.size === 0 ? [] : [{ ...source, perCpu }];
    }),
    softirqs: after.softirqs.flatMap(({ name, perCpu }): SoftirqCounts[] => {
      const counts = between(earlierSoftirqs.get(name) ?? new Map<number, number>(), perCpu, name);
      return counts.size === 0 ? [] : [{ name, perCpu: counts }];
    }),
    cpuTimes: new Map([...after.cpuTimes].flatMap(([cpu, times]) => {
      const old = before.cpuTimes.get(cpu);
      return old === undefined ? [] : [[cpu, timesBetween(old, times)] as const];
    })),
    contextSwitches: rise(before.contextSwitches, after.contextSwitches),
    taskSwitches: before.taskSwitches === null || after.taskSwitches === null ? null : between(before.taskSwitches, after.taskSwitches, 'run queues'),
    throttles: between(before.throttles, after.throttles, 'throttling'),
    frequencies: new Map([...after.frequencies].flatMap(([cpu, now]) => {
      const old = before.frequencies.get(cpu);
      return old === undefined ? [] : [[cpu, { before: old, after: now }] as const];
    })),
    idle: new Map([...after.idleStates].map(([cpu, states]) => [cpu, states.flatMap((state): IdleTime[] => {
      const old = before.idleStates.get(cpu)?.find(({ name }) => name === state.name);
      const [entries, timeUs] = [rise(old?.entries, state.entries) ?? 0, rise(old?.timeUs, state.timeUs) ?? 0];
      return entries + timeUs === 0 ? [] : [{ name: state.name, latencyUs: state.latencyUs, entries, seconds: timeUs / 1e6 }];
    })])),
    clocksource: { before: before.clocksource, after: after.clocksource },
    vm: new Map([...after.vm].flatMap(([name, count]) => { const rose = rise(before.vm.get(name), count); return rose === null || rose === 0 ? [] : [[name, rose] as const]; })),
    messages: before.messages === null || after.messages === null ? null : newMessages(before.messages, after.messages),
    olderMessages: before.messages ?? [],
    smis: before.smis === null || after.smis === null ? null : Math.max(0, ...between(before.smis, after.smis, 'SMIs').values()),
    kvm: after.kvm.flatMap((one): KvmCounters[] => {
      const old = before.kvm.find(({ vm, vcpu }) => vm === one.vm && vcpu === one.vcpu);
      const counts = new Map([...one.counts].flatMap(([name, count]) => { const rose = rise(old?.counts.get(name), count); return rose === null || rose === 0 ? [] : [[name, rose] as const]; }));
      return counts.size === 0 ? [] : [{ ...one, counts }];
    }),
    cpusGone: notIn(before.online, after.online),
    cpusCome: notIn(after.online, before.online),
    clockSetBySeconds: clockSetBy(before, after),
    restarted: [...restarted],
  };
}

/** An interrupt as a person knows it: `eth0-TxRx-3`, or its line's name where nobody uses it. */
export const nameOf = ({ id, name, device }: Pick<InterruptCounts, 'id' | 'name' | 'device'>): string => (name === '' || !device ? id : name);

/** A line of /proc/interrupts may be given to another device between two readings; a device that comes to share it is no such case. */
const sameUser = (before: string, after: string): boolean => before === after || before.includes(after) || after.includes(before);

/** A source that was not there before began at nought. */
const occurring = (perCpu: PerCpu): Map<number, number> => new Map([...perCpu].filter(([, count]) => count > 0));

/** A reading that did not tell which CPUs were online tells nothing of those that came or went. */
const notIn = (cpus: readonly number[], others: readonly number[]): number[] => (others.length === 0 ? [] : cpus.filter((cpu) => !others.includes(cpu)));

/** The kernel's own times may step back by a tick: idle and iowait do. */
function timesBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  const rise = (name: keyof CpuTimes): number => Math.max(0, Math.round((after[name] - before[name]) * 100) / 100);
  return {
    userSeconds: rise('userSeconds'), systemSeconds: rise('systemSeconds'), idleSeconds: rise('idleSeconds'), irqSeconds: rise('irqSeconds'),
    softirqSeconds: rise('softirqSeconds'), stealSeconds: rise('stealSeconds'), guestSeconds: rise('guestSeconds'),
  };
}

/** The ring of messages may have lost its first ones meanwhile: what stands after the last known one is new. */
function newMessages(before: readonly string[], after: readonly string[]): string[] {
  const known = new Set(before);
  return after.filter((line) => !known.has(line));
}

/** The boot's moment is the clock less the time since boot: it wavers by a second from rounding. */
function clockSetBy({ bootEpochSeconds: before }: Counters, { bootEpochSeconds: after }: Counters): number | null {
  if (before === null || after === null) return null;
  return Math.abs(after - before) <= 1 ? 0 : after - before;
}
