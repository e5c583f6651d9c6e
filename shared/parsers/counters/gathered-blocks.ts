import type { PerCpu } from './interrupt-table.ts';

/** The short blocks that run-counters.sh gathers itself. All readers are total: lines of another form are left out. */

export interface CpuFrequency { readonly currentKhz: number; readonly minimumKhz: number; readonly maximumKhz: number; readonly governor: string }
/** `timeUs` and `entries` since boot. `latencyUs`: what leaving it takes, as its driver says. */
export interface CpuIdleState { readonly name: string; readonly latencyUs: number; readonly entries: number; readonly timeUs: number; readonly disabled: boolean }
/** Counts of one virtual machine (`vcpu` null: all its vCPUs together) by name: `exits`, `io_exits`, … `vm` is process id and file number, as debugfs names it. */
export interface KvmCounters { readonly vm: string; readonly vcpu: number | null; readonly counts: ReadonlyMap<string, number> }

/** `NAME VALUE` lines. */
export function parseKeyValues(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([A-Za-z0-9_]{1,60}) (\S{1,200})$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  return values;
}

/** `PATH/cpuN/thermal_throttle/core_throttle_count:COUNT` lines; core and package are added. */
export function parseThrottles(text: string): PerCpu {
  const counts = new Map<number, number>();
  for (const line of text.split('\n')) {
    const match = /\/cpu(\d{1,4})\/thermal_throttle\/(?:core|package)_throttle_count:(\d{1,15})$/.exec(line);
    if (match !== null) counts.set(Number(match[1]), (counts.get(Number(match[1])) ?? 0) + Number(match[2]));
  }
  return counts;
}

/** `cpuN CURRENT MINIMUM MAXIMUM GOVERNOR` lines, kHz. */
export function parseCpuFrequencies(text: string): Map<number, CpuFrequency> {
  const found = new Map<number, CpuFrequency>();
  for (const line of text.split('\n')) {
    const [, cpu, current, minimum, maximum, governor] = /^cpu(\d{1,4}) (\d{1,12}) (\d{1,12}) (\d{1,12}) ([\w-]{1,40})$/.exec(line) ?? [];
    if (governor !== undefined) found.set(Number(cpu), { currentKhz: Number(current), minimumKhz: Number(minimum), maximumKhz: Number(maximum), governor });
  }
  return found;
}

/** `cpuN NAME,LATENCY,ENTRIES,TIME,DISABLED …` lines, times in µs. */
export function parseIdleStates(text: string): Map<number, CpuIdleState[]> {
  const found = new Map<number, CpuIdleState[]>();
  for (const line of text.split('\n')) {
    const [cpuName = '', ...states] = line.split(' ');
    const cpu = /^cpu(\d{1,4})$/.exec(cpuName)?.[1];
    if (cpu === undefined) continue;
    found.set(Number(cpu), states.flatMap((state): CpuIdleState[] => {
      const [, name, latency, entries, time, disabled] = /^([^,]{1,40}),(\d{1,12}),(\d{1,15}),(\d{1,15}),(\d{1,3})$/.exec(state) ?? [];
      return name === undefined ? [] : [{ name, latencyUs: Number(latency), entries: Number(entries), timeUs: Number(time), disabled: disabled !== '0' }];
    }));
  }
  return found;
}

/** `cpuN COUNT` lines. */
export function parseSmiCounts(text: string): PerCpu {
  const counts = new Map<number, number>();
  for (const [name, value] of parseKeyValues(text)) {
    const cpu = /^cpu(\d{1,4})$/.exec(name)?.[1];
    if (cpu !== undefined && /^\d{1,12}$/.test(value)) counts.set(Number(cpu), Number(value));
  }
  return counts;
}

/** `/sys/kernel/debug/kvm/PID-FD/NAME:COUNT` and `…/vcpuN/NAME:COUNT` lines. */
export function parseKvmCounters(text: string): KvmCounters[] {
  const found = new Map<string, { vm: string; vcpu: number | null; counts: Map<string, number> }>();
  for (const line of text.split('\n')) {
    const [, vm, vcpu, name, count] = /\/kvm\/(\d{1,10}-\d{1,10})\/(?:vcpu(\d{1,5})\/)?([\w-]{1,60}):(\d{1,15})$/.exec(line) ?? [];
    if (vm === undefined || name === undefined) continue;
    const key = `${vm} ${vcpu ?? ''}`;
    const one = found.get(key) ?? { vm, vcpu: vcpu === undefined ? null : Number(vcpu), counts: new Map<string, number>() };
    one.counts.set(name, Number(count));
    found.set(key, one);
  }
  return [...found.values()];
}
