import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, startSshd } from '../support/sshd-server.ts';
import type { SshdOptions, SshdServer } from '../support/sshd-server.ts';
import { codedError, keyHop, person, sessionKit } from '../support/session-kit.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';

const whoAmI = { name: 'who-am-i', text: 'id -un' };
const ticking = { name: 'ticking', text: 'i=0; while [ $i -lt 600 ]; do i=$((i + 1)); echo $i; sleep 0.1; done' };

const cleanUps: Array<() => Promise<void>> = [];
afterEach(async () => { for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp(); });

const sshd = async (options: SshdOptions = {}): Promise<SshdServer> => {
  const server = await startSshd(options);
  cleanUps.push(() => server.stop());
  return server;
};
const proxyTo = async (port: number): Promise<TcpProxy> => {
  const proxy = await startTcpProxy(port);
  cleanUps.push(() => proxy.stop());
  return proxy;
};
const kit = (...[options]: Parameters<typeof sessionKit>): ReturnType<typeof sessionKit> => {
  const made = sessionKit(options);
  cleanUps.push(() => made.session.disconnect());
  return made;
};
const listen = async (onConnection: (socket: Socket) => void): Promise<number> => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.push(socket);
    onConnection(socket);
  });
  cleanUps.push(() => new Promise((resolve) => {
    for (const socket of sockets) socket.destroy();
    server.close(() => { resolve(); });
  }));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => { const address = server.address(); if (typeof address === 'object' && address !== null) resolve(address.port); });
  });
};
const at = (address: string, port: number) => ({ address, port, user: 'me', login: { method: 'password' } }) as const;

