import type { InterruptCounts } from '../../parsers/counters/interrupt-table.ts';
import { counted, evidenceOf, figuresOf } from '../rates.ts';
import type { SuspicionRule } from '../suspicion.ts';

interface Kind { readonly what: string; readonly rank: number; readonly settingIds: readonly string[] }

/** What the lines of /proc/interrupts without a device are, and what addresses them. Source: Linux arch/x86/kernel/irq.c. */
const kinds: Readonly<Record<string, Kind>> = {
  RES: { what: 'rescheduling interrupts', rank: 6, settingIds: ['kernel.isolcpus', 'runtime.kthreads', 'runtime.workqueues'] },
  CAL: { what: 'function call interrupts', rank: 6, settingIds: ['runtime.kthreads', 'runtime.no-cpu-hotplug', 'runtime.modules-fixed', 'kernel.nohz-full'] },
  TLB: { what: 'TLB shootdowns', rank: 6, settingIds: ['runtime.compaction', 'runtime.ksm', 'runtime.transparent-hugepages', 'runtime.numa-balancing'] },
  IWI: { what: 'interrupts for work of the kernel (irq_work)', rank: 7, settingIds: ['kernel.nohz-full', 'kernel.rcu-nocbs'] },
  NMI: { what: 'non-maskable interrupts', rank: 4, settingIds: ['runtime.nmi-watchdog', 'kernel.nmi-watchdog'] },
  PMI: { what: 'performance monitoring interrupts', rank: 5, settingIds: ['runtime.nmi-watchdog', 'kernel.nmi-watchdog'] },
  TRM: { what: 'thermal interrupts', rank: 2, settingIds: ['firmware.thermal-throttling', 'runtime.thermald'] },
  THR: { what: 'threshold interrupts (machine check)', rank: 4, settingIds: ['kernel.mce'] },
  MCE: { what: 'machine check exceptions', rank: 2, settingIds: ['kernel.mce'] },
  MCP: { what: 'polls for machine checks', rank: 6, settingIds: ['kernel.mce'] },
  SPU: { what: 'spurious interrupts', rank: 5, settingIds: [] },
};

/** Interrupts that CPUs send each other and that the processor makes itself. */
export const processorInterrupts: SuspicionRule = (scene) => scene.cpus.flatMap((cpu) => scene.deltas.interrupts.flatMap((source) => {
  const kind = source.device ? undefined : kinds[source.id];
  const count = source.perCpu.get(cpu) ?? 0;
  if (kind === undefined || count === 0) return [];
  return [{
    rule: 'processor-interrupts', rank: kind.rank, cpu, source: source.name === '' ? source.id : source.name, count,
    words: counted(count, `${kind.what} on CPU ${cpu}`, scene.seconds), figures: figuresOf(count, scene.seconds),
    evidence: evidenceOf('/proc/interrupts', source.id, cpu, count, scene), settingIds: kind.settingIds, countIn: ({ interrupts }) => countOf(interrupts, source.id, cpu),
  }];
}));

const countOf = (interrupts: readonly InterruptCounts[], wanted: string, cpu: number): number => interrupts.find(({ id }) => id === wanted)?.perCpu.get(cpu) ?? 0;
