import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Hop } from '../../shared/model/board.ts';
import { isRoot } from '../support/throwaway-user.ts';
import { freePort, keygen, startSshd } from '../support/sshd-server.ts';
import type { KeyType, SshdServer } from '../support/sshd-server.ts';
import { answers, codedError, keyHop, passwordHop, person, sessionKit } from '../support/session-kit.ts';

const whoAmI = { name: 'who-am-i', text: 'id -un' };

describe('logging in with a key', () => {
  let server: SshdServer;
  beforeAll(async () => { server = await startSshd({ maxAuthTries: 2 }); });
  afterAll(async () => { await server.stop(); });

  const hop = (keyFile: string): Hop => ({ address: '127.0.0.1', port: server.port, user: server.user, login: { method: 'key', keyFile } });
  const newKey = (name: string, type: KeyType, passphrase = ''): string => {
    const file = join(server.directory, name);
    keygen(file, type, passphrase);
    appendFileSync(join(server.directory, 'authorized', server.user), readFileSync(`${file}.pub`));
    return file;
  };
  const works = async (keyFile: string, asker = person()): Promise<void> => {
    const { session } = sessionKit({ target: hop(keyFile), asker });
    expect((await session.exec(whoAmI)).stdout.toString()).toBe(`${server.user}\n`);
    await session.disconnect();
  };

  it('takes ed25519, ECDSA and RSA keys, OpenSSH and PEM', async () => {
    for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) await works(newKey(`plain_${type}`, type));
    for (const type of ['ecdsa', 'rsa'] as const) {
      const file = newKey(`pem_${type}`, type);
      execFileSync('ssh-keygen', ['-q', '-p', '-m', 'PEM', '-N', '', '-f', file], { stdio: 'pipe' });
      await works(file);
    }
  });

  it('asks for the passphrase, again when it was wrong, and not again on the next connection', async () => {
    const file = newKey('locked', 'ed25519', 'right one');
    const tries = ['wrong', 'right one'];
    const asker = person((body) => (body.kind === 'passphrase' ? answers(tries.shift() ?? '') : undefined));
    const { session } = sessionKit({ target: hop(file), asker });
    await session.connect();
    await session.disconnect();
    await session.connect();
    await session.disconnect();
    expect(asker.questions.slice(1)).toEqual([{ kind: 'passphrase', keyFile: file, attempt: 1 }, { kind: 'passphrase', keyFile: file, attempt: 2 }]);
    const pem = newKey('locked_pem', 'rsa');
    execFileSync('ssh-keygen', ['-q', '-p', '-m', 'PEM', '-N', 'right one', '-f', pem], { stdio: 'pipe' });
    await works(pem, person((body) => (body.kind === 'passphrase' ? answers('right one') : undefined)));
  });

  it('gives up after three wrong passphrases, or when nobody gives one', async () => {
    const file = newKey('locked2', 'ed25519', 'right one');
    const wrong = person((body) => (body.kind === 'passphrase' ? answers('wrong') : undefined));
    expect((await codedError(sessionKit({ target: hop(file), asker: wrong }).session.connect())).code).toBe('key-needs-passphrase');
    expect(wrong.questions).toHaveLength(4);
    expect((await codedError(sessionKit({ target: hop(file) }).session.connect())).code).toBe('key-needs-passphrase');
  });

  it('names keys that cannot be used', async () => {
    const sk = join(server.directory, 'sk');
    const blob = (...parts: Buffer[]): Buffer => Buffer.concat(parts.map((part) => { const head = Buffer.alloc(4); head.writeUInt32BE(part.length); return Buffer.concat([head, part]); }));
    const none = Buffer.from('none');
    const publicKey = blob(Buffer.from('sk-ssh-ed25519@openssh.com'), Buffer.alloc(32), Buffer.from('ssh:'));
    const body = Buffer.concat([Buffer.from('openssh-key-v1\0'), blob(none, none, Buffer.alloc(0)), Buffer.from([0, 0, 0, 1]), blob(publicKey, Buffer.alloc(64))]);
    writeFileSync(sk, `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`);
    const user = newKey('certified', 'ed25519');
    execFileSync('ssh-keygen', ['-q', '-s', newKey('ca', 'ed25519'), '-I', 'me', `${user}.pub`], { stdio: 'pipe' });
    const pkcs8 = join(server.directory, 'pkcs8');
    copyFileSync(newKey('rsa8', 'rsa'), pkcs8);
    execFileSync('ssh-keygen', ['-q', '-p', '-m', 'PKCS8', '-N', '', '-f', pkcs8], { stdio: 'pipe' });
    const chacha = newKey('chacha', 'ed25519');
    execFileSync('ssh-keygen', ['-q', '-p', '-Z', 'chacha20-poly1305@openssh.com', '-N', 'x', '-f', chacha], { stdio: 'pipe' });
    const text = join(server.directory, 'text');
    writeFileSync(text, 'hello');
    for (const [file, named] of [[sk, 'sk-ssh-ed25519@openssh.com'], [`${user}.pub`, 'a public key (ssh-ed25519)'], [`${user}-cert.pub`, 'ssh-ed25519-cert-v01@openssh.com'],
      [pkcs8, 'PKCS#8'], [chacha, 'chacha20-poly1305@openssh.com'], [text, 'not a private key']] as const) {
      const error = await codedError(sessionKit({ target: hop(file), asker: person((body) => (body.kind === 'passphrase' ? answers('x') : undefined)) }).session.connect());
      expect(error.code, file).toBe('key-unusable');
      expect(error.message).toContain(named);
      expect(error.extras.next).not.toBe('');
    }
    expect((await codedError(sessionKit({ target: hop('/nonexistent/key') }).session.connect())).code).toBe('file-unreadable');
  });

  it('says what the server offers when it does not take the key, and points at a certificate beside it', async () => {
    const file = join(server.directory, 'stranger');
    keygen(file, 'ed25519');
    execFileSync('ssh-keygen', ['-q', '-s', newKey('ca2', 'ed25519'), '-I', 'me', `${file}.pub`], { stdio: 'pipe' });
    const error = await codedError(sessionKit({ target: hop(file) }).session.connect());
    expect(error.code).toBe('auth-failed');
    expect(error.extras.details).toMatchObject({ offered: isRoot() ? ['publickey', 'password'] : ['publickey'] });
    expect(error.extras.next).toContain('stranger-cert.pub');
  });

  it('uses an agent, and says when there is none or it is empty', async () => {
    const socket = join(server.directory, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise<void>((resolve) => { agent.stdout.once('data', () => { resolve(); }); });
    const target: Hop = { ...keyHop(server), login: { method: 'agent' } };
    const empty = await codedError(sessionKit({ target, agentAddresses: [socket] }).session.connect());
    expect(empty.code).toBe('agent-unavailable');
    expect(empty.message).toContain('no key that can be used');
    execFileSync('ssh-add', ['-q', server.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' });
    const { session } = sessionKit({ target, agentAddresses: [socket] });
    expect((await session.exec(whoAmI)).stdout.toString()).toBe(`${server.user}\n`);
    await session.disconnect();
    const gone = new Promise<void>((resolve) => { agent.once('exit', () => { resolve(); }); });
    agent.kill();
    await gone;
    expect((await codedError(sessionKit({ target, agentAddresses: [socket] }).session.connect())).code).toBe('agent-unavailable');
    expect((await codedError(sessionKit({ target, agentAddresses: [] }).session.connect())).message).toContain('SSH_AUTH_SOCK');
  });
});

describe.skipIf(!isRoot())('logging in by prompts (needs users with passwords, so root)', () => {
  it('answers through PAM, asking a person', async () => {
    const server = await startSshd({ kbdInteractive: true, passwordAuthentication: false });
    onTestFinished(() => server.stop());
    const asker = person((body) => (body.kind === 'keyboard-interactive' ? answers(server.password ?? '') : undefined));
    const { session } = sessionKit({ target: { ...passwordHop(server), login: { method: 'keyboard-interactive' } }, asker });
    expect((await session.exec(whoAmI)).stdout.toString()).toBe(`${server.user}\n`);
    expect(asker.questions[1]).toMatchObject({ kind: 'keyboard-interactive', user: server.user, prompts: [{ echo: false }] });
    await session.disconnect();
    await session.connect();
    expect(asker.questions).toHaveLength(2);
    await session.disconnect();
  });

  it('gives a password where the server only has prompts for it', async () => {
    const server = await startSshd({ kbdInteractive: true, passwordAuthentication: false });
    onTestFinished(() => server.stop());
    const asker = person((body) => (body.kind === 'password' ? answers(server.password ?? '') : undefined));
    const { session } = sessionKit({ target: passwordHop(server), asker });
    await session.connect();
    expect(asker.questions.map((question) => question.kind)).toEqual(['host-key', 'password']);
    await session.disconnect();
  });

  it('goes on to the password where the server wants key and password', async () => {
    const server = await startSshd({ config: ['AuthenticationMethods publickey,password'] });
    onTestFinished(() => server.stop());
    const asker = person((body) => (body.kind === 'password' ? answers(server.password ?? '') : undefined));
    const { session } = sessionKit({ target: keyHop(server), asker });
    await session.connect();
    expect(asker.questions.map((question) => question.kind)).toEqual(['host-key', 'password']);
    await session.disconnect();
  });

  it('says that a password has expired, and lets it be changed by prompts', async () => {
    const server = await startSshd({ kbdInteractive: true });
    onTestFinished(() => server.stop());
    execFileSync('chage', ['-d', '0', server.user]);
    const old = server.password ?? '';
    const fresh = `New-${old}-9x`;
    const asker = person((body) => {
      if (body.kind !== 'keyboard-interactive') return undefined;
      return answers(...body.prompts.map(({ prompt }) => (/new/i.test(prompt) ? fresh : old)));
    });
    const { session } = sessionKit({ target: { ...passwordHop(server), login: { method: 'keyboard-interactive' } }, asker });
    await session.connect();
    expect(asker.questions.filter((question) => question.kind === 'keyboard-interactive').length).toBeGreaterThanOrEqual(3);
    await session.disconnect();
  });

  it('offers only what the server has', async () => {
    const server = await startSshd({ passwordAuthentication: false });
    onTestFinished(() => server.stop());
    const asker = person();
    const error = await codedError(sessionKit({ target: passwordHop(server), asker }).session.connect());
    expect(error.code).toBe('auth-failed');
    expect(error.extras.next).toContain('publickey');
    expect(asker.questions.filter((question) => question.kind === 'password')).toEqual([]);
  });
});

it('answers several rounds of prompts, with names and echo', async () => {
  const host = await startSshd();
  onTestFinished(() => host.stop());
  const port = await freePort();
  const server = new Server({ hostKeys: [readFileSync(join(host.directory, 'host_ed25519'))] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.method !== 'keyboard-interactive') { context.reject(['keyboard-interactive']); return; }
      context.prompt([{ prompt: 'User id: ', echo: true }, { prompt: 'Pin: ', echo: false }], 'Token', 'Have it ready', (first) => {
        context.prompt([{ prompt: 'Code: ', echo: false }], (second) => {
          if (first.join() === 'ann,1234' && second.join() === '777') context.accept();
          else context.reject();
        });
      });
    });
  });
  await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', () => { resolve(); }); });
  const asker = person((body) => (body.kind === 'keyboard-interactive' ? answers(...(body.prompts.length === 2 ? ['ann', '1234'] : ['777'])) : undefined));
  const { session } = sessionKit({ target: { address: '127.0.0.1', port, user: 'ann', login: { method: 'keyboard-interactive' } }, asker });
  await session.connect();
  expect(asker.questions[1]).toEqual({
    kind: 'keyboard-interactive', host: '127.0.0.1', user: 'ann', name: 'Token', instructions: 'Have it ready',
    prompts: [{ prompt: 'User id: ', echo: true }, { prompt: 'Pin: ', echo: false }],
  });
  await session.disconnect();
  await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
});
