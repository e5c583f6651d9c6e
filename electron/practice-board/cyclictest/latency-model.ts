import { lastCpu } from '../linux/process-files.ts';
import type { PretendLinux } from '../linux/pretend-linux.ts';
import type { Thread } from '../processes/process.ts';

const quantiles = 1024;
/** Quantiles of the body's shape: drawing from a table costs a fraction of computing logarithms. */
const shape = Float64Array.from({ length: quantiles }, (_, index) => (-Math.log(1 - (index + 0.5) / quantiles)) ** 0.7);

/** Gives latencies of one measuring thread in µs, from what the machine is like at that moment. */
export interface LatencyModel {
  draw(): number;
}

/**
 * Latencies follow a shifted, slightly heavy-tailed body, rare disturbances and rarer stalls. What shapes them: a
 * real-time kernel, isolation, tickless CPUs, load, idle states, the frequency governor, the thread's policy.
 */
export function latencyModel(linux: PretendLinux, thread: Thread): LatencyModel {
  const { spec, decisions, random } = linux;
  const cpu = lastCpu(linux, thread);
  const own = spec.cpus.find((one) => one.cpu === cpu);
  const isolated = decisions.isolated.includes(cpu);
  const tickless = isolated && decisions.nohzFull.includes(cpu);
  const realtimeThread = thread.policy === 'fifo' || thread.policy === 'rr';
  const { realtime } = linux.kernel;
  const load = linux.load.get(cpu) ?? 0;
  const elsewhere = [...linux.load.values()].reduce((sum, one) => sum + one, 0) / linux.online.length;
  const sibling = spec.cpus.some((one) => one.cpu !== cpu && one.core === own?.core && one.socket === own.socket && one.kind === own.kind && (linux.load.get(one.cpu) ?? 0) > 0);
  const slow = own?.kind === 'efficiency' ? 1.5 : 1;
  const base = (spec.latency.baseUs + (isolated ? 0 : 0.8) + (realtime ? 0 : 1.2) + (realtimeThread ? 0 : 48) + idlePenalty(linux, cpu)) * slow;
  const spread = (spec.latency.spreadUs * (isolated ? 1 : 1.9) * (realtime ? 1 : 1.6) + load * 3 + elsewhere * 1.2 + (sibling ? 2.5 : 0)) * slow;
  const irqs = linux.interrupts.list.filter((irq) => irq.effective === cpu).reduce((sum, irq) => sum + irq.perSecond, 0);
  // Per sample: the tick, interrupts and housekeeping work on this CPU; without a real-time kernel they may hold for long.
  const disturbed = (tickless ? 0.000_02 : isolated ? 0.000_6 : 0.006) + Math.min(0.01, irqs / 500_000) + load * 0.004;
  const disturbanceUs = (realtime ? (isolated ? 3 : 14) : 60) * (1 + elsewhere) * (realtimeThread ? 1 : 6);
  const stalled = (spec.latency.stallsPerMillion / 1_000_000) * (realtime ? 1 : 12) * (1 + elsewhere * 2);
  const stallUs = spec.latency.stallUs * (realtime ? 1 : 9);
  return {
    draw: () => {
      const chance = random();
      let value = base + spread * (shape[Math.floor(random() * quantiles)] ?? 0);
      if (chance < disturbed) value += disturbanceUs * -Math.log(1 - random() * 0.98);
      if (chance > 1 - stalled) value += stallUs * (0.4 + random() * 0.6);
      return value;
    },
  };
}

/** Waking a sleeping core costs its exit latency, unless somebody holds the idle states shut. */
function idlePenalty(linux: PretendLinux, cpu: number): number {
  const governor = linux.cpuKnobs.get(`/devices/system/cpu/cpufreq/policy${cpu}/scaling_governor`) ?? 'powersave';
  const frequency = governor === 'performance' ? 0 : 0.4;
  if (linux.latencyHolders > 0 || linux.decisions.idleStatesOff) return frequency;
  const open = linux.spec.cpu.idleStates.filter((_state, index) => linux.cpuKnobs.get(`/devices/system/cpu/cpu${cpu}/cpuidle/state${index}/disable`) !== '1');
  return frequency + Math.max(0, ...open.map((state) => state.latencyUs)) * 0.35;
}
