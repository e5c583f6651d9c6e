import { workloadKindSchema, type Workload, type WorkloadKind } from '../../../shared/model/vm.ts';
import type { Tone } from '../../components/tone.ts';

export const workloadKinds: readonly WorkloadKind[] = workloadKindSchema.options;

/** Less CPU time than this is no load, whatever process exists. */
const leastBusy = 0.05;

/** Whether a load works: by its CPU time, not by its being there. */
export function workloadSign({ running, busyCpus, ending }: Workload): { tone: Tone; text: string; words: string } {
  if (!running) return { tone: ending?.why === 'time' || ending?.why === 'asked' ? 'info' : 'bad', text: 'not on', words: '' };
  if (busyCpus === null) return { tone: 'warn', text: 'on', words: 'It is on; its CPU time could not be read.' };
  if (busyCpus < leastBusy) return { tone: 'bad', text: 'on, without work', words: 'Its processes are there, and use no CPU time: this is no load.' };
  return { tone: 'good', text: `on, ${busyCpus.toFixed(1)} CPUs`, words: `It keeps ${busyCpus.toFixed(1)} CPUs busy, by their time over the last second.` };
}
