import { nameOf } from '../../parsers/counters/counter-deltas.ts';
import { hasManagedName } from '../../settings/support/interrupts-of.ts';
import { counted, evidenceOf, figuresOf } from '../rates.ts';
import type { SuspicionRule } from '../suspicion.ts';

/** Interrupts of devices on measured CPUs, by device and CPU. */
export const deviceInterrupts: SuspicionRule = (scene) => scene.cpus.flatMap((cpu) =>
  scene.deltas.interrupts.filter(({ device, perCpu }) => device && (perCpu.get(cpu) ?? 0) > 0).map((source) => {
    const count = source.perCpu.get(cpu) ?? 0;
    const name = nameOf(source);
    return {
      rule: 'device-interrupts', rank: 3, cpu, source: name, count,
      words: `${counted(count, `${count === 1 ? 'interrupt' : 'interrupts'} of ${name} on CPU ${cpu}`, scene.seconds)}`,
      figures: figuresOf(count, scene.seconds), evidence: evidenceOf('/proc/interrupts', `${source.id} (${name})`, cpu, count, scene),
      settingIds: hasManagedName(name) ? ['runtime.managed-irqs', 'kernel.isolcpus'] : ['runtime.irqs-off-isolated-cpus', 'kernel.irqaffinity', 'runtime.irqbalance'],
      countIn: ({ interrupts }) => interrupts.find(({ id }) => id === source.id)?.perCpu.get(cpu) ?? 0,
    };
  }));
