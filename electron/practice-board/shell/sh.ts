import { FileError } from '../files/file-error.ts';
import type { Program, ProgramContext } from '../commands/program.ts';
import { interactiveSession } from './interactive.ts';
import { parseScript } from './parse-script.ts';
import { Shell } from './shell.ts';
import { ShellState } from './shell-state.ts';

/** `sh` and `bash`: `-c TEXT [NAME ARGS]`, `-s [ARGS]`, `FILE [ARGS]`, or interactive on a terminal. */
export const shellProgram = (path: string, name: string): Program => ({ path, run: (context) => runShell(context, name) });

async function runShell(context: ProgramContext, name: string): Promise<number> {
  const state = new ShellState();
  const shell = new Shell(context.linux, context.process, state);
  for (const [key, value] of context.environment) state.variables.set(key, { value, exported: true, readonly: false });
  state.name = name;
  state.mainPid = context.process.pid;
  if (state.get('PATH') === undefined) state.set('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  state.set('IFS', ' \t\n');
  state.set('OPTIND', '1');
  state.variables.set('PWD', { value: context.process.workingFolder, exported: true, readonly: false });
  state.set('PPID', String(context.process.parentPid));
  const rest = [...context.args];
  let mode: 'text' | 'input' | 'file' = 'file';
  while (rest[0]?.startsWith('-') === true) {
    const option = rest.shift() ?? '';
    if (option === '--' || option === '-') break;
    if (option.startsWith('--')) continue;
    for (const letter of option.slice(1)) {
      if (letter === 'c') mode = 'text';
      else if (letter === 's') mode = 'input';
      else if (letter === 'l') state.name = `-${name}`;
      else state.options.add(letter);
    }
  }
  if (mode === 'text') {
    const [text = '', ownName, ...args] = rest;
    if (ownName !== undefined) state.name = ownName;
    state.positional = args;
    return shell.runToEnd(() => shell.runText(text));
  }
  const [file, ...args] = rest;
  if (mode === 'file' && file !== undefined) return runFile(context, shell, file, args);
  state.positional = rest;
  if (context.process.fds.get(0)?.terminal === true && mode === 'file') return interactiveSession(context, shell);
  return shell.runToEnd(() => runInput(context, shell));
}

async function runFile(context: ProgramContext, shell: Shell, file: string, args: readonly string[]): Promise<number> {
  const shellName = shell.state.name;
  shell.state.name = file;
  shell.state.positional = args;
  let text: string;
  try {
    text = await context.readFile(file);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await context.err(`${shellName}: 0: cannot open ${file}: ${error.code === 'ENOENT' ? 'No such file' : error.text}\n`);
    return 2;
  }
  return shell.runToEnd(() => shell.runText(text));
}

/** A script on standard input: run as soon as what has come is complete, as a shell that reads line by line would. */
async function runInput(context: ProgramContext, shell: Shell): Promise<number> {
  let pending = '';
  for (;;) {
    const text = await context.read();
    pending += text;
    if (text === '') return pending.trim() === '' ? shell.state.lastStatus : shell.runText(pending);
    const parsed = pending.endsWith('\n') ? parseScript(pending) : undefined;
    if (parsed?.kind !== 'whole') continue;
    pending = '';
    await shell.runScript(parsed.script);
  }
}
