import type { CpuFrequency } from '../../parsers/counters/gathered-blocks.ts';
import { condition, good, notComparable, unknown, type ValidityRule } from './validity-rule.ts';

/** Two readings of a steady clock differ by less. */
const steadyShare = 0.1;

export const frequency: ValidityRule = {
  id: 'frequency', title: 'Steady frequency', source: 'A clock that ramps up late is felt in the first response after a pause (Linux Documentation/admin-guide/pm/cpufreq.rst).',
  check: ({ deltas, cpus }) => {
    if (deltas === null) return [];
    const read = cpus.flatMap((cpu) => { const both = deltas.frequencies.get(cpu); return both === undefined ? [] : [{ cpu, ...both }]; });
    if (read.length === 0) return [unknown('This board does not tell its CPUs’ frequency.')];
    const set = read.filter(({ before, after }) => before.governor !== after.governor || before.minimumKhz !== after.minimumKhz || before.maximumKhz !== after.maximumKhz);
    if (set.length > 0) return set.map(({ cpu, before, after }) => notComparable(`CPU ${cpu}’s frequency was set differently during the run: ${inWords(before)} before, ${inWords(after)} after.`, 'Leave it as it is during a run, then run again.'));
    const moving = read.filter(({ before, after }) => Math.abs(before.currentKhz - after.currentKhz) > steadyShare * Math.max(before.currentKhz, after.currentKhz));
    if (moving.length === 0) return [good('The frequency of the measured CPUs was the same before and after.')];
    const [first] = moving;
    return first === undefined ? [] : [condition(`The frequency of ${moving.length} measured ${moving.length === 1 ? 'CPU' : 'CPUs'} moves: CPU ${first.cpu} had ${gigahertz(first.before.currentKhz)} before and ${gigahertz(first.after.currentKhz)} after, under the governor ${first.after.governor}.`, 'Set the governor performance, and the same smallest and largest frequency.')];
  },
};

const gigahertz = (khz: number): string => `${(khz / 1e6).toLocaleString('en-US', { maximumFractionDigits: 2 })} GHz`;
const inWords = ({ minimumKhz, maximumKhz, governor }: CpuFrequency): string => `${governor}, ${gigahertz(minimumKhz)} to ${gigahertz(maximumKhz)}`;
