import { countInWords } from '../words.ts';
import { secondsOf } from './run-evidence.ts';
import { condition, good, notComparable, oftenPerSecond, rateInWords, unknown, type ValidityRule } from './validity-rule.ts';

/** Fewer than so many a second besides the measurement are the kernel's own: migration threads, deferred work. */
const fewPerSecond = 1;

export const taskSwitches: ValidityRule = {
  id: 'task-switches', title: 'Nothing else ran on measured CPUs', source: 'Task switches of each CPU (/proc/schedstat) besides the one each sample makes; work of higher priority or in the kernel delays the measuring thread.',
  check: ({ deltas, cpus, isolated, samples, wakesPerSample, loadedHere }) => {
    if (deltas === null || !wakesPerSample) return [];
    const { taskSwitches: counts } = deltas;
    if (counts === null || counts.size === 0) return [unknown('This kernel does not count task switches per CPU (CONFIG_SCHEDSTATS).')];
    const seconds = secondsOf(deltas);
    const more = cpus.flatMap((cpu) => {
      const own = samples.find((thread) => thread.cpu === cpu)?.samples ?? 0;
      const extra = (counts.get(cpu) ?? 0) - own;
      return extra / seconds > fewPerSecond ? [{ cpu, extra }] : [];
    }).sort((a, b) => b.extra - a.extra);
    const [most] = more;
    if (most === undefined) return [good('The measured CPUs switched to the measuring thread and hardly to anything else.')];
    const words = more.slice(0, 4).map(({ cpu, extra }) => `CPU ${cpu} ${countInWords(extra)} times (${rateInWords(extra, seconds)})`).join(', ');
    const message = `Other tasks ran on measured CPUs: ${words}${more.length > 4 ? ` and ${more.length - 4} more` : ''}.`;
    // A load that was asked for runs where it was put: that is what is measured.
    const wrong = !loadedHere && isolated.includes(most.cpu) && most.extra / seconds >= oftenPerSecond;
    return [wrong ? notComparable(`${message} The isolation was not in effect.`, 'Look which threads may run there, in the overview and the guide; then run again.') : condition(message)];
  },
};
