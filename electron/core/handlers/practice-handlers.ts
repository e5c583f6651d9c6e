import type { CoreParts } from '../create-core.ts';
import type { HandlerGroup } from './handler-group.ts';

export function practiceHandlers({ practice, project, bus }: CoreParts): HandlerGroup<'practice'> {
  return {
    'practice.state': () => practice.state(),
    'practice.set-faults': async (faults) => {
      await practice.setFaults(faults);
      return practice.state();
    },
    'practice.set-machine': async ({ machine }) => {
      await practice.setMachine(machine);
      // A practice board connects to the machine it names: without this the next connection would change it back.
      const { store, sessions } = project.context;
      for (const board of await store.boards()) {
        if (board.reach.kind !== 'practice') continue;
        await store.saveBoard({ ...board, reach: { kind: 'practice', machine } });
        await sessions.forget(board.id);
      }
      bus.emit('boards-changed', {});
      return practice.state();
    },
    'practice.reset': async () => {
      await practice.reset();
      return practice.state();
    },
  };
}
