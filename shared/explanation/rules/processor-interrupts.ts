import { counted, evidenceOf, figuresOf, spreadOf, type Noun } from '../rates.ts';
import type { SuspicionRule } from '../suspicion.ts';

interface Kind { readonly what: Noun; readonly rank: number; readonly settingIds: readonly string[] }

/** What the lines of /proc/interrupts without a device are, and what addresses them. Source: Linux arch/x86/kernel/irq.c. */
const kinds: Readonly<Record<string, Kind>> = {
  RES: { what: ['rescheduling interrupt', 'rescheduling interrupts'], rank: 6, settingIds: ['kernel.isolcpus', 'runtime.kthreads', 'runtime.workqueues'] },
  CAL: { what: ['function call interrupt', 'function call interrupts'], rank: 6, settingIds: ['runtime.kthreads', 'runtime.no-cpu-hotplug', 'runtime.modules-fixed', 'kernel.nohz-full'] },
  TLB: { what: ['TLB shootdown', 'TLB shootdowns'], rank: 6, settingIds: ['runtime.compaction', 'runtime.ksm', 'runtime.transparent-hugepages', 'runtime.numa-balancing'] },
  IWI: { what: ['interrupt for work of the kernel (irq_work)', 'interrupts for work of the kernel (irq_work)'], rank: 7, settingIds: ['kernel.nohz-full', 'kernel.rcu-nocbs'] },
  NMI: { what: ['non-maskable interrupt', 'non-maskable interrupts'], rank: 4, settingIds: ['runtime.nmi-watchdog', 'kernel.nmi-watchdog'] },
  PMI: { what: ['performance monitoring interrupt', 'performance monitoring interrupts'], rank: 5, settingIds: ['runtime.nmi-watchdog', 'kernel.nmi-watchdog'] },
  TRM: { what: ['thermal interrupt', 'thermal interrupts'], rank: 2, settingIds: ['firmware.thermal-throttling', 'runtime.thermald'] },
  THR: { what: ['threshold interrupt (machine check)', 'threshold interrupts (machine check)'], rank: 4, settingIds: ['kernel.mce'] },
  MCE: { what: ['machine check exception', 'machine check exceptions'], rank: 2, settingIds: ['kernel.mce'] },
  MCP: { what: ['poll for machine checks', 'polls for machine checks'], rank: 6, settingIds: ['kernel.mce'] },
  SPU: { what: ['spurious interrupt', 'spurious interrupts'], rank: 5, settingIds: [] },
};

/** Interrupts that CPUs send each other and that the processor makes itself. */
export const processorInterrupts: SuspicionRule = (scene) => scene.deltas.interrupts.flatMap((source) => {
  const kind = source.device ? undefined : kinds[source.id];
  const spread = spreadOf(scene.cpus, (cpu) => source.perCpu.get(cpu) ?? 0);
  if (kind === undefined || spread === null) return [];
  return [{
    rule: 'processor-interrupts', rank: kind.rank, cpu: spread.cpu, source: source.name === '' ? source.id : source.name, count: spread.total,
    words: counted(spread.total, kind.what, scene.seconds, spread.on), figures: figuresOf(spread.total, scene.seconds),
    evidence: evidenceOf('/proc/interrupts', source.id, spread.total, scene, spread.cpus), settingIds: kind.settingIds,
    countIn: ({ interrupts }) => spreadOf(scene.cpus, (cpu) => interrupts.find(({ id }) => id === source.id)?.perCpu.get(cpu) ?? 0)?.total ?? 0,
  }];
});
