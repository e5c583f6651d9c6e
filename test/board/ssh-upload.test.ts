import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionKit } from '../support/session-kit.ts';
import { codedError, keyHop, sessionKit } from '../support/session-kit.ts';
import { freePort, startSshd } from '../support/sshd-server.ts';
import type { SshdServer } from '../support/sshd-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { isRoot } from '../support/throwaway-user.ts';

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('a file sent to a board', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-upload-'));
  const local = join(scratch, 'image');
  let server: SshdServer;
  let kit: SessionKit;
  let remote: string;
  beforeAll(async () => {
    writeFileSync(local, randomBytes(9_000_001));
    server = await startSshd();
    kit = sessionKit({ target: keyHop(server) });
  });
  afterAll(async () => {
    await kit.session.disconnect();
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  });
  const target = (name: string): string => {
    remote = join(server.home, name);
    rmSync(remote, { force: true });
    return remote;
  };

  it('arrives whole, with progress that only grows', async () => {
    const told: number[] = [];
    const sent = await kit.session.upload({ localPath: local, remotePath: target('whole'), onProgress: (bytes, total) => { expect(total).toBe(9_000_001); told.push(bytes); } });
    expect(sent).toEqual({ totalBytes: 9_000_001, resumedFromBytes: 0 });
    expect(sha256(remote)).toBe(sha256(local));
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect([told[0], told.at(-1)]).toEqual([0, 9_000_001]);
  });

  it('goes on where an earlier attempt ended, and sends only the rest', async () => {
    writeFileSync(target('rest'), readFileSync(local).subarray(0, 6_000_000));
    if (isRoot()) chmodSync(remote, 0o666);
    const before = kit.session.traffic().sentBytes;
    expect(await kit.session.upload({ localPath: local, remotePath: remote })).toEqual({ totalBytes: 9_000_001, resumedFromBytes: 6_000_000 });
    expect(kit.session.traffic().sentBytes - before).toBeLessThan(3_300_000);
    expect(sha256(remote)).toBe(sha256(local));
  });

  it('begins anew where the board has more than there is', async () => {
    writeFileSync(target('longer'), Buffer.alloc(10_000_000));
    chmodSync(remote, 0o666);
    expect(await kit.session.upload({ localPath: local, remotePath: remote })).toMatchObject({ resumedFromBytes: 0 });
    expect(sha256(remote)).toBe(sha256(local));
  });

  it('an empty file is one too', async () => {
    const empty = join(scratch, 'empty');
    writeFileSync(empty, '');
    expect(await kit.session.upload({ localPath: empty, remotePath: target('empty') })).toEqual({ totalBytes: 0, resumedFromBytes: 0 });
    expect(statSync(remote).size).toBe(0);
  });

  it('a lost link is said, and the next attempt goes on', async () => {
    const link = await startTcpProxy(server.port);
    const shaky = sessionKit({ target: keyHop(server, link.port) });
    try {
      await shaky.session.connect();
      link.dropAfter(3_000_000);
      expect((await codedError(shaky.session.upload({ localPath: local, remotePath: target('shaky') }))).code).toBe('connection-lost');
      const there = statSync(remote).size;
      expect(there).toBeGreaterThan(0);
      expect(there).toBeLessThan(9_000_001);
      const sent = await shaky.session.upload({ localPath: local, remotePath: remote });
      expect(sent.resumedFromBytes).toBeGreaterThanOrEqual(there);
      expect(sha256(remote)).toBe(sha256(local));
    } finally {
      await shaky.session.disconnect();
      await link.stop();
    }
  });

  it('can be cancelled; what is there is a beginning of the file', async () => {
    const stop = new AbortController();
    const error = await codedError(kit.session.upload({ localPath: local, remotePath: target('cancelled'), signal: stop.signal, onProgress: (bytes) => { if (bytes > 1_000_000) stop.abort(); } }));
    expect(error.code).toBe('cancelled');
    const there = readFileSync(remote);
    expect(there.equals(readFileSync(local).subarray(0, there.length))).toBe(true);
    expect(there.length).toBeLessThan(9_000_001);
    expect((await kit.session.upload({ localPath: local, remotePath: remote })).resumedFromBytes).toBe(there.length);
    expect(sha256(remote)).toBe(sha256(local));
  });

  it('what cannot be sent, or not be written, is said', async () => {
    expect((await codedError(kit.session.upload({ localPath: join(scratch, 'nowhere'), remotePath: target('x') }))).code).toBe('file-unreadable');
    expect((await codedError(kit.session.upload({ localPath: scratch, remotePath: target('x') }))).code).toBe('file-unreadable');
    const refused = await codedError(kit.session.upload({ localPath: local, remotePath: join(server.home, 'no-folder', 'x') }));
    expect(refused).toMatchObject({ code: 'sftp-refused', extras: { next: expect.stringContaining('permissions') } });
    const closed = join(scratch, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    if (isRoot()) expect((await codedError(kit.session.upload({ localPath: local, remotePath: join(closed, 'x') }))).code).toBe('sftp-refused');
    expect(existsSync(join(closed, 'x'))).toBe(false);
    await kit.session.connect();
  });

  it('a server without SFTP is said to be one', async () => {
    const bare = await startSshd({ config: ['Match all', 'ForceCommand /bin/false'] });
    const other = sessionKit({ target: keyHop(bare) });
    try {
      const error = await codedError(other.session.upload({ localPath: local, remotePath: join(bare.home, 'x') }));
      expect(error).toMatchObject({ code: 'sftp-refused', extras: { state: 'Nothing was sent.', next: expect.stringContaining('openssh-sftp-server') } });
    } finally {
      await other.session.disconnect();
      await bare.stop();
    }
  });
});

describe('a machine behind a board', () => {
  let behind: Server;
  let server: SshdServer;
  beforeAll(async () => {
    behind = createServer((socket) => { socket.on('error', () => undefined); socket.write('SSH-2.0-behind\r\n'); });
    await new Promise<void>((resolve) => { behind.listen(0, '127.0.0.1', resolve); });
    server = await startSshd();
  });
  afterAll(async () => {
    await new Promise<void>((resolve) => { behind.close(() => { resolve(); }); });
    await server.stop();
  });
  const port = (): number => (behind.address() as AddressInfo).port;

  it('is reached over the connection of the board', async () => {
    const kit = sessionKit({ target: keyHop(server) });
    try {
      const stream = await kit.session.reach({ address: '127.0.0.1', port: port() });
      const heard = await new Promise<string>((resolve) => { stream.once('data', (chunk: Buffer) => { resolve(chunk.toString()); }); });
      expect(heard).toBe('SSH-2.0-behind\r\n');
      stream.destroy();
      expect((await codedError(kit.session.reach({ address: '127.0.0.1', port: await freePort() }))).code).toBe('connection-refused');
    } finally {
      await kit.session.disconnect();
    }
  });

  it('is not, where the board passes nothing on', async () => {
    const closed = await startSshd({ allowTcpForwarding: false });
    const kit = sessionKit({ target: keyHop(closed) });
    try {
      expect((await codedError(kit.session.reach({ address: '127.0.0.1', port: port() }))).code).toBe('jump-forwarding-refused');
    } finally {
      await kit.session.disconnect();
      await closed.stop();
    }
  });
});
