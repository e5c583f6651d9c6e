import { CodedError } from '../../../shared/contract/errors.ts';
import type { BoardScript } from './board-session.ts';

const PLAIN = /[A-Za-z0-9_./:=,+@-]/;

/**
 * An argument as a word without any character that means something to a shell: every byte other than
 * `A-Za-z0-9_./:=,+@-` becomes `%0` and three octal digits. What the prelude below decodes.
 */
export const encodeArgument = (argument: string | Buffer): string => {
  let word = '';
  for (const byte of Buffer.from(argument)) {
    const char = String.fromCharCode(byte);
    word += byte < 128 && PLAIN.test(char) ? char : `%0${byte.toString(8).padStart(3, '0')}`;
  }
  return word;
};

const PRELUDE = `LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL PATH
`;

/**
 * Turns the words back into the arguments. Splitting at % and joining with \\ makes the escapes of printf's %b;
 * the dot keeps newlines at the end of an argument from being cut off by the command substitution.
 */
const DECODE = `rtvm_decode() {
set -f
IFS=%
set -- $1
IFS=\\\\
rtvm_word=$(printf '%b.' "$*")
rtvm_word=\${rtvm_word%.}
unset IFS
set +f
}
rtvm_left=$#
while [ "$rtvm_left" -gt 0 ]; do
rtvm_word=$1
case $1 in *%*) rtvm_decode "$1" ;; esac
shift
set -- "$@" "$rtvm_word"
rtvm_left=$((rtvm_left - 1))
done
unset rtvm_word rtvm_left
unset -f rtvm_decode
`;

/**
 * What is sent on standard input of \`sh -s\` on the board: the arguments as encoded words, the constant prelude that
 * decodes them, and the constant script, which itself sees an empty standard input. A shell that cannot parse the
 * script gets to the last line and ends. The words travel here and not in
 * the command line: that one is limited to 128 KiB, is seen by every user of the board and is read by the login shell,
 * whichever it is.
 */
export const scriptInput = (script: BoardScript, args: readonly string[]): Buffer => {
  for (const argument of args) checkArgument(script, argument);
  const words = args.map((argument) => `'${encodeArgument(argument)}'`);
  const decode = words.some((word) => word.includes('%')) ? DECODE : '';
  return Buffer.from(`{\n${PRELUDE}set -- ${words.join(' ')}\n${decode}${script.text}\nexit $?\n} </dev/null\nexit 2\n`);
};

const checkArgument = (script: BoardScript, argument: string): void => {
  const why = argument.includes('\0') ? 'a zero byte' : /\p{Surrogate}/u.test(argument) ? 'half a character (a lone surrogate)' : null;
  if (why !== null) {
    throw new CodedError('bad-request', `An argument of ${script.name} holds ${why}, which cannot be given to a program.`, { next: 'Take it out and try again.' });
  }
};
