import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { isRoot } from '../support/throwaway-user.ts';
import { startSshd } from '../support/sshd-server.ts';
import type { SshdOptions, SshdServer } from '../support/sshd-server.ts';
import { answers, codedError, keyHop, person, sessionKit } from '../support/session-kit.ts';
import type { ScriptedPerson } from '../support/session-kit.ts';

const whoAmI = { name: 'who-am-i', text: 'id -u; printf "%s|" "$@"' };

// Making users and sudo rules needs root.
describe.skipIf(!isRoot())('root on the board', () => {
  let server: SshdServer | undefined;
  afterEach(async () => { await server?.stop(); server = undefined; });
  const start = async (options: SshdOptions): Promise<SshdServer> => (server = await startSshd(options));

  const givesPassword = (...passwords: Array<string | null>): ScriptedPerson => {
    const left = [...passwords];
    return person((body) => (body.kind === 'sudo' ? answers(left.shift() ?? '') : undefined));
  };
  const sudoQuestions = (asker: ScriptedPerson): number => asker.questions.filter((question) => question.kind === 'sudo').length;

  it('needs no sudo when the login user is root', async () => {
    const sshd = await start({ rootLogin: true });
    const { session } = sessionKit({ target: { ...keyHop(sshd), user: 'root' } });
    const result = await session.exec(whoAmI, { root: 'required', args: ['a b'] });
    expect(result).toMatchObject({ asRoot: true, exitCode: 0 });
    expect(result.stdout.toString()).toBe('0\na b|');
    expect(session.connection().sudo).toBe('not-needed');
    expect((await session.exec(whoAmI, { root: 'if-possible' })).asRoot).toBe(true);
    await session.disconnect();
  });

  it('uses sudo that asks no password, without asking anybody', async () => {
    const sshd = await start({ sudo: 'nopasswd' });
    const asker = person();
    const { session } = sessionKit({ target: keyHop(sshd), asker });
    for (const root of ['if-possible', 'required'] as const) {
      const result = await session.exec(whoAmI, { root, args: ['x\ny'] });
      expect(result.stdout.toString()).toBe('0\nx\ny|');
      expect(result.asRoot).toBe(true);
    }
    expect((await session.exec(whoAmI)).stdout.toString()).toContain(String(sshd.uid));
    expect(session.connection().sudo).toBe('not-needed');
    expect(sudoQuestions(asker)).toBe(0);
    await session.disconnect();
  });

  it('asks for the password once per connection, also when many callers need it at the same time', async () => {
    const sshd = await start({ sudo: 'password' });
    const asker = givesPassword(sshd.password);
    const { session } = sessionKit({ target: keyHop(sshd), asker });
    const before = await session.exec(whoAmI, { root: 'if-possible' });
    expect(before.asRoot).toBe(false);
    expect(session.connection().sudo).toBe('not-asked');
    const results = await Promise.all([1, 2, 3].map(async (n) => session.exec(whoAmI, { root: 'required', args: [String(n)], reason: 'to read the firmware tables' })));
    expect(results.map((result) => result.stdout.toString())).toEqual(['0\n1|', '0\n2|', '0\n3|']);
    expect(results.every((result) => result.stderr === '')).toBe(true);
    expect(asker.questions.filter((question) => question.kind === 'sudo')).toEqual([
      { kind: 'sudo', user: sshd.user, host: '127.0.0.1', reason: 'to read the firmware tables', attempt: 1 },
    ]);
    expect(session.connection().sudo).toBe('granted');
    expect((await session.exec(whoAmI, { root: 'if-possible' })).asRoot).toBe(true);
    for (const root of ['required', 'if-possible'] as const) {
      await session.disconnect();
      expect((await session.exec(whoAmI, { root })).asRoot).toBe(true);
    }
    expect(sudoQuestions(asker)).toBe(1);
    await session.disconnect();
  });

  it('asks again after a wrong password, three times at most', async () => {
    const sshd = await start({ sudo: 'password' });
    const asker = givesPassword('wrong', sshd.password);
    const { session } = sessionKit({ target: keyHop(sshd), asker });
    expect((await session.exec(whoAmI, { root: 'required' })).asRoot).toBe(true);
    expect(sudoQuestions(asker)).toBe(2);
    await session.disconnect();

    const stubborn = givesPassword('wrong', 'wrong', 'wrong', 'wrong');
    const other = sessionKit({ target: keyHop(sshd), asker: stubborn });
    expect((await codedError(other.session.exec(whoAmI, { root: 'required' }))).code).toBe('sudo-refused');
    expect(sudoQuestions(stubborn)).toBe(3);
    expect(other.session.connection().sudo).toBe('refused');
    await other.session.disconnect();
  });

  it('refuses clearly when the user has no right to sudo, and still runs as the user where root is a wish', async () => {
    const sshd = await start({ sudo: 'none' });
    const { session } = sessionKit({ target: keyHop(sshd), asker: givesPassword(sshd.password) });
    const error = await codedError(session.exec(whoAmI, { root: 'required' }));
    expect(error.code).toBe('sudo-refused');
    expect(error.message).toContain(`${sshd.user} has no right to use sudo`);
    expect((await session.exec(whoAmI, { root: 'if-possible' })).asRoot).toBe(false);
    await session.disconnect();
  });

  it('says when a person does not want to give the password', async () => {
    const sshd = await start({ sudo: 'password' });
    const { session } = sessionKit({ target: keyHop(sshd), asker: person() });
    expect((await codedError(session.exec(whoAmI, { root: 'required' }))).code).toBe('sudo-refused');
    expect((await session.exec(whoAmI)).exitCode).toBe(0);
    await session.disconnect();
  });

  it('explains requiretty', async () => {
    const sshd = await start({ sudo: 'password-requiretty' });
    const asker = givesPassword(sshd.password);
    const { session } = sessionKit({ target: keyHop(sshd), asker });
    const error = await codedError(session.exec(whoAmI, { root: 'required' }));
    expect(error.code).toBe('sudo-needs-terminal');
    expect(error.extras.next).toContain(`Defaults:${sshd.user} !requiretty`);
    expect(sudoQuestions(asker)).toBe(0);
    await session.disconnect();
  });

  it('works with use_pty, the default of newer sudo, and carries 9 MB through it', async () => {
    const sshd = await start({ sudo: 'password' });
    writeFileSync(`/etc/sudoers.d/${sshd.user}`, `Defaults:${sshd.user} use_pty, lecture=always\n${sshd.user} ALL=(ALL:ALL) ALL\n`, { mode: 0o440 });
    const { session } = sessionKit({ target: keyHop(sshd), asker: givesPassword(sshd.password) });
    const result = await session.exec({ name: 'big', text: 'head -c 9000000 /dev/zero; echo "$1" >&2; exit 7' }, { root: 'required', args: ['to stderr'] });
    expect(result.stdout.length).toBe(9_000_000);
    expect(result).toMatchObject({ exitCode: 7, stderr: 'to stderr\n', asRoot: true });
    await session.disconnect();
  });

  it('leaves the password neither in an argument, nor in an environment, nor in a file or log of the board', async () => {
    const sshd = await start({ sudo: 'password' });
    const { session } = sessionKit({ target: keyHop(sshd), asker: givesPassword(sshd.password) });
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => { started = resolve; });
    const handle = await session.stream({ name: 'wait', text: 'echo up; exec sleep 600' }, { root: 'required', onStdout: () => { started(); } });
    await running;
    const password = sshd.password ?? '';
    expect(password.length).toBeGreaterThan(8);
    let looked = 0;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
      for (const file of ['cmdline', 'environ']) {
        try {
          expect(readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(password), `${pid} ${file}`).toBe(false);
          looked += 1;
        } catch (error) {
          if (!(error instanceof Error && 'code' in error)) throw error;
        }
      }
    }
    expect(looked).toBeGreaterThan(10);
    expect(sshd.log()).not.toContain(password);
    const found = execFileSync('sh', ['-c', `grep -rlF -f - /var/log /home/${sshd.user} /tmp/.rtvm-none 2>/dev/null || true`], { input: password, encoding: 'utf8' });
    expect(found).toBe('');
    handle.close();
    expect((await codedError(handle.done)).code).toBe('cancelled');
    await session.disconnect();
  });
});
