import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startWindowServer, type WindowServer } from '../../../electron/hosts/browser-window/window-server.ts';
import type { RendererFiles } from '../../../electron/hosts/shared/renderer-files.ts';
import type { Link } from '../../../shared/contract/link.ts';

const page = (text: string) => ({ contentType: 'text/html; charset=utf-8', cacheControl: 'no-store', body: Buffer.from(text) });
const files: RendererFiles = new Map([['/index.html', page('the page')], ['/assets/a.js', page('the script')]]);

interface Answer { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }

let server: WindowServer;
let links: Link[];
let cookie: string;

/** Sends the path exactly as given: fetch would tidy it. */
function ask(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  return new Promise((settle, fail) => {
    const request = httpRequest({ host: '127.0.0.1', port: server.port, path, method: options.method ?? 'GET', headers: options.headers ?? {} }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => { body += chunk.toString(); });
      response.on('end', () => { settle({ status: response.statusCode ?? 0, headers: response.headers, body }); });
    });
    request.on('error', fail);
    request.end(options.body);
  });
}

const origin = () => `http://127.0.0.1:${server.port}`;
const exchange = (token: string) => ask('/session', { method: 'POST', headers: { origin: origin() }, body: token });
const newToken = () => new URL(server.newAddress()).hash.slice(1);

/** Gives the status a socket was refused with, or "open". */
function openSocket(headers: Record<string, string>, path = '/link'): Promise<number | 'open'> {
  return new Promise((settle, fail) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    socket.on('open', () => {
      socket.on('close', () => { settle('open'); });
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      settle(response.statusCode ?? 0);
    });
    socket.on('error', (error) => { if (!error.message.includes('Unexpected server response')) fail(error); });
  });
}

beforeAll(async () => {
  links = [];
  server = await startWindowServer({ files, port: 0, serve: (link) => { links.push(link); } });
  const answer = await exchange(newToken());
  cookie = (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
});

afterAll(() => server.close());

describe('the window server', () => {
  it('gives the session as an HttpOnly SameSite=Strict cookie', async () => {
    const answer = await exchange(newToken());
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/^rtvm-bench-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)]);
  });

  it('takes a token once', async () => {
    const token = newToken();
    expect((await exchange(token)).status).toBe(204);
    expect((await exchange(token)).status).toBe(403);
  });

  it.each(['', 'x', 'x'.repeat(100_000)])('refuses a made-up token', async (token) => {
    const answer = await exchange(token);
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('serves the page to a window with a session, with the strict policy', async () => {
    const answer = await ask('/', { headers: { cookie } });
    expect(answer).toMatchObject({ status: 200, body: 'the page' });
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each(['/', '/index.html', '/assets/a.js', '/nothing', '/link', '/session'])('refuses %s without a session', async (path) => {
    expect((await ask(path)).status).toBe(403);
  });

  it.each(['/../package.json', '/assets/../../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/..\\package.json', '//etc/passwd', '/etc/passwd', '/assets/a.js%00.html', '/assets/', '/index.html?x=1', '/__proto__', '/constructor', '*'])('refuses the path %s', async (path) => {
    const answer = await ask(path, { headers: { cookie } });
    expect([400, 403]).toContain(answer.status);
  });

  it('refuses another Host and another Origin even with the session', async () => {
    expect((await ask('/', { headers: { cookie, host: `localhost:${server.port}` } })).status).toBe(403);
    expect((await ask('/', { headers: { cookie, origin: 'http://evil.example' } })).status).toBe(403);
  });

  it('opens the link to a window with session and Origin only', async () => {
    const before = links.length;
    expect(await openSocket({ cookie, origin: origin() })).toBe('open');
    expect(links).toHaveLength(before + 1);
    expect(await openSocket({ origin: origin() })).toBe(403);
    expect(await openSocket({ cookie })).toBe(403);
    expect(await openSocket({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await openSocket({ cookie, origin: origin(), host: 'evil.example' })).toBe(403);
    expect(await openSocket({ cookie, origin: origin() }, '/other')).toBe(403);
    expect(links).toHaveLength(before + 1);
  });

  it('says where it listens: on this machine alone', async () => {
    expect(server.newAddress()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/launch#[\w-]{43}$/);
  });
});
