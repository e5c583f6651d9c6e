import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSshd } from '../support/sshd-server.ts';
import type { SshdServer } from '../support/sshd-server.ts';
import { answers, codedError, keyHop, passwordHop, person, sessionKit } from '../support/session-kit.ts';

const hello = { name: 'hello', text: 'echo "hello $1"; id -un; cat | wc -c; exit 3' };
const echoArgs = { name: 'echo-args', text: 'for a in "$@"; do printf "%s" "$a" | od -An -v -tx1 | tr -d " \\n"; echo; done' };

describe('a session with a real sshd', () => {
  let server: SshdServer;
  beforeAll(async () => { server = await startSshd({ maxSessions: 2 }); });
  afterAll(async () => { await server.stop(); });

  it('runs a script with arguments, exit code and an empty standard input, asking for the host key once', async () => {
    const asker = person();
    const { session, pins } = sessionKit({ target: keyHop(server), asker });
    const result = await session.exec(hello, { args: ['wörld'] });
    expect(result.stdout.toString()).toBe(`hello wörld\n${server.user}\n0\n`);
    expect(result).toMatchObject({ exitCode: 3, signal: null, stderr: '', asRoot: false });
    expect(asker.questions).toEqual([{ kind: 'host-key', host: '127.0.0.1', port: server.port, keyType: 'ssh-ed25519', sha256: server.hostKeys[0]?.sha256, hop: 0, hops: 1 }]);
    expect(pins).toHaveLength(1);
    expect(session.connection().state).toBe('connected');
    await session.disconnect();
    expect(session.connection().state).toBe('idle');
    await session.exec(hello);
    expect(asker.questions).toHaveLength(1);
    await session.disconnect();
  });

  it('carries 300 kB of arguments and megabytes of output', async () => {
    const { session } = sessionKit({ target: keyHop(server) });
    const long = 'a\n\'"$x%`\\é'.repeat(25_000);
    const result = await session.exec(echoArgs, { args: [long, '', '-n', '\n'] });
    expect(result.stdout.toString().split('\n')).toEqual([Buffer.from(long).toString('hex'), '', '2d6e', '0a', '']);
    const big = await session.exec({ name: 'big', text: 'head -c 9000000 /dev/zero' });
    expect(big.stdout.length).toBe(9_000_000);
    await session.disconnect();
  });

  it('queues channels beyond MaxSessions 2', async () => {
    const { session } = sessionKit({ target: keyHop(server) });
    const results = await Promise.all(Array.from({ length: 12 }, (_, index) => session.exec(hello, { args: [String(index)] })));
    expect(results.map((result) => result.stdout.toString().split('\n')[0])).toEqual(Array.from({ length: 12 }, (_, index) => `hello ${String(index)}`));
    expect(server.connections()).toBe(1);
    await session.disconnect();
  });

  it('logs in with a password, asked again when it was wrong', async () => {
    const wrong = ['nonsense', server.password ?? ''];
    const asker = person((body) => (body.kind === 'password' ? answers(wrong.shift() ?? '') : undefined));
    const { session } = sessionKit({ target: passwordHop(server), asker });
    await session.connect();
    expect(asker.questions.slice(1)).toEqual([1, 2].map((attempt) => ({ kind: 'password', user: server.user, host: '127.0.0.1', attempt })));
    await session.disconnect();
    const other = person((body) => (body.kind === 'password' ? answers('nonsense') : undefined));
    const refused = await codedError(sessionKit({ target: passwordHop(server), asker: other }).session.connect());
    expect(refused.code).toBe('auth-failed');
    expect(refused.extras.details).toMatchObject({ offered: ['publickey', 'password'] });
    expect(refused.message).toContain('It offers: publickey, password');
    expect(other.questions.filter((question) => question.kind === 'password')).toHaveLength(3);
  });
});
