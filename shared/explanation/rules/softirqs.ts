import { counted, evidenceOf, figuresOf } from '../rates.ts';
import type { SuspicionRule } from '../suspicion.ts';

interface Kind { readonly what: string; readonly rank: number; readonly settingIds: readonly string[] }

/** Source: Linux kernel/softirq.c. HRTIMER and TIMER run the measurement's own timers too. */
const kinds: Readonly<Record<string, Kind>> = {
  NET_RX: { what: 'network receptions', rank: 5, settingIds: ['runtime.irqs-off-isolated-cpus', 'runtime.rps', 'kernel.irqaffinity'] },
  NET_TX: { what: 'network transmissions', rank: 5, settingIds: ['runtime.xps', 'runtime.irqs-off-isolated-cpus'] },
  BLOCK: { what: 'completions of block I/O', rank: 5, settingIds: ['runtime.managed-irqs', 'runtime.irqs-off-isolated-cpus'] },
  TASKLET: { what: 'tasklets', rank: 5, settingIds: ['runtime.irqs-off-isolated-cpus'] },
  HI: { what: 'tasklets of high priority', rank: 5, settingIds: ['runtime.irqs-off-isolated-cpus'] },
  RCU: { what: 'RCU callbacks', rank: 6, settingIds: ['kernel.rcu-nocbs', 'kernel.nohz-full'] },
  SCHED: { what: 'rounds of load balancing', rank: 7, settingIds: ['kernel.isolcpus', 'kernel.nohz-full'] },
  TIMER: { what: 'runs of kernel timers', rank: 7, settingIds: ['runtime.timer-migration', 'kernel.nohz-full'] },
};

/** Work that interrupts left behind for later, on measured CPUs. */
export const softirqs: SuspicionRule = (scene) => scene.cpus.flatMap((cpu) => scene.deltas.softirqs.flatMap(({ name, perCpu }) => {
  const kind = kinds[name];
  const count = perCpu.get(cpu) ?? 0;
  if (kind === undefined || count === 0) return [];
  return [{
    rule: 'softirqs', rank: kind.rank, cpu, source: name, count,
    words: counted(count, `${kind.what} (softirq ${name}) on CPU ${cpu}`, scene.seconds), figures: figuresOf(count, scene.seconds),
    evidence: evidenceOf('/proc/softirqs', name, cpu, count, scene), settingIds: kind.settingIds,
    countIn: (deltas) => deltas.softirqs.find((one) => one.name === name)?.perCpu.get(cpu) ?? 0,
  }];
}));
