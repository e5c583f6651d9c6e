import { counted, evidenceOf, figuresOf } from '../rates.ts';
import type { SuspicionRule } from '../suspicion.ts';

/** Fewer timer interrupts a second than this besides the measurement are no tick. */
const tickPerSecond = 4;

/** Timer interrupts beyond the one each wake-up of the measurement takes: the kernel's tick, or other timers on that CPU. */
export const timerTicks: SuspicionRule = (scene) => scene.cpus.flatMap((cpu) => {
  const local = scene.deltas.interrupts.find(({ id }) => id === 'LOC')?.perCpu.get(cpu) ?? 0;
  const count = local - scene.ownWakes(cpu);
  if (!scene.wakesKnown || count / scene.seconds < tickPerSecond) return [];
  const tickless = scene.nohzFull.includes(cpu);
  return [{
    rule: 'timer-ticks', rank: tickless ? 4 : 7, cpu, source: 'Local timer interrupts', count,
    words: `${counted(count, `timer interrupts on CPU ${cpu} besides those of the measurement`, scene.seconds)}${tickless ? ', although it is a CPU without a tick (nohz_full)' : ''}`,
    figures: figuresOf(count, scene.seconds),
    evidence: evidenceOf('/proc/interrupts', 'LOC', cpu, local, scene), settingIds: ['kernel.nohz-full', 'runtime.timer-migration', 'kernel.rcu-nocbs'],
    // How many of a part's timer interrupts were the measurement's own is not told part by part: their number does not change.
    countIn: ({ interrupts }) => interrupts.find(({ id }) => id === 'LOC')?.perCpu.get(cpu) ?? 0,
  }];
});
