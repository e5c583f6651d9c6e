import type { CoreParts } from '../create-core.ts';
import type { HandlerGroup } from './handler-group.ts';

export function practiceHandlers({ practice }: CoreParts): HandlerGroup<'practice'> {
  return {
    'practice.state': () => practice.state(),
    'practice.set-faults': async (faults) => {
      await practice.setFaults(faults);
      return practice.state();
    },
    'practice.set-machine': async ({ machine }) => {
      await practice.setMachine(machine);
      return practice.state();
    },
    'practice.reset': async () => {
      await practice.reset();
      return practice.state();
    },
  };
}
