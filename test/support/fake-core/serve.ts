import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Link } from '../../../shared/contract/link.ts';
import type { FakeCore } from '../fake-core.ts';

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.map': 'application/json' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves a built window (`directory`) and a fake core behind it on a loopback port, under the policy the real hosts use. */
export async function serveFakeCore(core: FakeCore, directory: string): Promise<{ url: string; dropLinks(): void; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    readFile(join(directory, path === '/' ? 'index.html' : path)).then((body) => {
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/html', 'content-security-policy': policy });
      response.end(body);
    }, () => { response.writeHead(404).end(); });
  });
  const sockets = new WebSocketServer({ server, path: '/link' });
  sockets.on('connection', (socket) => { core.serve(linkOf(socket)); });
  await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake core has no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}/`,
    dropLinks: () => { for (const socket of sockets.clients) socket.terminate(); },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((closed) => { server.close(() => { closed(); }); });
    },
  };
}

function linkOf(socket: WebSocket): Link {
  return {
    send: (text) => { socket.send(text); },
    onMessage: (listener) => { socket.on('message', (data: Buffer) => { listener(data.toString('utf8')); }); },
    onClose: (listener) => { socket.on('close', () => { listener(); }); },
    close: () => { socket.close(); },
  };
}
