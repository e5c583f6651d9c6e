import type { Socket } from 'node:net';
import { maximumMessageLength, type Link } from '../../../shared/contract/link.ts';

/** A link over a local stream: one JSON text a line. A line over the limit ends the link. */
export function socketLink(socket: Socket): Link {
  const listeners: Array<(message: string) => void> = [];
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maximumMessageLength) {
      socket.destroy();
      return;
    }
    for (const line of lines) for (const listener of listeners) listener(line);
  });
  // The close that follows an error is what the other side acts on.
  socket.on('error', () => { socket.destroy(); });
  return {
    send: (message) => { if (!socket.destroyed) socket.write(`${message}\n`); },
    onMessage: (listener) => { listeners.push(listener); },
    onClose: (listener) => { socket.on('close', listener); },
    close: () => { socket.end(); },
  };
}
