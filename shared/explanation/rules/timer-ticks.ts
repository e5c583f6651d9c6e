import { counted, evidenceOf, figuresOf, spreadOf } from '../rates.ts';
import type { Scene, SuspicionRule } from '../suspicion.ts';

/** Fewer timer interrupts a second than this besides the measurement are no tick. */
const tickPerSecond = 4;

/** Timer interrupts beyond the one each wake-up of the measurement takes: the kernel's tick, or other timers on that CPU. */
export const timerTicks: SuspicionRule = (scene) => {
  if (!scene.wakesKnown) return [];
  const spread = spreadOf(scene.cpus, (cpu) => {
    const more = timers(scene.deltas, cpu) - scene.ownWakes(cpu);
    return more / scene.seconds < tickPerSecond ? 0 : more;
  });
  if (spread === null) return [];
  const tickless = spread.cpus.every((cpu) => scene.nohzFull.includes(cpu));
  return [{
    rule: 'timer-ticks', rank: tickless ? 4 : 7, cpu: spread.cpu, source: 'Local timer interrupts', count: spread.total,
    words: `${counted(spread.total, ['timer interrupt besides those of the measurement', 'timer interrupts besides those of the measurement'], scene.seconds, spread.on)}${tickless ? ', although no tick should come there (nohz_full)' : ''}`,
    figures: figuresOf(spread.total, scene.seconds), evidence: evidenceOf('/proc/interrupts', 'LOC, less one for each sample', spread.total, scene, spread.cpus),
    settingIds: ['kernel.nohz-full', 'runtime.timer-migration', 'kernel.rcu-nocbs'],
    // How many of a part's timer interrupts were the measurement's own is not told part by part: their number does not change.
    countIn: (deltas) => scene.cpus.reduce((sum, cpu) => sum + timers(deltas, cpu), 0),
  }];
};

const timers = ({ interrupts }: Scene['deltas'], cpu: number): number => interrupts.find(({ id }) => id === 'LOC')?.perCpu.get(cpu) ?? 0;
