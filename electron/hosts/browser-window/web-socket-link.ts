import type { WebSocket } from 'ws';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Link, Reply } from '../../../shared/contract/link.ts';

/** A link over one WebSocket. A binary message is no call: it is refused with a code, as other nonsense is. */
export function webSocketLink(socket: WebSocket): Link {
  // ws follows every error by a close, which is what the other side acts on.
  socket.on('error', () => { socket.terminate(); });
  const send = (message: string) => { if (socket.readyState === socket.OPEN) socket.send(message); };
  return {
    send,
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        if (isBinary) send(JSON.stringify(refusedBinary));
        else listener(data.toString());
      });
    },
    onClose: (listener) => { socket.on('close', listener); },
    close: () => { socket.close(); },
  };
}

const refusedBinary: Reply = { id: null, ok: false, error: new CodedError('bad-request', 'The message is binary; a call is JSON text.').toData() };
