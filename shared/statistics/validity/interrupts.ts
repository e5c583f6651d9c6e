import { nameOf } from '../../parsers/counters/counter-deltas.ts';
import { countInWords } from '../words.ts';
import { secondsOf } from './run-evidence.ts';
import { condition, good, notComparable, oftenPerSecond, rateInWords, unknown, type ValidityRule } from './validity-rule.ts';

export const interrupts: ValidityRule = {
  id: 'interrupts', title: 'No device interrupts on measured CPUs', source: 'Each takes the CPU away for microseconds; isolcpus alone does not keep them off (Linux Documentation/core-api/irq/irq-affinity.rst).',
  check: ({ deltas, cpus, isolated }) => {
    if (deltas === null) return [];
    if (deltas.interrupts.length === 0) return [unknown('The interrupts were not read.')];
    const seconds = secondsOf(deltas);
    const devices = deltas.interrupts.filter(({ device }) => device);
    const hit = cpus.flatMap((cpu) => {
      const counts = devices.flatMap((source) => { const count = source.perCpu.get(cpu) ?? 0; return count === 0 ? [] : [{ name: nameOf(source), count }]; }).sort((a, b) => b.count - a.count);
      const total = counts.reduce((sum, { count }) => sum + count, 0);
      return total === 0 ? [] : [{ cpu, total, most: counts[0]?.name ?? '' }];
    }).sort((a, b) => b.total - a.total);
    if (hit.length === 0) return [good('No device interrupted a measured CPU.')];
    const next = 'Move them to housekeeping CPUs: the setting “Device interrupts off isolated CPUs”.';
    const words = (list: typeof hit): string => list.slice(0, 4).map(({ cpu, total, most }) => `${countInWords(total)} on CPU ${cpu} (${rateInWords(total, seconds)}, most of ${most})`).join(', ') + (list.length > 4 ? ` and fewer on ${list.length - 4} more` : '');
    const often = hit.filter(({ cpu, total }) => isolated.includes(cpu) && total / seconds >= oftenPerSecond);
    const others = hit.filter((one) => !often.includes(one));
    return [
      ...often.length === 0 ? [] : [notComparable(`Device interrupts reached isolated CPUs all the time: ${words(often)}. The isolation was not in effect.`, next)],
      ...others.length === 0 ? [] : [condition(`Device interrupts on measured CPUs: ${words(others)}.`, next)],
    ];
  },
};
