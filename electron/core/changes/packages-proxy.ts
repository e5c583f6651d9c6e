import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { hostAndPort, publicAddressOf } from './packages-hosts.ts';
import type { PackageHosts } from './packages-hosts.ts';

/** An HTTP proxy that listens nowhere: it serves the connections it is handed. */
export interface PackagesProxy {
  serve(connection: Duplex): void;
  /** What it would not pass on, `host:port`, for the error that follows. */
  refused(): readonly string[];
  close(): void;
}

const silenceMs = 120_000;
/** Of one connection only, never passed on (RFC 9110 §7.6.1). */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/**
 * A proxy for a board's package manager, on this computer's connection. Passes on to the board's own package sources, to
 * where they redirect, and to mirrors where the sources are lists of them; the last two on the open internet only, so that
 * nothing else of the network this computer stands in can be reached. `token`: whoever has it, as user `board`, is served.
 */
export function createPackagesProxy({ named, mirrors }: PackageHosts, token: string): PackagesProxy {
  const redirected = new Set<string>();
  const refused = new Set<string>();
  const streams = new Set<Duplex>();
  const expected = `Basic ${Buffer.from(`board:${token}`).toString('base64')}`;

  const keep = <T extends Duplex>(stream: T): T => {
    streams.add(stream);
    stream.once('close', () => { streams.delete(stream); });
    return stream;
  };

  /** The host to connect to; null when it may not be. */
  const target = async (place: string): Promise<string | null> => {
    const host = place.slice(0, place.lastIndexOf(':'));
    if (named.has(place)) return host.replace(/^\[|\]$/g, '');
    const port = place.slice(place.lastIndexOf(':') + 1);
    const address = redirected.has(place) || (mirrors && ['80', '443'].includes(port)) ? await publicAddressOf(host) : null;
    if (address === null) refused.add(place);
    return address;
  };

  const onRequest = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const place = incoming.url?.startsWith('http://') === true ? hostAndPort(incoming.url) : null;
    const url = URL.parse(incoming.url ?? '');
    if (incoming.headers['proxy-authorization'] !== expected) return answer(outgoing, 407, 'Proxy Authentication Required', { 'proxy-authenticate': 'Basic realm="packages"' });
    if (place === null || url === null || !['GET', 'HEAD'].includes(incoming.method ?? '')) return answer(outgoing, 400, 'Bad Request');
    const host = await target(place);
    if (host === null) return answer(outgoing, 403, 'Not a package source of this board');
    const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !hopByHop.has(name)));
    const asked = httpRequest({ host, port: url.port === '' ? 80 : Number(url.port), method: incoming.method, path: `${url.pathname}${url.search}`, headers: { ...headers, host: url.host }, timeout: silenceMs });
    asked.on('timeout', () => { asked.destroy(new Error('silent')); });
    asked.on('error', () => { if (outgoing.headersSent) outgoing.destroy(); else answer(outgoing, 502, 'The source does not answer'); });
    outgoing.once('close', () => { asked.destroy(); });
    asked.on('response', (response) => {
      const elsewhere = response.headers.location === undefined ? null : hostAndPort(URL.parse(response.headers.location, url.href)?.href ?? '');
      if (elsewhere !== null) redirected.add(elsewhere);
      outgoing.writeHead(response.statusCode ?? 502, Object.fromEntries(Object.entries(response.headers).filter(([name]) => !hopByHop.has(name))));
      response.pipe(outgoing);
    });
    asked.end();
  };

  const onConnect = async (incoming: IncomingMessage, client: Duplex): Promise<void> => {
    const refuse = (status: string): void => { client.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`); };
    if (incoming.headers['proxy-authorization'] !== expected) { refuse('407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="packages"'); return; }
    const place = (incoming.url ?? '').toLowerCase();
    const host = await target(place);
    if (host === null) { refuse('403 Not a package source of this board'); return; }
    const server = keep(connect({ host, port: Number(place.slice(place.lastIndexOf(':') + 1)), autoSelectFamily: true }));
    let open = false;
    server.setTimeout(silenceMs, () => { server.destroy(); });
    server.on('error', () => { if (open) client.destroy(); else refuse('502 The source does not answer'); });
    server.once('connect', () => {
      open = true;
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(client);
      client.pipe(server);
    });
    client.once('close', () => { server.destroy(); });
    server.once('close', () => { if (open) client.end(); });
  };

  const server = createServer((incoming, outgoing) => {
    onRequest(incoming, outgoing).catch(() => { if (!outgoing.headersSent) answer(outgoing, 502, 'The source is not known'); });
  });
  server.on('connect', (incoming, client) => {
    client.on('error', () => { client.destroy(); });
    onConnect(incoming, client).catch(() => { client.end('HTTP/1.1 502 The source is not known\r\nContent-Length: 0\r\n\r\n'); });
  });
  return {
    serve: (connection) => { server.emit('connection', keep(connection)); },
    refused: () => [...refused],
    close: () => { for (const stream of streams) stream.destroy(); },
  };
}

const answer = (outgoing: ServerResponse, status: number, words: string, headers: Record<string, string> = {}): void => {
  outgoing.writeHead(status, words, { ...headers, 'content-length': 0 });
  outgoing.end();
};
