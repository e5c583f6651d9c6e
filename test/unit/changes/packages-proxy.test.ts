import { createServer, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { hostAndPort, isPublicAddress, packageHosts } from '../../../electron/core/changes/packages-hosts.ts';
import { createPackagesProxy, type PackagesProxy } from '../../../electron/core/changes/packages-proxy.ts';

const token = 'made-for-this-once';
const pass = { 'proxy-authorization': `Basic ${Buffer.from(`board:${token}`).toString('base64')}` };
const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

describe('the proxy for a board’s package manager', () => {
  const servers: Server[] = [];
  const proxies: PackagesProxy[] = [];
  afterEach(() => {
    for (const proxy of proxies.splice(0)) proxy.close();
    for (const server of servers.splice(0)) server.close();
  });
  const listen = async <T extends Server>(server: T): Promise<T> => {
    servers.push(server);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', () => { resolve(); }); });
    return server;
  };
  /** The board's end: in the product a port of the board over SSH, here a port of this machine. */
  const board = async (proxy: PackagesProxy): Promise<number> => {
    proxies.push(proxy);
    return portOf(await listen(createTcpServer((socket) => { proxy.serve(socket); })));
  };
  const source = async (): Promise<{ server: Server; asked: Array<{ url: string | undefined; host: string | undefined; secret: string | undefined }> }> => {
    const asked: Array<{ url: string | undefined; host: string | undefined; secret: string | undefined }> = [];
    const server = await listen(createServer((incoming, outgoing) => {
      asked.push({ url: incoming.url, host: incoming.headers.host, secret: incoming.headers['proxy-authorization'] });
      if (incoming.url === '/moved') outgoing.writeHead(302, { location: 'http://10.11.12.13/InRelease' }).end();
      else outgoing.end('InRelease');
    }));
    return { server, asked };
  };
  const get = (port: number, path: string, headers: Record<string, string> = pass): Promise<{ status: number | undefined; text: string }> => new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (response: IncomingMessage) => {
      let text = '';
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      response.on('end', () => { resolve({ status: response.statusCode, text }); });
    }).on('error', reject).end();
  });
  const open = (port: number, place: string, headers: Record<string, string> = pass): Promise<{ status: number | undefined; socket: Duplex }> => new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, method: 'CONNECT', path: place, headers });
    asking.on('connect', (response, socket) => { resolve({ status: response.statusCode, socket }); });
    asking.on('error', reject);
    asking.end();
  });

  test('passes on to a source of the board, without its own password', async () => {
    const { server, asked } = await source();
    const place = `127.0.0.1:${portOf(server)}`;
    const port = await board(createPackagesProxy({ named: new Set([place]), mirrors: false }, token));
    expect(await get(port, `http://${place}/debian/dists/x/InRelease?a=1`)).toEqual({ status: 200, text: 'InRelease' });
    expect(asked).toEqual([{ url: '/debian/dists/x/InRelease?a=1', host: place, secret: undefined }]);
  });

  test('nothing else of this computer’s network can be reached, and it is told what was asked for', async () => {
    const { server, asked } = await source();
    const other = `127.0.0.1:${portOf(server)}`;
    const proxy = createPackagesProxy({ named: new Set(['deb.debian.org:80']), mirrors: true }, token);
    const port = await board(proxy);
    expect((await get(port, `http://${other}/`)).status).toBe(403);
    expect((await get(port, 'http://192.168.1.1/')).status).toBe(403);
    expect((await open(port, other)).status).toBe(403);
    expect((await open(port, '[::1]:443')).status).toBe(403);
    expect((await get(port, '/etc/passwd')).status).toBe(400);
    expect(proxy.refused()).toEqual([other, '192.168.1.1:80', '[::1]:443']);
    expect(asked).toEqual([]);
  });

  test('a redirect into a private network is not followed', async () => {
    const { server } = await source();
    const place = `127.0.0.1:${portOf(server)}`;
    const port = await board(createPackagesProxy({ named: new Set([place]), mirrors: false }, token));
    expect((await get(port, `http://${place}/moved`)).status).toBe(302);
    expect((await get(port, 'http://10.11.12.13/InRelease')).status).toBe(403);
  });

  test('serves nobody without the password', async () => {
    const { server, asked } = await source();
    const place = `127.0.0.1:${portOf(server)}`;
    const port = await board(createPackagesProxy({ named: new Set([place]), mirrors: false }, token));
    expect((await get(port, `http://${place}/`, {})).status).toBe(407);
    expect((await get(port, `http://${place}/`, { 'proxy-authorization': 'Basic Ym9hcmQ6Z3Vlc3M=' })).status).toBe(407);
    expect((await open(port, place, {})).status).toBe(407);
    expect(asked).toEqual([]);
  });

  test('opens a tunnel for https sources, closes with it, and says when nobody answers', async () => {
    const echo = await listen(createTcpServer((socket) => { socket.pipe(socket); }));
    const place = `127.0.0.1:${portOf(echo)}`;
    const gone = await listen(createTcpServer());
    const nobody = `127.0.0.1:${portOf(gone)}`;
    await new Promise<void>((resolve) => { gone.close(() => { resolve(); }); });
    const proxy = createPackagesProxy({ named: new Set([place, nobody]), mirrors: false }, token);
    const port = await board(proxy);
    const { status, socket } = await open(port, place);
    expect(status).toBe(200);
    const heard = new Promise<string>((resolve) => { socket.once('data', (chunk: Buffer) => { resolve(chunk.toString()); }); });
    socket.write('client hello');
    expect(await heard).toBe('client hello');
    const closed = new Promise<void>((resolve) => { socket.once('close', () => { resolve(); }); });
    proxy.close();
    await closed;
    expect((await get(port, `http://${nobody}/`)).status).toBe(502);
    expect((await open(port, nobody)).status).toBe(502);
  });
});

describe('whom a package source is', () => {
  test('read from what apt prints and from repository files', () => {
    expect(packageHosts('http://deb.debian.org/debian/dists/bookworm/InRelease\nhttps://mirror.example:8443/x\nftp://old.example/\nnot an address\n')).toEqual({ named: new Set(['deb.debian.org:80', 'mirror.example:8443']), mirrors: false });
    expect(packageHosts('https://mirrors.example/list?repo=$releasever\nmirrors\n')).toEqual({ named: new Set(['mirrors.example:443']), mirrors: true });
    expect(hostAndPort('http://[2001:db8::1]/x')).toBe('[2001:db8::1]:80');
  });

  test.each(['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.0.1', '169.254.1.1', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fd00::1', '::ffff:192.168.0.1', 'ff02::1'])('%s is not of the open internet', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['151.101.2.132', '8.8.8.8', '172.32.0.1', '2a04:4e42::644'])('%s is', (address) => { expect(isPublicAddress(address)).toBe(true); });
});
