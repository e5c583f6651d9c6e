import type { ProgramContext } from '../commands/program.ts';
import { LoopJump, ShellError, ShellExit, FunctionReturn } from './control-flow.ts';
import { parseScript } from './parse-script.ts';
import type { Shell } from './shell.ts';

/** A login on a terminal: prompt, lines, history with the arrow keys, `exit`. */
export async function interactiveSession(context: ProgramContext, shell: Shell): Promise<number> {
  const { process, linux } = context;
  const { terminal } = process;
  shell.state.options.add('i');
  for (const signal of ['INT', 'QUIT', 'TERM'] as const) process.handlers.set(signal, () => undefined);
  const history: string[] = [];
  let at = 0;
  let interrupted = (): void => undefined;
  process.handlers.set('INT', () => interrupted());
  if (terminal !== undefined) {
    terminal.foreground = process.group;
    terminal.recall = (_current, step) => {
      at = Math.max(0, Math.min(history.length, at + step));
      return history[at] ?? '';
    };
  }
  await context.out(shell.state.name.startsWith('-') ? linux.spec.messageOfTheDay : '');
  let pending = '';
  for (;;) {
    await context.out(pending === '' ? prompt(context, shell) : '> ');
    const stop = new AbortController();
    const end = (): void => stop.abort();
    let again = false;
    interrupted = () => {
      again = true;
      stop.abort();
    };
    process.stop.addEventListener('abort', end, { once: true });
    const text = await context.fd(0).read(65_536, stop.signal);
    process.stop.removeEventListener('abort', end);
    interrupted = () => undefined;
    process.assertAlive();
    if (again) {
      pending = '';
      continue;
    }
    if (text === '') {
      await context.out('exit\n');
      return leave(shell);
    }
    const newline = text.indexOf('\n');
    if (newline >= 0 && newline + 1 < text.length) context.fd(0).unread(text.slice(newline + 1));
    const line = newline < 0 ? text : text.slice(0, newline);
    if (line.trim() !== '' && history.at(-1) !== line) history.push(line);
    at = history.length;
    pending += `${line}\n`;
    const done = await runLine(shell, pending);
    if (done === 'more') continue;
    pending = '';
    if (done !== 'ran') return leave(shell, done);
    for (const job of shell.jobs.filter(({ process: one }) => !one.alive)) {
      await context.err(`[${job.number}]+  Done                    ${job.text}\n`);
      shell.jobs.splice(shell.jobs.indexOf(job), 1);
    }
  }
}

function prompt(context: ProgramContext, shell: Shell): string {
  const home = shell.state.get('HOME') ?? '';
  const folder = context.process.workingFolder;
  const shown = home !== '' && (folder === home || folder.startsWith(`${home}/`)) ? `~${folder.slice(home.length)}` : folder;
  const user = context.linux.userName(context.process.uid);
  return `${user}@${context.linux.hostname}:${shown}${context.process.uid === 0 ? '#' : '$'} `;
}

async function runLine(shell: Shell, text: string): Promise<'ran' | 'more' | number> {
  const parsed = parseScript(text);
  if (parsed.kind === 'unfinished') return 'more';
  if (parsed.kind === 'wrong') {
    await shell.complain(parsed.message);
    shell.state.lastStatus = 2;
    return 'ran';
  }
  try {
    await shell.runScript(parsed.script);
  } catch (error) {
    if (error instanceof ShellExit) return error.status;
    if (error instanceof ShellError) {
      await shell.complain(error.message);
      shell.state.lastStatus = error.status;
    } else if (!(error instanceof LoopJump || error instanceof FunctionReturn)) throw error;
  }
  return 'ran';
}

/** On logout a shell hangs up what it started in the foreground; jobs started with nohup or setsid go on. */
function leave(shell: Shell, status = shell.state.lastStatus): number {
  for (const job of shell.jobs) job.process.deliver('HUP');
  return status;
}
