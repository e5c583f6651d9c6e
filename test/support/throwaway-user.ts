import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';

export type SudoRule = 'none' | 'nopasswd' | 'password' | 'password-requiretty';

export interface ThrowawayUser {
  readonly user: string;
  /** null when tests do not run as root: then this is the current user, whose password nobody knows. */
  readonly password: string | null;
  readonly home: string;
  readonly uid: number;
  remove(): void;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Makes a Linux user with a random password, to be removed with everything it runs and owns.
 * Without root it hands out the current user instead (no password, no sudo rule).
 */
export const makeThrowawayUser = (options: { shell?: string; sudo?: SudoRule } = {}): ThrowawayUser => {
  if (!isRoot()) {
    const me = userInfo();
    return { user: me.username, password: null, home: me.homedir, uid: me.uid, remove: () => undefined };
  }
  const user = `rtvmt-${randomBytes(4).toString('hex')}`;
  const password = `Pw-${randomBytes(9).toString('base64url')}`;
  const home = `/home/${user}`;
  withPasswdLock(() => execFileSync('useradd', ['--no-log-init', '-m', '-d', home, '-s', options.shell ?? '/bin/bash', user], { stdio: 'pipe' }));
  withPasswdLock(() => execFileSync('chpasswd', { input: `${user}:${password}\n`, stdio: 'pipe' }));
  const sudoers = `/etc/sudoers.d/${user}`;
  const rule = sudoersText(user, options.sudo ?? 'none');
  if (rule !== '') writeFileSync(sudoers, rule, { mode: 0o440 });
  const { uid } = statSync(home);
  let there = true;
  const remove = (): void => {
    if (!there) return;
    there = false;
    process.off('exit', remove);
    killProcessesOf(uid);
    rmSync(sudoers, { force: true });
    withPasswdLock(() => execFileSync('userdel', ['-f', '-r', user], { stdio: 'pipe' }));
  };
  process.on('exit', remove);
  return { user, password, home, uid, remove };
};

const sudoersText = (user: string, rule: SudoRule): string => {
  if (rule === 'none') return '';
  if (rule === 'nopasswd') return `${user} ALL=(ALL:ALL) NOPASSWD: ALL\n`;
  const terminal = rule === 'password-requiretty' ? `Defaults:${user} requiretty\n` : '';
  return `${terminal}${user} ALL=(ALL:ALL) ALL\n`;
};

/** useradd and its kin give up when another of them holds the lock on /etc/passwd: then they are tried again. */
const withPasswdLock = (action: () => void): void => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return action();
    } catch (error) {
      if (attempt >= 10 || !String(error).includes('lock')) throw error;
    }
  }
};

const killProcessesOf = (uid: number): void => {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (new RegExp(`^Uid:\\s+${String(uid)}\\s`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'))) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
};
