import { randomBytes } from 'node:crypto';

/**
 * Two words made anew for every call: `mark` begins the line on standard error that says how the script runs, `prompt`
 * is what sudo asks for the password with. Nothing a board prints can be taken for one of them.
 */
export interface CallWords {
  readonly mark: string;
  readonly prompt: string;
}

export const newCallWords = (): CallWords => ({
  mark: `rtvm-mark-${randomBytes(12).toString('hex')}`,
  prompt: `rtvm-password-${randomBytes(12).toString('hex')}:`,
});

// Each command is one line without a quote inside quotes, `!` or a newline, so that dash, bash, busybox, zsh, ksh, fish
// and csh read it alike as a login shell. Apart from the random words they are constants.

/** Runs the script as the login user. */
export const plainCommand = 'exec sh -s --';

/** Runs the script as root where sudo asks no password. Says `MARK sudo` first. */
export const freeSudoCommand = ({ mark }: CallWords): string =>
  `exec env LC_ALL=C sudo -n sh -c 'echo "$1 sudo" >&2; exec sh -s --' sh ${mark}`;

/** Runs the script as root once the password has been given on standard input. Says `MARK sudo` when it has been taken. */
export const passwordSudoCommand = ({ mark, prompt }: CallWords): string =>
  `exec env LC_ALL=C sudo -k -S -p ${prompt} sh -c 'echo "$1 sudo" >&2; exec sh -s --' sh ${mark}`;

/**
 * Finds out how to become root, and runs the script that way if no password is needed. Says `MARK root` (we are),
 * `MARK sudo` (sudo needs no password), `MARK user` (a password is needed, the script runs as the login user) or
 * `MARK denied REASON`: then nothing runs. `sudo -k` with a command keeps a cached password from deciding.
 */
export const probingCommand = ({ mark }: CallWords, otherwise: 'run-as-user' | 'stop'): string =>
  'exec sh -c \'LC_ALL=C; export LC_ALL; if [ "$(id -u)" = 0 ]; then echo "$1 root" >&2; exec sh -s --; fi; '
  + 'if e=$(sudo -k -n sh -c : 2>&1); then exec sudo -n sh -c "echo $1 sudo >&2; exec sh -s --"; fi; '
  + 'if [ "$2" = run-as-user ]; then echo "$1 user" >&2; exec sh -s --; fi; '
  + `echo "$1 denied" $e >&2; exit 1' sh ${mark} ${otherwise}`;
