import { FileError } from '../files/file-error.ts';
import { FunctionReturn, LoopJump, ShellError, ShellExit } from './control-flow.ts';
import { printf } from './printf.ts';
import { jobBuiltins } from './job-builtins.ts';
import { variableBuiltins } from './variable-builtins.ts';
import type { Shell } from './shell.ts';
import { evaluateTest } from './test-expression.ts';

export type Builtin = (shell: Shell, args: readonly string[]) => Promise<number>;

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b', '\\': '\\' };

const jumpLevels = (text = '1'): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new ShellError(`Illegal number: ${text}`);
  return Number(text);
};

async function echo(shell: Shell, args: readonly string[]): Promise<number> {
  let newline = true;
  let interpret = !shell.state.name.endsWith('bash');
  let first = 0;
  for (; /^-[neE]+$/.test(args[first] ?? '') && (!interpret || args[first] === '-n' || first > 0); first += 1) {
    const flags = args[first] ?? '';
    if (flags.includes('n')) newline = false;
    if (flags.includes('e')) interpret = true;
  }
  let text = args.slice(first).join(' ');
  if (interpret) {
    const stop = text.indexOf('\\c');
    if (stop >= 0) {
      text = text.slice(0, stop);
      newline = false;
    }
    text = text.replace(/\\(0[0-7]{1,3}|[ntrabfve\\])/g, (_whole, code: string) => escapes[code] ?? String.fromCharCode(parseInt(code, 8) & 255));
  }
  await shell.write(1, `${text}${newline ? '\n' : ''}`);
  return 0;
}

async function changeFolder(shell: Shell, args: readonly string[]): Promise<number> {
  const wanted = args.filter((arg) => arg !== '-L' && arg !== '-P' && arg !== '--')[0] ?? shell.state.get('HOME') ?? '/';
  const target = wanted === '-' ? shell.state.get('OLDPWD') ?? '/' : wanted;
  try {
    const path = shell.linux.files.realPath(shell.path(target), shell.process.credentials);
    const folder = shell.linux.files.find(path, shell.process.credentials);
    if (folder.kind !== 'folder') throw new FileError('ENOTDIR');
    if (shell.process.uid !== 0 && (folder.mode & 0o001) === 0 && folder.uid !== shell.process.uid) throw new FileError('EACCES');
    shell.state.set('OLDPWD', shell.process.workingFolder);
    shell.process.workingFolder = path;
    shell.state.set('PWD', path);
    if (wanted === '-') await shell.write(1, `${path}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await shell.complain(shell.state.name.endsWith('bash') ? `cd: ${target}: ${error.text}` : `cd: can't cd to ${target}`);
    return shell.state.name.endsWith('bash') ? 1 : 2;
  }
}

/** Where a command name leads, for `command -v`, `type` and `which`. */
export function locate(shell: Shell, name: string): { kind: 'function' | 'builtin' | 'file'; path: string } | undefined {
  if (shell.state.functions.has(name)) return { kind: 'function', path: name };
  if (builtins.has(name) || name === 'exec') return { kind: 'builtin', path: name };
  const path = shell.linux.findProgram(shell.process, name, shell.state.get('PATH') ?? '');
  return path === undefined ? undefined : { kind: 'file', path };
}

async function command(shell: Shell, args: readonly string[]): Promise<number> {
  const [option, ...rest] = args;
  if (option === undefined) return 0;
  if (option === '-v' || option === '-V') {
    const found = locate(shell, rest[0] ?? '');
    if (found === undefined) {
      if (option === '-V') await shell.write(1, `${rest[0] ?? ''}: not found\n`);
      return 127;
    }
    await shell.write(1, `${option === '-v' ? found.path : describe(rest[0] ?? '', found)}\n`);
    return 0;
  }
  const argv = option === '-p' || option === '--' ? rest : args;
  const builtin = builtins.get(argv[0] ?? '');
  return builtin === undefined ? shell.runProgram(argv, shell.state.environment(), [], false) : builtin(shell, argv.slice(1));
}

const describe = (name: string, found: { kind: string; path: string }): string =>
  found.kind === 'file' ? `${name} is ${found.path}` : found.kind === 'function' ? `${name} is a shell function` : `${name} is a shell builtin`;

async function type(shell: Shell, args: readonly string[]): Promise<number> {
  let status = 0;
  for (const name of args) {
    const found = locate(shell, name);
    await shell.write(1, `${found === undefined ? `${name}: not found` : describe(name, found)}\n`);
    if (found === undefined) status = 127;
  }
  return status;
}

async function dot(shell: Shell, args: readonly string[]): Promise<number> {
  const [path = '', ...rest] = args;
  const file = await shell.openPath(path.includes('/') ? path : `./${path}`, { read: true }).catch((error: unknown) => {
    if (error instanceof FileError) throw new ShellError(`.: cannot open ${path}: ${error.text}`);
    throw error;
  });
  const text = await file.read(1 << 24, shell.process.stop).finally(() => file.release());
  const { positional } = shell.state;
  if (rest.length > 0) shell.state.positional = rest;
  try {
    return await shell.runText(text);
  } catch (error) {
    if (error instanceof FunctionReturn) return error.status;
    throw error;
  } finally {
    if (rest.length > 0) shell.state.positional = positional;
  }
}

const seconds = (milliseconds: number): string => `${Math.floor(milliseconds / 60_000)}m${((milliseconds % 60_000) / 1000).toFixed(6)}s`;

/** Every builtin of the shell but `exec`, which the shell itself does. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', async () => 0],
  ['true', async () => 0],
  ['false', async () => 1],
  ['echo', echo],
  ['cd', changeFolder],
  ['command', command],
  ['type', type],
  ['.', dot],
  ['source', dot],
  ['hash', async () => 0],
  ['pwd', async (shell) => {
    await shell.write(1, `${shell.process.workingFolder}\n`);
    return 0;
  }],
  ['break', async (_shell, args) => {
    throw new LoopJump('break', jumpLevels(args[0]));
  }],
  ['continue', async (_shell, args) => {
    throw new LoopJump('continue', jumpLevels(args[0]));
  }],
  ['return', async (shell, args) => {
    throw new FunctionReturn(args[0] === undefined ? shell.state.lastStatus : Number(args[0]) & 255);
  }],
  ['exit', async (shell, args) => {
    throw new ShellExit(args[0] === undefined ? shell.state.lastStatus : Number(args[0]) & 255);
  }],
  ['logout', async (shell) => {
    throw new ShellExit(shell.state.lastStatus);
  }],
  ['eval', async (shell, args) => shell.runText(args.join(' '))],
  ['printf', async (shell, args) => {
    const { text, problem } = printf(args);
    await shell.write(1, text);
    if (problem !== undefined) await shell.complain(`printf: ${problem}`);
    return problem === undefined ? 0 : 1;
  }],
  ['test', (shell, args) => evaluateTest(shell, args)],
  ['[', async (shell, args) => {
    if (args.at(-1) !== ']') throw new ShellError('[: missing ]');
    return evaluateTest(shell, args.slice(0, -1));
  }],
  ['times', async (shell) => {
    const own = seconds(shell.process.cpuMs);
    const children = seconds(shell.children.cpuMs);
    await shell.write(1, `${own} ${own}\n${children} ${children}\n`);
    return 0;
  }],
  ...jobBuiltins,
  ...variableBuiltins,
]);
