import { nameOf } from '../../parsers/counters/counter-deltas.ts';
import { hasManagedName } from '../../settings/support/interrupts-of.ts';
import { counted, evidenceOf, figuresOf, spreadOf } from '../rates.ts';
import type { SuspicionRule } from '../suspicion.ts';

/** Interrupts of devices on measured CPUs. */
export const deviceInterrupts: SuspicionRule = (scene) => scene.deltas.interrupts.filter(({ device }) => device).flatMap((source) => {
  const spread = spreadOf(scene.cpus, (cpu) => source.perCpu.get(cpu) ?? 0);
  if (spread === null) return [];
  const name = nameOf(source);
  return [{
    rule: 'device-interrupts', rank: 3, cpu: spread.cpu, source: name, count: spread.total,
    words: counted(spread.total, [`interrupt of ${name}`, `interrupts of ${name}`], scene.seconds, spread.on),
    figures: figuresOf(spread.total, scene.seconds), evidence: evidenceOf('/proc/interrupts', `${source.id} (${name})`, spread.total, scene, spread.cpus),
    settingIds: hasManagedName(name) ? ['runtime.managed-irqs', 'kernel.isolcpus'] : ['runtime.irqs-off-isolated-cpus', 'kernel.irqaffinity', 'runtime.irqbalance'],
    countIn: ({ interrupts }) => spreadOf(scene.cpus, (cpu) => interrupts.find(({ id }) => id === source.id)?.perCpu.get(cpu) ?? 0)?.total ?? 0,
  }];
});
