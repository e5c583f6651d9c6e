import { CodedError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { FakeState } from './state.ts';

/** Terminals that show what is typed; Ctrl+] ends one, as it ends virsh console. */
export function consoleHandlers(state: FakeState): Pick<Handlers, Extract<keyof Handlers, `consoles.${string}`>> {
  // One is open from the start.
  const open = new Set(['console-00000001']);
  const say = (consoleId: string, text: string) => { setTimeout(() => { state.emit('console-output', { consoleId, text }); }, 5); };
  const known = (consoleId: string) => {
    if (!open.has(consoleId)) throw new CodedError('bad-request', 'This terminal has ended.');
    return consoleId;
  };
  return {
    'consoles.open': async ({ boardId, vm, columns, rows }) => {
      const { board } = state.boardOf(boardId);
      const consoleId = `console-${String(state.nextNumber()).padStart(8, '0')}`;
      open.add(consoleId);
      say(consoleId, vm === null ? `\u001B[1;32mrt@${board.name}\u001B[0m:~$ ` : `Connected to domain '${vm}'\r\nEscape character is ^] (Ctrl + ])\r\n\u001B[38;2;250;120;40m${vm} login:\u001B[0m (${String(columns)}×${String(rows)}) `);
      return { consoleId };
    },
    'consoles.write': async ({ consoleId, text }) => {
      if (text === '\u001D') {
        open.delete(known(consoleId));
        setTimeout(() => { state.emit('console-closed', { consoleId, error: null }); }, 5);
      } else {
        say(known(consoleId), text.replaceAll('\r', '\r\n'));
      }
      return {};
    },
    'consoles.resize': async ({ consoleId }) => {
      known(consoleId);
      return {};
    },
    'consoles.close': async ({ consoleId }) => {
      open.delete(consoleId);
      return {};
    },
  };
}
