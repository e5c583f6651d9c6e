import { counted, evidenceOf, figuresOf, spreadOf } from '../rates.ts';
import type { SuspicionRule } from '../suspicion.ts';

/** Tasks other than the measuring thread that were put on its CPU. */
export const taskSwitches: SuspicionRule = (scene) => {
  const { taskSwitches: counts } = scene.deltas;
  if (counts === null || !scene.wakesKnown) return [];
  const spread = spreadOf(scene.cpus, (cpu) => (counts.get(cpu) ?? 0) - scene.ownWakes(cpu));
  if (spread === null) return [];
  return [{
    rule: 'task-switches', rank: 4, cpu: spread.cpu, source: 'other tasks', count: spread.total,
    words: counted(spread.total, ['switch to another task', 'switches to other tasks'], scene.seconds, spread.on), figures: figuresOf(spread.total, scene.seconds),
    evidence: evidenceOf('/proc/schedstat', 'timeslices, less one for each sample', spread.total, scene, spread.cpus),
    settingIds: ['kernel.isolcpus', 'runtime.kthreads', 'runtime.workqueues', 'runtime.irq-threads'],
    countIn: (deltas) => scene.cpus.reduce((sum, cpu) => sum + (deltas.taskSwitches?.get(cpu) ?? 0), 0),
  }];
};
