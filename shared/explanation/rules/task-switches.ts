import { counted, evidenceOf, figuresOf } from '../rates.ts';
import type { SuspicionRule } from '../suspicion.ts';

/** Tasks other than the measuring thread that were put on its CPU. */
export const taskSwitches: SuspicionRule = (scene) => {
  const { taskSwitches: counts } = scene.deltas;
  if (counts === null || !scene.wakesKnown) return [];
  return scene.cpus.flatMap((cpu) => {
    const all = counts.get(cpu) ?? 0;
    const count = all - scene.ownWakes(cpu);
    if (count <= 0) return [];
    return [{
      rule: 'task-switches', rank: 4, cpu, source: 'other tasks', count,
      words: counted(count, `switches to other tasks on CPU ${cpu}`, scene.seconds), figures: figuresOf(count, scene.seconds),
      evidence: evidenceOf('/proc/schedstat', `cpu${cpu}`, null, all, scene), settingIds: ['kernel.isolcpus', 'runtime.kthreads', 'runtime.workqueues', 'runtime.irq-threads'],
      countIn: (deltas) => deltas.taskSwitches?.get(cpu) ?? 0,
    }];
  });
};
