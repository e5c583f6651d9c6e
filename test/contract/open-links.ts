import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { connectSocket } from '../../electron/core/attach/connect-socket.ts';
import { serveSocket } from '../../electron/core/attach/serve-socket.ts';
import { socketAddress } from '../../electron/core/attach/socket-address.ts';
import { webSocketLink } from '../../electron/hosts/browser-window/web-socket-link.ts';
import { startWindowServer } from '../../electron/hosts/browser-window/window-server.ts';
import { benchBridge } from '../../electron/hosts/electron/bench-bridge.ts';
import { createIpcEnd } from '../../electron/hosts/electron/ipc-link.ts';
import { linkPair, type Link } from '../../shared/contract/link.ts';

/** The user interface's end of a link, and what a hostile page can do beside sending text. */
export interface OpenedLink {
  readonly link: Link;
  /** What is not text, where the carrier knows such a thing. */
  sendOther?(payload: unknown): void;
  /** Ends the core's side, as when the core dies. */
  cut(): void;
  close(): Promise<void>;
}

export interface LinkKind {
  readonly name: string;
  /** What becomes of a message far over the limit: answered with a code, or, where it would be read first, the end of the link. */
  readonly farOversized: 'answered' | 'cut';
  open(serve: (link: Link) => void): Promise<OpenedLink>;
}

export const linkKinds: readonly LinkKind[] = [
  { name: 'in one process (command line)', farOversized: 'answered', open: openPair },
  { name: 'WebSocket (browser window)', farOversized: 'cut', open: openWebSocket },
  { name: 'preload channel (Electron)', farOversized: 'answered', open: openPreload },
  { name: 'local socket (later comers)', farOversized: 'cut', open: openLocalSocket },
];

async function openPair(serve: (link: Link) => void): Promise<OpenedLink> {
  const [link, other] = linkPair();
  serve(other);
  return { link, cut: () => { other.close(); }, close: async () => { link.close(); } };
}

async function openWebSocket(serve: (link: Link) => void): Promise<OpenedLink> {
  const files = new Map([['/index.html', { contentType: 'text/html', cacheControl: 'no-store', body: Buffer.from('') }]]);
  const served: Link[] = [];
  const server = await startWindowServer({ files, port: 0, serve: (link) => { served.push(link); serve(link); } });
  const address = new URL(server.newAddress());
  const answer = await fetch(`${address.origin}/session`, { method: 'POST', headers: { origin: address.origin }, body: address.hash.slice(1) });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${address.host}/link`, { headers: { cookie, origin: address.origin } });
  await new Promise((opened, failed) => { socket.once('open', opened).once('error', failed); });
  return {
    link: webSocketLink(socket),
    sendOther: (payload) => { socket.send(Buffer.from(JSON.stringify(payload) ?? '')); },
    cut: () => { for (const link of served) link.close(); },
    close: async () => {
      socket.terminate();
      await server.close();
    },
  };
}

/** Electron's own part, copying payloads between two processes, is played; both ends are the real ones. */
async function openPreload(serve: (link: Link) => void): Promise<OpenedLink> {
  const pageListeners: Array<(payload: unknown) => void> = [];
  const carry = (deliver: (payload: unknown) => void, payload: unknown) => {
    const copy: unknown = structuredClone(payload);
    setImmediate(() => { deliver(copy); });
  };
  const end = createIpcEnd((payload) => { carry((copy) => { for (const listener of pageListeners) listener(copy); }, payload); });
  const bridge = benchBridge({
    send: (payload) => { carry(end.hear, payload); },
    on: (listener) => { pageListeners.push(listener); },
  });
  serve(end.link);
  return {
    link: { ...bridge, close: () => { end.end(); } },
    sendOther: (payload) => { carry(end.hear, payload); },
    cut: () => { end.link.close(); },
    close: async () => { end.end(); },
  };
}

async function openLocalSocket(serve: (link: Link) => void): Promise<OpenedLink> {
  const folder = await mkdtemp(join(tmpdir(), 'rtvm-bench-link-'));
  const address = socketAddress(folder, folder);
  const served: Link[] = [];
  const server = await serveSocket(address, (link) => { served.push(link); serve(link); });
  const link = await connectSocket(address);
  if (!link) throw new Error('the local socket did not answer');
  return {
    link,
    cut: () => { for (const one of served) one.close(); },
    close: async () => {
      link.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
