import { formatCpuList } from '../../parsers/cpu-list.ts';
import { condition, good, notComparable, type ValidityRule } from './validity-rule.ts';

export const cpusOnline: ValidityRule = {
  id: 'cpus-online', title: 'The same CPUs all the time', source: 'A CPU that goes offline moves its threads to another one; one that comes or goes stops all others for a moment (Linux Documentation/core-api/cpu_hotplug.rst).',
  check: ({ deltas, cpus }) => {
    if (deltas === null) return [];
    const gone = deltas.cpusGone.filter((cpu) => cpus.includes(cpu));
    if (gone.length > 0) return [notComparable(`Measured CPU ${formatCpuList(gone)} went offline during the run.`, 'Find what switches CPUs off, then run again.')];
    const moved = [...deltas.cpusGone, ...deltas.cpusCome];
    return [moved.length > 0 ? condition(`CPU ${formatCpuList(moved)} came or went during the run, which stops the others for a moment.`, 'Find what switches CPUs on and off.') : good('No CPU came or went.')];
  },
};
