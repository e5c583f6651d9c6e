import { consoleCommand } from '../../../shared/planning/vm/console-command.ts';
import type { ConsoleDesk } from '../consoles/console-desk.ts';
import type { OpenProject } from '../open-project.ts';
import type { HandlerGroup } from './handler-group.ts';

/** Terminals belong to the link that opened them: each has a desk of its own. */
export function consoleHandlers(project: OpenProject, desk: ConsoleDesk): HandlerGroup<'consoles'> {
  return {
    'consoles.open': async ({ boardId, vm, columns, rows }) => {
      const { store, sessions } = project.context;
      const board = await store.board(boardId);
      const command = vm === null ? null : consoleCommand(vm);
      if (command?.ok === false) throw command.error;
      return { consoleId: await desk.open(await sessions.get(boardId), board.name, command?.value ?? null, { columns, rows }) };
    },
    'consoles.write': async ({ consoleId, text }) => {
      desk.write(consoleId, text);
      return {};
    },
    'consoles.resize': async ({ consoleId, columns, rows }) => {
      desk.resize(consoleId, { columns, rows });
      return {};
    },
    'consoles.close': async ({ consoleId }) => {
      desk.close(consoleId);
      return {};
    },
  };
}
