import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { PinnedHostKey } from '../../shared/model/board.ts';
import { freePort, keygen, startSshd } from '../support/sshd-server.ts';
import type { ServerHostKey, SshdServer } from '../support/sshd-server.ts';
import { answers, codedError, keyHop, passwordHop, person, sessionKit } from '../support/session-kit.ts';

const pinOf = (key: ServerHostKey, port: number): PinnedHostKey => ({ host: '127.0.0.1', port, ...key, acceptedAt: '20261120T141000Z' });

describe('host keys', () => {
  let server: SshdServer;
  let other: ServerHostKey;
  let ed25519: ServerHostKey;
  let rsa: ServerHostKey;
  beforeAll(async () => {
    server = await startSshd({ hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] });
    const [first, , third] = server.hostKeys;
    if (first === undefined || third === undefined) throw new Error('no host keys');
    ed25519 = first;
    rsa = third;
    const strange = join(server.directory, 'strange');
    keygen(strange, 'ed25519');
    const [type = '', key = ''] = readFileSync(`${strange}.pub`, 'utf8').split(' ');
    const sha256 = execFileSync('ssh-keygen', ['-lf', `${strange}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '';
    other = { type, key, sha256 };
  });
  afterAll(async () => { await server.stop(); });

  const knownHosts = (text: string): string => {
    const file = join(server.directory, `known_hosts_${String(Math.random()).slice(2)}`);
    writeFileSync(file, text);
    return file;
  };
  const name = (): string => `[127.0.0.1]:${String(server.port)}`;
  const neverAsked = person(() => { throw new Error('asked'); });

  it('shows the fingerprint as ssh-keygen prints it, and stores what was accepted', async () => {
    const asker = person();
    const { session, pins } = sessionKit({ target: keyHop(server), asker });
    await session.connect();
    const printed = execFileSync('ssh-keygen', ['-lf', join(server.directory, 'host_ed25519.pub')], { encoding: 'utf8' }).split(' ')[1];
    expect(asker.questions).toMatchObject([{ kind: 'host-key', keyType: 'ssh-ed25519', sha256: printed }]);
    expect(pins).toMatchObject([{ host: '127.0.0.1', port: server.port, type: 'ssh-ed25519', key: ed25519.key, sha256: printed }]);
    await session.disconnect();
  });

  it('does not connect when the key is not accepted, and says which it was', async () => {
    const { session, pins } = sessionKit({ target: passwordHop(server), asker: person(() => ({ kind: 'refuse' })) });
    const error = await codedError(session.connect());
    expect(error.code).toBe('host-key-unknown');
    expect(error.message).toContain(ed25519.sha256);
    expect(pins).toEqual([]);
    expect(session.connection().state).toBe('failed');
  });

  it('asks nothing for a key in known_hosts: by name, hashed by ssh-keygen -H, by wildcard', async () => {
    const plain = knownHosts(`${name()} ${ed25519.type} ${ed25519.key}\n`);
    const hashed = knownHosts(`# mine\n${name()} ${rsa.type} ${rsa.key} comment\n`);
    execFileSync('ssh-keygen', ['-H', '-f', hashed], { stdio: 'pipe' });
    expect(readFileSync(hashed, 'utf8')).toContain('|1|');
    writeFileSync(hashed, `broken line\n${readFileSync(hashed, 'utf8')}`);
    const wild = knownHosts(`!nobody,[127.0.0.*]:* ${rsa.type} ${rsa.key}\n`);
    const bare = knownHosts(`127.0.0.1 ${ed25519.type} ${ed25519.key}\n`);
    for (const file of [plain, hashed, wild, bare]) {
      const { session, pins } = sessionKit({ target: keyHop(server), asker: neverAsked, knownHostsFiles: ['/nonexistent', file] });
      await session.connect();
      expect(pins).toEqual([]);
      await session.disconnect();
    }
  });

  it('asks for the known type first, so that a host known by RSA alone is not "changed"', async () => {
    const { session } = sessionKit({ target: keyHop(server), asker: neverAsked, pins: [pinOf(rsa, server.port)] });
    await session.connect();
    await session.disconnect();
  });

  it('asks about a host that has none of the known key types any more, naming them', async () => {
    const asker = person();
    const dsa = { ...other, type: 'ssh-dss' };
    const { session } = sessionKit({ target: keyHop(server), asker, pins: [pinOf(dsa, server.port)] });
    await session.connect();
    expect(asker.questions).toMatchObject([{ kind: 'host-key', keyType: 'ssh-ed25519', knownTypes: ['ssh-dss'] }]);
    await session.disconnect();
  });

  it('refuses a changed key with both fingerprints, from a pin and from known_hosts', async () => {
    const fromPin = await codedError(sessionKit({ target: passwordHop(server), asker: neverAsked, pins: [pinOf(other, server.port)] }).session.connect());
    const file = knownHosts(`\n${name()} ${other.type} ${other.key}\n`);
    const fromFile = await codedError(sessionKit({ target: passwordHop(server), asker: neverAsked, knownHostsFiles: [file] }).session.connect());
    for (const error of [fromPin, fromFile]) {
      expect(error.code).toBe('host-key-changed');
      expect(error.message).toContain(ed25519.sha256);
      expect(error.message).toContain(other.sha256);
      expect(error.extras.state).toContain('No password');
      expect(error.extras.next).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    }
    expect(fromFile.message).toContain(`${file}, line 2`);
    expect(fromFile.extras.next).toContain(`ssh-keygen -R "[127.0.0.1]:${String(server.port)}"`);
  });

  it('refuses a revoked key, even one that was accepted for the project', async () => {
    const file = knownHosts(`@revoked * ${ed25519.type} ${ed25519.key}\n`);
    const error = await codedError(sessionKit({ target: keyHop(server), asker: neverAsked, knownHostsFiles: [file], pins: [pinOf(ed25519, server.port)] }).session.connect());
    expect(error.code).toBe('host-key-revoked');
  });

  it('explains that certificate authorities are not supported', async () => {
    const file = knownHosts(`@cert-authority [127.0.0.1]:* ${other.type} ${other.key}\n`);
    const error = await codedError(sessionKit({ target: keyHop(server), asker: person(() => ({ kind: 'refuse' })), knownHostsFiles: [file] }).session.connect());
    expect(error.code).toBe('host-key-unknown');
    expect(error.message).toContain('host certificates are not supported');
  });

  it('refuses a board that comes back with a new key, when it reconnects by itself', async () => {
    const own = await startSshd();
    onTestFinished(() => own.stop());
    const { session, until } = sessionKit({ target: keyHop(own) });
    await session.connect();
    await own.restart({ newHostKeys: true });
    const connection = await until((now) => now.state === 'failed');
    expect(connection.error?.code).toBe('host-key-changed');
  });
});

describe('before the host key is accepted', () => {
  it('no request of the log-in leaves, however long the decision takes', async () => {
    const host = await startSshd();
    onTestFinished(() => host.stop());
    const attempts: string[] = [];
    const port = await freePort();
    const handshakes: Promise<void>[] = [];
    const server = new Server({ hostKeys: [readFileSync(join(host.directory, 'host_ed25519'))] }, (client) => {
      handshakes.push(new Promise((resolve) => { client.once('close', () => { resolve(); }); }));
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        attempts.push(context.method);
        if (context.method === 'password') context.accept();
        else context.reject(['password']);
      });
    });
    await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', () => { resolve(); }); });
    const target = { address: '127.0.0.1', port, user: 'me', login: { method: 'password' } } as const;

    let seen: string[] | null = null;
    const refusing = person(async (body) => {
      if (body.kind !== 'host-key') return answers('secret');
      // Two round trips of the same event loop: whatever ssh2 had to send by itself would be there by now.
      await host.restart();
      seen = [...attempts];
      return { kind: 'refuse' };
    });
    const error = await codedError(sessionKit({ target, asker: refusing }).session.connect());
    expect(error.code).toBe('host-key-unknown');
    await Promise.all(handshakes);
    expect(seen).toEqual([]);
    expect(attempts).toEqual([]);

    const accepting = sessionKit({ target, asker: person((body) => (body.kind === 'password' ? answers('secret') : undefined)) });
    await accepting.session.connect();
    expect(attempts).toEqual(['none', 'password']);
    await accepting.session.disconnect();
    await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
  });
});
