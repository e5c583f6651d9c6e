import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, type GuardedRequest } from '../../../electron/hosts/browser-window/request-guard.ts';

const authority = '127.0.0.1:4711';
const origin = `http://${authority}`;
const options = { authority, cookieName: 'rtvm-bench-4711', isSession: (secret: string) => secret === 'good' };
const cookie = 'rtvm-bench-4711=good';
const file: GuardedRequest = { method: 'GET', url: '/assets/a.js', headers: { host: authority, cookie }, isUpgrade: false };
const link: GuardedRequest = { method: 'GET', url: '/link', headers: { host: authority, origin, cookie }, isUpgrade: true };
const exchange: GuardedRequest = { method: 'POST', url: '/session', headers: { host: authority, origin }, isUpgrade: false };
const launch: GuardedRequest = { method: 'GET', url: '/launch', headers: { host: authority }, isUpgrade: false };
const withHeaders = (request: GuardedRequest, headers: GuardedRequest['headers']): GuardedRequest => ({ ...request, headers: { ...request.headers, ...headers } });
const without = (request: GuardedRequest, name: string): GuardedRequest => ({
  ...request, headers: Object.fromEntries(Object.entries(request.headers).filter(([header]) => header !== name)),
});

describe('what a request may do', () => {
  it('lets a window with a session read files and open the link', () => {
    expect(admit(file, options)).toEqual({ kind: 'file', path: '/assets/a.js' });
    expect(admit(link, options)).toEqual({ kind: 'link' });
  });

  it('lets anyone see the launch page and try a token, at the exact address', () => {
    expect(admit(launch, options)).toEqual({ kind: 'launch-page', path: '/launch' });
    expect(admit(exchange, options)).toEqual({ kind: 'exchange' });
  });

  const wrongHosts = [undefined, '', 'localhost:4711', '127.0.0.1', '127.0.0.1:4712', 'evil.example:4711', '127.0.0.1:4711.', 'user@127.0.0.1:4711', '[::1]:4711'];
  it.each(wrongHosts.flatMap((host) => [file, link, exchange, launch].map((request) => ({ host, request }))))('refuses $request.url of Host $host', ({ host, request }) => {
    expect(admit({ ...request, headers: { ...request.headers, host } }, options)).toBeNull();
  });

  const wrongOrigins = ['null', 'http://localhost:4711', 'https://127.0.0.1:4711', 'http://127.0.0.1:4712', 'http://127.0.0.1', 'http://evil.example', `${origin}/`, `${origin}.evil.example`];
  it.each(wrongOrigins.flatMap((other) => [file, link, exchange, launch].map((request) => ({ other, request }))))('refuses $request.url of Origin $other', ({ other, request }) => {
    expect(admit(withHeaders(request, { origin: other }), options)).toBeNull();
  });

  it('refuses a link and an exchange that say no Origin', () => {
    expect(admit(without(link, 'origin'), options)).toBeNull();
    expect(admit(without(exchange, 'origin'), options)).toBeNull();
  });

  it.each(['', 'rtvm-bench-4711=', 'rtvm-bench-4711=bad', 'rtvm-bench-4712=good', 'xrtvm-bench-4711=good', `${cookie}; rtvm-bench-4711=bad`, `${cookie}; ${cookie}`])('refuses the cookie %j', (other) => {
    expect(admit(withHeaders(file, { cookie: other }), options)).toBeNull();
    expect(admit(withHeaders(link, { cookie: other }), options)).toBeNull();
  });

  it('takes our cookie among those of others', () => {
    expect(admit(withHeaders(link, { cookie: `a=b; ${cookie};c=d` }), options)).toEqual({ kind: 'link' });
  });

  it.each(['cross-site', 'same-site', ''])('refuses a file asked for by a %j page', (site) => {
    expect(admit(withHeaders(file, { 'sec-fetch-site': site }), options)).toBeNull();
  });

  it.each(['HEAD', 'PUT', 'OPTIONS', 'CONNECT', 'get', undefined])('refuses the method %s', (method) => {
    for (const request of [file, link, exchange]) expect(admit({ ...request, method }, options)).toBeNull();
  });

  it.each(['/', '/link/', '//link', '/link?x', '/LINK', 'http://127.0.0.1:4711/link'])('refuses an upgrade at %s', (url) => {
    expect(admit({ ...link, url }, options)).toBeNull();
  });

  it('refuses every generated request without a session but the launch page and the exchange', () => {
    const request = fc.record({ method: fc.constantFrom('GET', 'POST', 'PUT', 'HEAD'), url: fc.oneof(fc.webPath(), fc.string(), fc.constantFrom('/', '/link', '/session', '/launch')), isUpgrade: fc.boolean(), cookie: fc.string() });
    fc.assert(fc.property(request, ({ cookie: shown, ...rest }) => {
      const admission = admit({ ...rest, headers: { host: authority, origin, cookie: shown } }, { ...options, isSession: () => false });
      return admission === null || (!rest.isUpgrade && (admission.kind === 'launch-page' || (admission.kind === 'exchange' && rest.method === 'POST')));
    }), { numRuns: 2_000 });
  });
});
