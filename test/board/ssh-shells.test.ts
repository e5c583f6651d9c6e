import { existsSync, writeFileSync, mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRoot } from '../support/throwaway-user.ts';
import { startSshd } from '../support/sshd-server.ts';
import { answers, keyHop, person, sessionKit } from '../support/session-kit.ts';

const hostile = ['', ' ', '-n', '$(id)', '`id`', '%s%n', "'; exit 9; '", '"\\\'!~*?[a]{b,c}', 'two\nlines\n', 'é✓', '\\0101\\n', '#', '&&', '<x>y|z;'];
const hex = { name: 'hex', text: 'id -u; for a in "$@"; do printf "%s" "$a" | od -An -v -tx1 | tr -d " \\n"; echo .; done; exit 4' };

// busybox must be called by the name of the shell to be one.
const busyboxShell = (): { path: string; remove(): void } => {
  const directory = mkdtempSync(join(tmpdir(), 'rtvm-shell-'));
  chmodSync(directory, 0o755);
  const path = join(directory, 'ash');
  writeFileSync(path, '#!/bin/busybox sh\nexec /bin/busybox ash "$@"\n', { mode: 0o755 });
  return { path, remove: () => { rmSync(directory, { recursive: true }); } };
};

// A login shell is a property of a user, and making users needs root.
describe.skipIf(!isRoot())('login shells', () => {
  it.for(['/bin/dash', '/bin/bash', 'busybox', '/usr/bin/zsh', '/usr/bin/ksh', '/usr/bin/fish', '/bin/csh'])('%s runs scripts with any argument, as user and as root', async (shell, { skip }) => {
    if (shell !== 'busybox' && !existsSync(shell)) skip(`${shell} is not installed here`);
    const busybox = shell === 'busybox' ? busyboxShell() : null;
    const server = await startSshd({ shell: busybox?.path ?? shell, sudo: 'password' });
    try {
      const asker = person((body) => (body.kind === 'sudo' ? answers(server.password ?? '') : undefined));
      const { session } = sessionKit({ target: keyHop(server), asker });
      const expected = hostile.map((text) => `${Buffer.from(text).toString('hex')}.`);
      for (const [root, uid] of [['never', server.uid], ['if-possible', server.uid], ['required', 0], ['required', 0]] as const) {
        const result = await session.exec(hex, { args: hostile, root });
        expect(result.stdout.toString().trimEnd().split('\n')).toEqual([String(uid), ...expected]);
        expect(result.exitCode).toBe(4);
        expect(result.stderr).toBe('');
      }
      await session.disconnect();
    } finally {
      await server.stop();
      busybox?.remove();
    }
  });
});
