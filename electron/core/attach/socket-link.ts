import type { Socket } from 'node:net';
import { maximumMessageLength, type Link } from '../../../shared/contract/link.ts';

/** A link over a local stream: one JSON text a line. A line over the limit ends the link. */
export function socketLink(socket: Socket): Link {
  const listeners: Array<(message: string) => void> = [];
  // Kept in parts: to join and search what has come so far at every chunk would make a long message cost its square.
  let begun: string[] = [];
  let begunLength = 0;
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const [first = '', ...later] = chunk.split('\n');
    begun.push(first);
    begunLength += first.length;
    for (const next of later) {
      const line = begun.join('');
      begun = [next];
      begunLength = next.length;
      for (const listener of listeners) listener(line);
    }
    if (begunLength > maximumMessageLength) socket.destroy();
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
