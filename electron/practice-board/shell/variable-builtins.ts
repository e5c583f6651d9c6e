import { ShellError } from './control-flow.ts';
import type { Shell } from './shell.ts';

type Builtin = (shell: Shell, args: readonly string[]) => Promise<number>;

const quote = (text: string): string => `'${text.replaceAll("'", "'\"'\"'")}'`;

function declare(kind: 'export' | 'readonly'): Builtin {
  return async (shell, args) => {
    const names = args.filter((arg) => arg !== '-p' && arg !== '--');
    if (names.length === 0) {
      for (const [name, variable] of [...shell.state.variables].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (kind === 'export' ? variable.exported : variable.readonly) await shell.write(1, `${kind} ${name}=${quote(variable.value ?? '')}\n`);
      }
      return 0;
    }
    for (const word of names) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word : word.slice(0, equals);
      if (!/^[A-Za-z_]\w*$/.test(name)) throw new ShellError(`${kind}: ${word}: bad variable name`);
      if (equals >= 0) shell.assign(name, word.slice(equals + 1));
      else if (!shell.state.variables.has(name)) shell.state.set(name, undefined);
      const variable = shell.state.variables.get(name);
      if (variable !== undefined) variable[kind === 'export' ? 'exported' : 'readonly'] = true;
    }
    return 0;
  };
}

async function local(shell: Shell, args: readonly string[]): Promise<number> {
  const frame = shell.locals.at(-1);
  if (frame === undefined) throw new ShellError('local: not in a function');
  for (const word of args) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    if (!frame.has(name)) frame.set(name, shell.state.get(name));
    if (equals >= 0) shell.assign(name, word.slice(equals + 1));
  }
  return 0;
}

async function unset(shell: Shell, args: readonly string[]): Promise<number> {
  const functions = args[0] === '-f';
  for (const name of args.filter((arg) => arg !== '-f' && arg !== '-v')) {
    if (functions) shell.state.functions.delete(name);
    else if (shell.state.variables.get(name)?.readonly === true) throw new ShellError(`unset: ${name}: is read only`);
    else shell.state.variables.delete(name);
  }
  return 0;
}

const longOptions: Readonly<Record<string, string>> = {
  errexit: 'e', nounset: 'u', noglob: 'f', xtrace: 'x', noclobber: 'C', allexport: 'a', monitor: 'm', noexec: 'n', verbose: 'v',
};

async function set(shell: Shell, args: readonly string[]): Promise<number> {
  if (args.length === 0) {
    for (const [name, { value }] of [...shell.state.variables].sort(([a], [b]) => (a < b ? -1 : 1))) await shell.write(1, `${name}=${quote(value ?? '')}\n`);
    return 0;
  }
  const rest = [...args];
  while (rest[0] !== undefined && /^[-+]/.test(rest[0]) && rest[0] !== '-' && rest[0] !== '--') {
    const word = rest.shift() ?? '';
    const on = word.startsWith('-');
    for (const letter of word.slice(1)) {
      const name = letter === 'o' ? longOptions[rest.shift() ?? ''] : letter;
      if (name === undefined) throw new ShellError(`set: Illegal option ${word}`);
      if (on) shell.state.options.add(name);
      else shell.state.options.delete(name);
    }
  }
  if (rest[0] === '--' || rest[0] === '-') shell.state.positional = rest.slice(1);
  else if (rest.length > 0) shell.state.positional = rest;
  return 0;
}

async function shift(shell: Shell, args: readonly string[]): Promise<number> {
  const count = Number(args[0] ?? '1');
  if (count > shell.state.positional.length) throw new ShellError("shift: can't shift that many");
  shell.state.positional = shell.state.positional.slice(count);
  return 0;
}

/** Reads one line byte by byte in effect: what follows it stays for the next reader. */
async function read(shell: Shell, args: readonly string[]): Promise<number> {
  const names = [...args];
  let raw = false;
  while (names[0]?.startsWith('-') === true && names[0].length > 1) {
    const option = names.shift() ?? '';
    if (option.includes('r')) raw = true;
    if (option.includes('p')) await shell.write(2, names.shift() ?? '');
  }
  const file = shell.process.fds.get(0);
  if (file === undefined) throw new ShellError('read: 0: Bad file descriptor', 1, false);
  let line = '';
  let complete = false;
  while (!complete) {
    const text = await file.read(4096, shell.process.stop);
    shell.process.assertAlive();
    if (text === '') break;
    const end = text.indexOf('\n');
    if (end < 0) line += text;
    else {
      line += text.slice(0, end);
      if (end + 1 < text.length) file.unread(text.slice(end + 1));
      complete = raw || !/(^|[^\\])(\\\\)*\\$/.test(line);
      if (!complete) line = line.slice(0, -1);
    }
  }
  assignFields(shell, names.length === 0 ? ['REPLY'] : names, raw ? line : line.replace(/\\([\s\S])/g, '$1'));
  return complete ? 0 : 1;
}

