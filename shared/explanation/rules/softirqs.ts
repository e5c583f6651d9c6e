import { counted, evidenceOf, figuresOf, spreadOf, type Noun } from '../rates.ts';
import type { SuspicionRule } from '../suspicion.ts';

interface Kind { readonly what: Noun; readonly rank: number; readonly settingIds: readonly string[] }

/** Source: Linux kernel/softirq.c. HRTIMER runs the measurement's own timers too, on kernels that are not real-time. */
const kinds: Readonly<Record<string, Kind>> = {
  NET_RX: { what: ['network reception', 'network receptions'], rank: 5, settingIds: ['runtime.irqs-off-isolated-cpus', 'runtime.rps', 'kernel.irqaffinity'] },
  NET_TX: { what: ['network transmission', 'network transmissions'], rank: 5, settingIds: ['runtime.xps', 'runtime.irqs-off-isolated-cpus'] },
  BLOCK: { what: ['completion of block I/O', 'completions of block I/O'], rank: 5, settingIds: ['runtime.managed-irqs', 'runtime.irqs-off-isolated-cpus'] },
  TASKLET: { what: ['tasklet', 'tasklets'], rank: 5, settingIds: ['runtime.irqs-off-isolated-cpus'] },
  HI: { what: ['tasklet of high priority', 'tasklets of high priority'], rank: 5, settingIds: ['runtime.irqs-off-isolated-cpus'] },
  RCU: { what: ['round of RCU callbacks', 'rounds of RCU callbacks'], rank: 6, settingIds: ['kernel.rcu-nocbs', 'kernel.nohz-full'] },
  SCHED: { what: ['round of load balancing', 'rounds of load balancing'], rank: 7, settingIds: ['kernel.isolcpus', 'kernel.nohz-full'] },
  TIMER: { what: ['run of kernel timers', 'runs of kernel timers'], rank: 7, settingIds: ['runtime.timer-migration', 'kernel.nohz-full'] },
};

/** Work that interrupts left behind for later, on measured CPUs. */
export const softirqs: SuspicionRule = (scene) => scene.deltas.softirqs.flatMap(({ name, perCpu }) => {
  const kind = kinds[name];
  const spread = spreadOf(scene.cpus, (cpu) => perCpu.get(cpu) ?? 0);
  if (kind === undefined || spread === null) return [];
  return [{
    rule: 'softirqs', rank: kind.rank, cpu: spread.cpu, source: name, count: spread.total,
    words: counted(spread.total, kind.what, scene.seconds, `${spread.on}, in softirq ${name}`), figures: figuresOf(spread.total, scene.seconds),
    evidence: evidenceOf('/proc/softirqs', name, spread.total, scene, spread.cpus), settingIds: kind.settingIds,
    countIn: (deltas) => spreadOf(scene.cpus, (cpu) => deltas.softirqs.find((one) => one.name === name)?.perCpu.get(cpu) ?? 0)?.total ?? 0,
  }];
});
