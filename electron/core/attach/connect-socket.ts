import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Link } from '../../../shared/contract/link.ts';
import { socketLink } from './socket-link.ts';
import type { SocketAddress } from './socket-address.ts';

const answerDeadlineMs = 3_000;

/** Attaches to the core that has the project open. null when none answers: it has ended, or died. */
export async function connectSocket(address: SocketAddress): Promise<Link | null> {
  let token: string;
  try {
    token = await readFile(address.tokenFile, 'utf8');
  } catch {
    return null;
  }
  return new Promise((settle) => {
    const socket = connect(address.socket);
    const timer = setTimeout(() => { socket.destroy(); }, answerDeadlineMs);
    const give = (link: Link | null) => {
      clearTimeout(timer);
      settle(link);
    };
    socket.once('error', () => { give(null); });
    socket.once('close', () => { give(null); });
    socket.once('connect', () => { socket.write(`${token}\n`); });
    const onReadable = () => {
      const answer: unknown = socket.read('accepted\n'.length);
      if (answer === null) return;
      socket.off('readable', onReadable);
      socket.removeAllListeners('close');
      socket.removeAllListeners('error');
      give(socketLink(socket));
    };
    socket.on('readable', onReadable);
  });
}