describe('a board that cannot be reached', () => {
  it('has its own error for each way', async () => {
    const silent = await listen(() => undefined);
    const web = await listen((socket) => { socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')); });
    const mail = await listen((socket) => { socket.write('220 mail.example.com ESMTP\r\n'); });
    const closing = await listen((socket) => { socket.end(); });
    // Long enough for a name server that takes its time to say that there is no such name.
    const timings = { connectMs: 3_000, handshakeMs: 400 };
    const codes = await Promise.all([
      at('no-such-host.invalid', 22), at('127.0.0.1', await freePort()), at('192.0.2.254', 22), at('127.0.0.1', silent), at('127.0.0.1', web), at('127.0.0.1', mail), at('127.0.0.1', closing),
    ].map(async (target) => {
      const error = await codedError(kit({ target, timings }).session.connect());
      expect(error.extras.board).toBe('Bench 1');
      expect(error.extras.next).not.toBe('');
      return error.code;
    }));
    expect(codes).toEqual(['host-not-found', 'connection-refused', 'connection-timeout', 'connection-timeout', 'not-ssh', 'not-ssh', 'connection-lost']);
  });

  it('can be given up', async () => {
    const port = await listen(() => undefined);
    const { session } = kit({ target: at('127.0.0.1', port) });
    const stop = new AbortController();
    const connecting = codedError(session.connect(stop.signal));
    const running = codedError(session.exec(whoAmI, { signal: stop.signal }));
    stop.abort();
    expect((await connecting).code).toBe('cancelled');
    expect((await running).code).toBe('cancelled');
    expect(session.connection().state).toBe('idle');
  });

  it('is reached by a scoped link-local address', async ({ skip }) => {
    const [name, link] = Object.entries(networkInterfaces()).flatMap(([card, addresses]) => (addresses ?? []).map((address) => [card, address] as const)).find(([, address]) => address.address.startsWith('fe80:')) ?? [];
    if (name === undefined || link === undefined) { skip('this machine has no link-local IPv6 address'); return; }
    const address = `${link.address.split('%')[0] ?? ''}%${name}`;
    const error = await codedError(kit({ target: at(address, await freePort()) }).session.connect());
    expect(error.code).toBe('connection-refused');
  });
});

describe('jump hosts', () => {
  it('are passed through, each with its own host key and log-in', async () => {
    const near = await sshd();
    const far = await sshd();
    const asker = person();
    const { session, pins } = kit({ target: keyHop(far), jumps: [keyHop(near)], asker });
    expect((await session.exec(whoAmI)).stdout.toString()).toBe(`${far.user}\n`);
    expect(asker.questions).toMatchObject([
      { kind: 'host-key', port: near.port, hop: 0, hops: 2, sha256: near.hostKeys[0]?.sha256 },
      { kind: 'host-key', port: far.port, hop: 1, hops: 2, sha256: far.hostKeys[0]?.sha256 },
    ]);
    expect(pins.map((pin) => pin.port)).toEqual([near.port, far.port]);
  });

  it('that do not forward are named', async () => {
    const near = await sshd({ allowTcpForwarding: false });
    const error = await codedError(kit({ target: at('127.0.0.1', 22), jumps: [keyHop(near)] }).session.connect());
    expect(error.code).toBe('jump-forwarding-refused');
    expect(error.extras.next).toContain('AllowTcpForwarding');
  });

  it('that cannot reach the board are told apart from the board', async () => {
    const near = await sshd();
    const error = await codedError(kit({ target: at('127.0.0.1', await freePort()), jumps: [keyHop(near)] }).session.connect());
    expect(error.code).toBe('connection-refused');
    expect(error.message).toContain('the jump host 127.0.0.1 could not reach');
  });

  it('with a changed key are refused before anything is sent to the board behind', async () => {
    const near = await sshd();
    const far = await sshd();
    const wrong = { host: '127.0.0.1', port: near.port, type: 'ssh-ed25519', key: far.hostKeys[0]?.key ?? '', sha256: '', acceptedAt: '20261120T141000Z' };
    const error = await codedError(kit({ target: keyHop(far), jumps: [keyHop(near)], pins: [wrong] }).session.connect());
    expect(error.code).toBe('host-key-changed');
    expect(error.message).toContain('jump host 1 of 1');
    expect(far.connections()).toBe(0);
  });
});

describe('a link that fails', () => {
  it('is slow when it stalls, and recovers with the same connection', async () => {
    const server = await sshd();
    const proxy = await proxyTo(server.port);
    const { session, until, states } = kit({ target: keyHop(server, proxy.port), timings: { pingEveryMs: 50, slowAfterMs: 100, deadAfterMs: 60_000 } });
    await session.connect();
    await until((now) => now.roundTripMs !== null);
    const lines: string[] = [];
    let enough: () => void = () => undefined;
    const more = new Promise<void>((resolve) => { enough = resolve; });
    const running = session.exec(whoAmI);
    await running;
    proxy.stall();
    await until((now) => now.state === 'slow');
    const waiting = session.stream(ticking, { onStdout: (chunk) => { lines.push(chunk.toString()); if (lines.length === 3) enough(); } });
    proxy.resume();
    await until((now) => now.state === 'connected');
    const handle = await waiting;
    await more;
    handle.close();
    await codedError(handle.done);
    expect(states.map((state) => state.state)).not.toContain('reconnecting');
    expect(server.connections()).toBe(1);
  });

  it('is given up when it is silent too long, and comes back by itself', async () => {
    const server = await sshd();
    const proxy = await proxyTo(server.port);
    const asker = person();
    const { session, until } = kit({ target: keyHop(server, proxy.port), asker, timings: { pingEveryMs: 50, slowAfterMs: 100, deadAfterMs: 300, connectMs: 500, handshakeMs: 500 } });
    const handle = await session.stream(ticking, { onStdout: () => undefined });
    proxy.stall();
    const error = await codedError(handle.done);
    expect(error.code).toBe('connection-lost');
    expect(session.connection().state).toBe('reconnecting');
    proxy.drop();
    proxy.resume();
    await until((now) => now.state === 'connected');
    expect((await session.exec(whoAmI)).exitCode).toBe(0);
    expect(asker.questions).toHaveLength(1);
  });

  it('reconnects after a drop, and the next call does so at once without a question', async () => {
    const server = await sshd();
    const proxy = await proxyTo(server.port);
    const asker = person();
    const { session, states } = kit({ target: keyHop(server, proxy.port), asker, timings: { firstRetryMs: 60_000 } });
    const running = session.stream(ticking, { onStdout: () => { proxy.drop(); } });
    expect((await codedError((await running).done)).code).toBe('connection-lost');
    expect((await session.exec(whoAmI)).stdout.toString()).toBe(`${server.user}\n`);
    expect(asker.questions).toHaveLength(1);
    expect(states.map((state) => state.state)).toEqual(expect.arrayContaining(['connecting', 'connected', 'reconnecting']));
  });

  it('keeps trying while the server is down, and says why', async () => {
    const server = await sshd();
    const { session, until, states } = kit({ target: keyHop(server) });
    await session.connect();
    await server.shutDown();
    await until((now) => now.state === 'reconnecting' && now.error?.code === 'connection-refused');
    expect((await codedError(session.exec(whoAmI))).code).toBe('connection-refused');
    expect(session.connection().state).toBe('reconnecting');
    await server.restart();
    await until((now) => now.state === 'connected');
    expect(states.at(-1)?.error).toBeNull();
    expect((await session.exec(whoAmI)).exitCode).toBe(0);
  });

  it('stops trying when the user disconnects, also in the middle of an attempt', async () => {
    const server = await sshd();
    const proxy = await proxyTo(server.port);
    const { session, until } = kit({ target: keyHop(server, proxy.port) });
    await session.connect();
    proxy.stall();
    proxy.drop();
    await until((now) => now.state === 'reconnecting');
    await session.disconnect();
    expect(session.connection()).toMatchObject({ state: 'idle', error: null });
    await codedError(session.connect(AbortSignal.timeout(300)));
    expect(session.connection().state).toBe('idle');
  });

  it('breaks half-way through log-in with an error of its own', async () => {
    const server = await sshd();
    const proxy = await proxyTo(server.port);
    proxy.dropAfter(1500);
    expect((await codedError(kit({ target: keyHop(server, proxy.port) }).session.connect())).code).toBe('connection-lost');
  });
});

describe('calls', () => {
  it('count every byte of the transport, over reconnects', async () => {
    const server = await sshd();
    const proxy = await proxyTo(server.port);
    const { session } = kit({ target: keyHop(server, proxy.port) });
    await session.exec({ name: 'some', text: 'head -c 200000 /dev/zero' });
    await session.disconnect();
    await session.exec({ name: 'some', text: 'head -c 200000 /dev/zero' });
    await session.disconnect();
    await proxy.idle();
    const { receivedBytes, sentBytes } = session.traffic();
    expect(receivedBytes).toBe(proxy.bytes().toClient);
    expect(sentBytes).toBe(proxy.bytes().toServer);
    expect(receivedBytes).toBeGreaterThan(400_000);
  });

  it('end with a time limit, a cancellation or the signal of the program', async () => {
    const server = await sshd();
    const { session } = kit({ target: keyHop(server) });
    const late = await codedError(session.exec({ name: 'sleep', text: 'sleep 600' }, { timeoutMs: 200 }));
    expect(late.code).toBe('board-timeout');
    const killed = await session.exec({ name: 'kill', text: 'kill -9 $$' });
    expect(killed).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    const stop = new AbortController();
    const handle = await session.stream(ticking, { signal: stop.signal, onStdout: () => { stop.abort(); } });
    expect((await codedError(handle.done)).code).toBe('cancelled');
    expect((await session.exec(whoAmI)).exitCode).toBe(0);
  });

  it('that are cancelled do not linger on the board', async () => {
    const server = await sshd();
    const { session } = kit({ target: keyHop(server) });
    let up: () => void = () => undefined;
    const started = new Promise<void>((resolve) => { up = resolve; });
    const handle = await session.stream({ name: 'linger', text: 'echo up; exec sleep 600.$1' }, { args: [String(process.pid)], onStdout: () => { up(); } });
    await started;
    handle.close();
    await codedError(handle.done);
    const gone = await session.exec({ name: 'gone', text: 'n=0; while [ $n -lt 50 ] && ps ax -o args= | grep -q "^sleep 600.$1"; do n=$((n + 1)); sleep 0.1; done; [ $n -lt 50 ]' }, { args: [String(process.pid)] });
    expect(gone.exitCode).toBe(0);
  });

  it('end with an error of the shell where a script cannot be parsed', async () => {
    const server = await sshd();
    const { session } = kit({ target: keyHop(server) });
    const result = await session.exec({ name: 'broken', text: 'echo ran; if then fi )' }, { timeoutMs: 20_000 });
    expect(result.exitCode).not.toBe(0);
    expect(result.stdout.toString()).toBe('');
    expect(result.stderr).toMatch(/syntax error/i);
  });

  it('never run anything out of a hostile user name', async () => {
    const server = await sshd();
    const canary = `${server.directory}/canary`;
    const names = ['$(touch C)', '`touch C`', "';touch C;'", '";touch C;"', '-oProxyCommand=touch C', '../../root', '%n%s', '*', '|touch C', '&&touch C', '\\', 'root\u0001', 'é✓', '~root', '#'];
    for (const name of names) {
      const user = name.replaceAll('C', canary).replaceAll(' ', '\u00a0');
      const error = await codedError(kit({ target: { ...keyHop(server), user } }).session.connect());
      expect(['auth-failed', 'connection-lost']).toContain(error.code);
    }
    expect(existsSync(canary)).toBe(false);
  });

  it('hold output back while the receiver is busy, and lose none of it', async () => {
    const server = await sshd();
    const { session } = kit({ target: keyHop(server) });
    let bytes = 0;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => { open = resolve; });
    let first = true;
    const handle = await session.stream({ name: 'flood', text: 'head -c 20000000 /dev/zero' }, {
      onStdout: async (chunk) => {
        bytes += chunk.length;
        if (!first) return;
        first = false;
        await gate;
      },
    });
    // Another channel of the same connection is not held up meanwhile; once it has answered, the flood has hit its window.
    await session.exec(whoAmI);
    expect(session.traffic().receivedBytes).toBeLessThan(5_000_000);
    open();
    await handle.done;
    expect(bytes).toBe(20_000_000);
  });

  it('need a command to be allowed', async () => {
    const server = await sshd({ maxSessions: 0 });
    expect((await codedError(kit({ target: keyHop(server), timings: { channelRetryMs: 10 } }).session.exec(whoAmI))).code).toBe('channel-refused');
  });

  it('refuse a zero byte in an argument', async () => {
    const server = await sshd();
    expect((await codedError(kit({ target: keyHop(server) }).session.exec(whoAmI, { args: ['a\0b'] }))).code).toBe('bad-request');
  });
});
