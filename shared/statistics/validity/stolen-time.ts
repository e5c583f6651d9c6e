import { durationInWords } from '../words.ts';
import { condition, good, type ValidityRule } from './validity-rule.ts';

export const stolenTime: ValidityRule = {
  id: 'stolen-time', title: 'The host gave the CPUs all the time', source: 'Steal in /proc/stat: the virtual CPU had work and the host ran something else. It counts what its hypervisor tells, so none is no proof.',
  check: ({ deltas, cpus, virtualised }) => {
    if (deltas === null || virtualised !== true) return [];
    const stolen = cpus.flatMap((cpu) => { const seconds = deltas.cpuTimes.get(cpu)?.stealSeconds ?? 0; return seconds > 0 ? [`${durationInWords(seconds)} from CPU ${cpu}`] : []; });
    return [stolen.length === 0 ? good('The host took no time from the measured CPUs that it tells of.') : condition(`The host took time from measured CPUs: ${stolen.slice(0, 4).join(', ')}.`, 'Pin each vCPU to a CPU of its own on the host.')];
  },
};
