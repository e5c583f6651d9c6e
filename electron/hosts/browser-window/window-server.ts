import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { maximumMessageLength, type Link } from '../../../shared/contract/link.ts';
import { securityHeaders, type SecurityHeaders } from '../shared/content-security.ts';
import { findRendererFile, type RendererFile, type RendererFiles } from '../shared/renderer-files.ts';
import { launchFiles } from './launch-page.ts';
import { LaunchTokens } from './launch-tokens.ts';
import { admit, type GuardOptions } from './request-guard.ts';
import { webSocketLink } from './web-socket-link.ts';

/** A little more than a link takes, so that a message just over the limit is answered `too-large` and not cut off. */
const maximumPayloadBytes = maximumMessageLength + 1_000_000;
const maximumTokenLength = 100;

export interface WindowServerOptions {
  readonly files: RendererFiles;
  /** 0 takes any free port. */
  readonly port: number;
  serve(link: Link): void;
  /** Told each time the number of open windows changes. */
  onWindows?(count: number): void;
}

export interface WindowServer {
  readonly port: number;
  /** An address that opens one window, once, within five minutes. */
  newAddress(): string;
  close(): Promise<void>;
}

/** Serves the user interface and its link on 127.0.0.1, to windows that came with a launch token. All else gets 403. */
export async function startWindowServer(options: WindowServerOptions): Promise<WindowServer> {
  const tokens = new LaunchTokens();
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 8_192 });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(options.port, '127.0.0.1', listening);
  });
  const port = portOf(server.address());
  const authority = `127.0.0.1:${port}`;
  // A browser sends cookies to every port of an address: the port in the name keeps two benches apart.
  const guard: GuardOptions = { authority, cookieName: `rtvm-bench-${port}`, isSession: (secret) => tokens.isSession(secret) };
  const headers = securityHeaders(["'self'", `ws://${authority}`]);

  server.on('request', (request, response) => {
    const admission = admit({ method: request.method, url: request.url, headers: request.headers, isUpgrade: false }, guard);
    if (admission?.kind === 'launch-page') sendFile(response, headers, launchFiles.get(admission.path));
    else if (admission?.kind === 'file') sendFile(response, headers, findRendererFile(options.files, admission.path));
    else if (admission?.kind === 'exchange') void exchange(request, response, tokens, guard.cookieName, headers);
    else refuse(response, headers);
  });

  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumPayloadBytes, perMessageDeflate: false });
  server.on('upgrade', (request, stream, head) => {
    const admission = admit({ method: request.method, url: request.url, headers: request.headers, isUpgrade: true }, guard);
    if (admission?.kind !== 'link') {
      refuseUpgrade(stream);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const tell = () => options.onWindows?.(sockets.clients.size);
      socket.on('close', tell);
      options.serve(webSocketLink(socket));
      tell();
    });
  });

  return {
    port,
    newAddress: () => `http://${authority}/launch#${tokens.issue()}`,
    close: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Takes a token from the body and, when it is good, sets the session cookie. */
async function exchange(request: IncomingMessage, response: ServerResponse, tokens: LaunchTokens, cookieName: string, headers: SecurityHeaders): Promise<void> {
  const session = tokens.redeem(await readToken(request));
  if (session === null) {
    refuse(response, headers);
    return;
  }
  response.writeHead(204, { ...headers, 'cache-control': 'no-store', 'set-cookie': `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict` });
  response.end();
}

/** The body as text; a body that is too long or breaks off gives what no token is. */
async function readToken(request: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of request) {
      text += String(chunk);
      if (text.length > maximumTokenLength) return '';
    }
  } catch {
    return '';
  }
  return text;
}

function sendFile(response: ServerResponse, headers: SecurityHeaders, file: RendererFile | undefined): void {
  if (!file) {
    refuse(response, headers);
    return;
  }
  response.writeHead(200, { ...headers, 'content-type': file.contentType, 'content-length': file.body.length, 'cache-control': file.cacheControl });
  response.end(file.body);
}

function refuse(response: ServerResponse, headers: SecurityHeaders): void {
  response.writeHead(403, { ...headers, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', connection: 'close' });
  response.end('Not allowed.\n');
}

function refuseUpgrade(stream: Duplex): void {
  stream.on('error', () => { stream.destroy(); });
  stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('An HTTP server on 127.0.0.1 has a port.');
  return address.port;
}
