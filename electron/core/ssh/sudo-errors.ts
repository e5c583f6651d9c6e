import { CodedError } from '../../../shared/contract/errors.ts';

/** Why sudo does not do it, out of what it says in the C locale (sudo 1.8 to 1.9, sudo-rs); null when it only lacks the password. */
export const sudoError = (said: string, board: string, user: string): CodedError | null => {
  const make = (code: 'sudo-refused' | 'sudo-needs-terminal', what: string, next: string): CodedError =>
    new CodedError(code, `${board}: ${what}`, { board, state: 'Nothing was run as root.', next, details: { said: said.trim().slice(0, 2000) } });
  if (/must have a tty|no tty present|a terminal is required|requiretty/i.test(said) && !/a password is required/i.test(said)) {
    return make('sudo-needs-terminal', `sudo on this board only works in a terminal (requiretty in its sudoers file).`, `Log in at a terminal and add with visudo: Defaults:${user} !requiretty`);
  }
  if (/not in the sudoers|not allowed to (execute|run)|may not run sudo|I'm afraid I can't do that/i.test(said)) {
    return make('sudo-refused', `${user} has no right to use sudo for this.`, `Let ${user} use sudo (on Debian and Ubuntu: adduser ${user} sudo; on Red Hat: usermod -aG wheel ${user}), or log in as another user.`);
  }
  if (/sudo['"]?: (command )?not found|sudo.*no such file|not found.*sudo|unknown command.*sudo/i.test(said)) {
    return make('sudo-refused', `there is no sudo on this board, and ${user} is not root.`, 'Install sudo on the board and give the user the right to use it, or log in as root with a key.');
  }
  return null;
};

export const wrongPasswords = (board: string, user: string, attempts: number): CodedError => new CodedError(
  'sudo-refused', `${board}: sudo did not take the password of ${user} (${String(attempts)} ${attempts === 1 ? 'attempt' : 'attempts'}).`,
  { board, state: 'Nothing was run as root.', next: 'Check the password and try again. Too many wrong ones may lock the account for some minutes (faillock).' },
);

/** sudo ended, or fell silent, in a way that is not known. */
export const strangeSudo = (said: string, board: string, user: string): CodedError => sudoError(said, board, user) ?? new CodedError(
  /password|code|token|:\s*$/i.test(said) ? 'sudo-needs-terminal' : 'sudo-refused',
  `${board}: sudo did not start the command${said.trim() === '' ? '' : ` and says "${said.trim().slice(0, 200)}"`}.`,
  { board, state: 'Nothing was run as root.', next: 'Try "sudo -k -S true" on the board as the same user: only a plain password question can be answered from here.', details: { said: said.trim().slice(0, 2000) } },
);
