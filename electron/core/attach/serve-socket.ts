import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Link } from '../../../shared/contract/link.ts';
import { socketLink } from './socket-link.ts';
import type { SocketAddress } from './socket-address.ts';

const tokenLength = 64;
const tokenDeadlineMs = 5_000;

/** Listens for windows and commands that come later to a project that is open here. Needs the token of `tokenFile` first. */
export async function serveSocket(address: SocketAddress, serve: (link: Link) => void): Promise<{ close(): Promise<void> }> {
  await mkdir(dirname(address.tokenFile), { recursive: true, mode: 0o700 });
  const token = randomBytes(tokenLength / 2).toString('hex');
  await rm(address.tokenFile, { force: true });
  await writeFile(address.tokenFile, token, { mode: 0o600, flag: 'wx' });
  if (process.platform !== 'win32') await rm(address.socket, { force: true });

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => { sockets.delete(socket); });
    socket.on('error', () => { socket.destroy(); });
    expectToken(socket, token, () => { serve(socketLink(socket)); });
  });
  await listen(server, address.socket);
  if (process.platform !== 'win32') await chmod(address.socket, 0o600);
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
      await rm(address.tokenFile, { force: true });
    },
  };
}

/** Reads exactly the token, so that what follows belongs to the link; anything else ends the connection. */
function expectToken(socket: Socket, token: string, accept: () => void): void {
  const timer = setTimeout(() => { socket.destroy(); }, tokenDeadlineMs);
  const onReadable = () => {
    const shown: unknown = socket.read(tokenLength + 1);
    if (shown === null) return;
    socket.off('readable', onReadable);
    clearTimeout(timer);
    const expected = Buffer.from(`${token}\n`);
    if (!Buffer.isBuffer(shown) || shown.length !== expected.length || !timingSafeEqual(shown, expected)) {
      socket.destroy();
      return;
    }
    accept();
    socket.write('accepted\n');
  };
  socket.on('readable', onReadable);
  socket.on('close', () => { clearTimeout(timer); });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(path, () => {
      server.off('error', failed);
      listening();
    });
  });
}
