import { formatCpuList } from '../../parsers/cpu-list.ts';
import { good, notComparable, unknown, type ValidityRule } from './validity-rule.ts';

export const throttling: ValidityRule = {
  id: 'throttling', title: 'No throttling', source: 'A CPU that slows itself down for heat or power is another CPU for as long (Linux thermal_throttle counts).',
  check: ({ deltas, cpus, journal, virtualised }) => {
    if (deltas === null) return [];
    const hot = cpus.filter((cpu) => deltas.throttles.has(cpu));
    if (hot.length > 0) return [notComparable(`CPU ${formatCpuList(hot)} was throttled by heat or power during the run.`, 'Cool the board or limit its clock, then run again.')];
    const counted = (journal.lastCounters?.texts.get('throttle') ?? '') !== '';
    return [counted ? good('No measured CPU was throttled.') : unknown(virtualised === true ? 'A virtual machine does not see throttling: look at its host.' : 'This board does not count throttling.')];
  },
};