function assignFields(shell: Shell, names: readonly string[], line: string): void {
  const ifs = shell.state.get('IFS') ?? ' \t\n';
  const white = (char: string): boolean => ifs.includes(char) && ' \t\n'.includes(char);
  let at = 0;
  const skip = (): void => {
    while (at < line.length && white(line.charAt(at))) at += 1;
  };
  skip();
  for (const [index, name] of names.entries()) {
    let end = at;
    if (index === names.length - 1) {
      end = line.length;
      while (end > at && white(line.charAt(end - 1))) end -= 1;
      // One single trailing separator belongs to the field before it.
      const last = line.charAt(end - 1);
      const others = line.slice(at, end - 1);
      if (end > at && ifs.includes(last) && ![...others].some((char) => ifs.includes(char))) end -= 1;
    } else while (end < line.length && !ifs.includes(line.charAt(end))) end += 1;
    shell.assign(name, line.slice(at, end));
    at = end;
    skip();
    if (at < line.length && ifs.includes(line.charAt(at)) && !white(line.charAt(at)) && index < names.length - 1) {
      at += 1;
      skip();
    }
  }
}

async function getopts(shell: Shell, args: readonly string[]): Promise<number> {
  const [spec = '', name = '', ...given] = args;
  const words = given.length > 0 ? given : shell.state.positional;
  const index = Number(shell.state.get('OPTIND') ?? '1');
  const offset = Number(shell.state.get('_OPTOFFSET') ?? '1');
  const word = words[index - 1];
  if (word === undefined || !word.startsWith('-') || word === '-' || word === '--') {
    if (word === '--') shell.assign('OPTIND', String(index + 1));
    shell.assign(name, '?');
    return 1;
  }
  const letter = word.charAt(offset);
  const known = spec.replace(/^:/, '').indexOf(letter);
  const takes = known >= 0 && spec.replace(/^:/, '').charAt(known + 1) === ':';
  const endOfWord = offset + 1 >= word.length;
  shell.assign('OPTIND', String(endOfWord || takes ? index + (takes && endOfWord ? 2 : 1) : index));
  shell.assign('_OPTOFFSET', String(endOfWord || takes ? 1 : offset + 1));
  shell.assign(name, known < 0 ? '?' : letter);
  if (takes) shell.assign('OPTARG', endOfWord ? words[index] ?? '' : word.slice(offset + 1));
  else if (known < 0) {
    if (spec.startsWith(':')) shell.assign('OPTARG', letter);
    else await shell.complain(`Illegal option -${letter}`);
  }
  return 0;
}

async function umask(shell: Shell, args: readonly string[]): Promise<number> {
  if (args[0] === undefined) await shell.write(1, `${shell.process.umask.toString(8).padStart(4, '0')}\n`);
  else shell.process.umask = parseInt(args[0], 8) & 0o777;
  return 0;
}

async function ulimit(shell: Shell, args: readonly string[]): Promise<number> {
  const { limits, uid } = shell.process;
  const letter = /[a-z]/.exec(args.filter((arg) => arg.startsWith('-')).join('').replace(/[SH-]/g, ''))?.[0] ?? 'f';
  const value = args.find((arg) => !arg.startsWith('-'));
  if (value === undefined) {
    const memory = limits.lockedMemoryBytes === Infinity ? 'unlimited' : String(limits.lockedMemoryBytes / 1024);
    const values: Readonly<Record<string, string>> = { r: String(limits.rtPriority), l: memory, n: '1024', c: '0', s: '8192', u: '255000' };
    await shell.write(1, `${values[letter] ?? 'unlimited'}\n`);
    return 0;
  }
  const number = value === 'unlimited' ? Infinity : Number(value);
  const now = letter === 'r' ? limits.rtPriority : limits.lockedMemoryBytes / 1024;
  if (uid !== 0 && (letter === 'r' || letter === 'l') && number > now) throw new ShellError('ulimit: error setting limit (Operation not permitted)', 2, false);
  if (letter === 'r') limits.rtPriority = number;
  if (letter === 'l') limits.lockedMemoryBytes = number * 1024;
  return 0;
}

export const variableBuiltins: readonly (readonly [string, Builtin])[] = [
  ['export', declare('export')], ['readonly', declare('readonly')], ['local', local], ['unset', unset], ['set', set], ['shift', shift],
  ['read', read], ['getopts', getopts], ['umask', umask], ['ulimit', ulimit],
];
