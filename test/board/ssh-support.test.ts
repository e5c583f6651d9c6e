import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSshd } from '../support/sshd-server.ts';
import type { SshdServer } from '../support/sshd-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

let server: SshdServer;
beforeAll(async () => { server = await startSshd({ hostKeyTypes: ['ed25519', 'rsa'] }); });
afterAll(async () => { await server.stop(); });

const login = (port: number, command: string): string => execFileSync('ssh', [
  '-F', 'none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'BatchMode=yes', '-i', server.keyFile, '-p', String(port), `${server.user}@127.0.0.1`, command,
], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

it('lets its throw-away user in, also after a restart, with its host keys', async () => {
  expect(login(server.port, 'id -un')).toBe(`${server.user}\n`);
  await server.restart();
  expect(login(server.port, 'id -un')).toBe(`${server.user}\n`);
  expect(server.hostKeys.map((key) => key.type)).toEqual(['ssh-ed25519', 'ssh-rsa']);
});

it('is reached through the proxy, which counts bytes', async () => {
  const proxy = await startTcpProxy(server.port);
  const text = await new Promise<string>((resolve, reject) => {
    execFile('ssh', ['-F', 'none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-i', server.keyFile, '-p', String(proxy.port), `${server.user}@127.0.0.1`, 'echo hello'],
      (error, stdout) => { if (error === null) resolve(stdout); else reject(error); });
  });
  expect(text).toBe('hello\n');
  expect(proxy.bytes().toServer).toBeGreaterThan(1000);
  await proxy.stop();
});

it('leaves no user, sudo rule or directory behind', async () => {
  const other = await startSshd({ sudo: 'nopasswd' });
  expect(spawnSync('id', [other.user]).status).toBe(0);
  await other.stop();
  expect(existsSync(other.directory)).toBe(false);
  if (other.password !== null) expect(spawnSync('id', [other.user]).status).toBe(1);
  expect(existsSync(`/etc/sudoers.d/${other.user}`)).toBe(false);
});
