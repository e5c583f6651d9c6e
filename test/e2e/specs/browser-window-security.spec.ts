import { request as httpRequest } from 'node:http';
import { expect, test, type Bench } from '../host-fixture.ts';
import type { RunningHost } from '../support/host-process.ts';

const hostOf = (bench: Bench): RunningHost => {
  if (!bench.host) throw new Error('this window has no server');
  return bench.host;
};

/** The status of a request sent byte for byte as given. */
function statusOf(host: RunningHost, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
  return new Promise((settle, fail) => {
    const request = httpRequest({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      response.resume();
      settle(response.statusCode ?? 0);
    });
    request.on('error', fail);
    request.end();
  });
}

async function sessionCookie(bench: Bench): Promise<string> {
  const [cookie] = await bench.page.context().cookies();
  return `${cookie?.name ?? ''}=${cookie?.value ?? ''}`;
}

test('the session cookie is beyond the reach of scripts and other sites', async ({ bench }) => {
  const cookies = await bench.page.context().cookies();
  expect(cookies).toEqual([expect.objectContaining({ httpOnly: true, sameSite: 'Strict', domain: '127.0.0.1' })]);
  expect(await bench.page.evaluate(() => document.cookie)).toBe('');
});

test('a launch address leaves no token behind and opens one window', async ({ bench, machineBrowser }) => {
  const host = hostOf(bench);
  expect(bench.page.url()).not.toContain(new URL(host.address).hash.slice(1));
  const other = await (await machineBrowser()).newContext();
  try {
    const page = await other.newPage();
    await page.goto(host.address);
    await expect(page.getByText(/has been used or is too old/)).toBeVisible();
    await page.goto('about:blank');
    await page.goto(await host.nextAddress());
    await expect(page.getByText('Practice board').first()).toBeVisible();
  } finally {
    await other.close();
  }
});

test('nothing is served to a window without a session, another Host or another Origin', async ({ bench }) => {
  const host = hostOf(bench);
  const cookie = await sessionCookie(bench);
  expect(await statusOf(host, '/', { cookie })).toBe(200);
  expect(await statusOf(host, '/')).toBe(403);
  expect(await statusOf(host, '/', { cookie: cookie.replace(/.$/, '!') })).toBe(403);
  for (const name of ['localhost', 'rebound.example', '127.0.0.1']) expect(await statusOf(host, '/', { cookie, host: name })).toBe(403);
  for (const origin of ['null', 'http://rebound.example', `http://localhost:${host.port}`]) expect(await statusOf(host, '/', { cookie, origin })).toBe(403);
  expect(await statusOf(host, '/session', { origin: `http://127.0.0.1:${host.port}` }, 'POST')).toBe(403);
});

test('no path leads out of the user interface', async ({ bench }) => {
  const host = hostOf(bench);
  const cookie = await sessionCookie(bench);
  for (const path of ['/../../package.json', '/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json', '/assets/..%5c..%5cpackage.json', '//etc/passwd', '/link', '/.stamps']) {
    expect(await statusOf(host, path, { cookie }), path).toBe(403);
  }
});

test('the policy allows nothing unsafe', async ({ bench }) => {
  const answer = await bench.page.reload();
  const headers = answer?.headers() ?? {};
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe-|\*|blob:|https?:/);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin' });
});

test('a page of another origin gets neither the link nor the files', async ({ bench }) => {
  const host = hostOf(bench);
  const page = await bench.page.context().newPage();
  // A name that also leads to this machine: the same port, another origin.
  await page.route(`http://localhost:${host.port}/page`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>other</title>' }));
  await page.goto(`http://localhost:${host.port}/page`);
  const outcome = await page.evaluate(async (port) => ({
    link: await new Promise<string>((settle) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/link`);
      socket.onopen = () => { settle('open'); };
      socket.onerror = () => { settle('refused'); };
    }),
    file: await fetch(`http://127.0.0.1:${port}/`, { credentials: 'include', mode: 'no-cors' }).then(() => 'served', () => 'refused'),
  }), host.port);
  expect(outcome).toEqual({ link: 'refused', file: 'refused' });
});
