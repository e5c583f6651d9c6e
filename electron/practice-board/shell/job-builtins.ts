import type { Process } from '../processes/process.ts';
import { parseSignal, signalNumbers } from '../processes/signals.ts';
import type { Shell } from './shell.ts';

type Builtin = (shell: Shell, args: readonly string[]) => Promise<number>;

const jobOf = (shell: Shell, word: string): Process | undefined => {
  if (!word.startsWith('%')) return shell.jobs.find((job) => String(job.process.pid) === word)?.process;
  const number = word === '%' || word === '%%' || word === '%+' ? shell.jobs.at(-1)?.number : Number(word.slice(1));
  return shell.jobs.find((job) => job.number === number)?.process;
};

const forget = (shell: Shell, process: Process): void => {
  const index = shell.jobs.findIndex((job) => job.process === process);
  if (index >= 0) shell.jobs.splice(index, 1);
};

async function wait(shell: Shell, args: readonly string[]): Promise<number> {
  if (args.length === 0) {
    const status = await shell.traps.interruptible(Promise.all(shell.jobs.map((job) => job.process.exited)).then(() => 0));
    if (status === 0) shell.jobs.length = 0;
    await shell.traps.runPending();
    return status;
  }
  let status = 0;
  for (const word of args) {
    const process = jobOf(shell, word);
    if (process === undefined) {
      status = 127;
      continue;
    }
    let finished = false;
    status = await shell.traps.interruptible(process.exited.then(({ code }) => {
      finished = true;
      return code;
    }));
    // A job whose wait was cut short stays known, so that it can be waited for again.
    if (finished) {
      shell.children.cpuMs += process.cpuMs;
      forget(shell, process);
    }
    await shell.traps.runPending();
  }
  return status;
}

/** Sends a signal as `kill` does: a pid, a process group (negative) or a thread's process. False with a message when it may not. */
export function sendSignal(shell: Pick<Shell, 'linux' | 'process'>, target: number, signal: ReturnType<typeof parseSignal>): 'sent' | 'missing' | 'refused' {
  const { processes } = shell.linux;
  const members = target < 0 ? processes.all().filter((process) => process.group === -target || (target === -1 && process.pid > 1)) : [processes.ofThread(target)].flatMap((one) => one ?? []);
  if (members.length === 0) return 'missing';
  const allowed = members.filter((process) => shell.process.uid === 0 || process.uid === shell.process.uid);
  if (allowed.length === 0) return 'refused';
  if (signal !== undefined) for (const process of allowed) process.deliver(signal);
  return 'sent';
}

async function kill(shell: Shell, args: readonly string[]): Promise<number> {
  const rest = [...args];
  let name = 'TERM';
  if (rest[0] === '-l' || rest[0] === '-L') {
    await shell.write(1, `${Object.keys(signalNumbers).join('\n')}\n`);
    return 0;
  }
  if (rest[0] === '-s' || rest[0] === '-n') [, name = ''] = rest.splice(0, 2);
  else if (/^-(\d+|[A-Za-z]\w*)$/.test(rest[0] ?? '')) name = (rest.shift() ?? '').slice(1);
  if (rest[0] === '--') rest.shift();
  const signal = parseSignal(name);
  if (signal === undefined && name !== '0') {
    await shell.complain(`kill: invalid signal number or name: ${name}`);
    return 2;
  }
  if (rest.length === 0) {
    await shell.complain('kill: Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]...');
    return 2;
  }
  let status = 0;
  for (const word of rest) {
    const target = word.startsWith('%') ? jobOf(shell, word)?.pid : /^-?\d+$/.test(word) ? Number(word) : undefined;
    const problem = target === undefined
      ? `kill: Illegal number: ${word}`
      : ({ sent: undefined, missing: 'kill: No such process', refused: 'kill: Operation not permitted' } as const)[sendSignal(shell, target, signal)];
    if (problem === undefined) continue;
    await shell.complain(problem);
    status = 1;
  }
  await new Promise((resolve) => setImmediate(resolve));
  return status;
}

async function trap(shell: Shell, args: readonly string[]): Promise<number> {
  const rest = args[0] === '--' ? args.slice(1) : [...args];
  if (rest.length === 0) {
    for (const [name, action] of shell.state.traps) await shell.write(1, `trap -- '${action.replaceAll("'", "'\"'\"'")}' ${name}\n`);
    return 0;
  }
  const [action = '', ...names] = rest;
  const reset = action === '-' || (names.length === 0);
  let status = 0;
  for (const name of names.length === 0 ? rest : names) {
    if (shell.traps.set(name, reset ? undefined : action)) continue;
    await shell.complain(`trap: ${name}: bad trap`);
    status = 1;
  }
  return status;
}

async function jobs(shell: Shell): Promise<number> {
  for (const job of [...shell.jobs]) {
    const state = job.process.alive ? 'Running' : 'Done';
    await shell.write(1, `[${job.number}]  ${state.padEnd(24)}${job.text}\n`);
    if (!job.process.alive) forget(shell, job.process);
  }
  return 0;
}

export const jobBuiltins: readonly (readonly [string, Builtin])[] = [
  ['wait', wait],
  ['kill', kill],
  ['trap', trap],
  ['jobs', jobs],
  ['fg', async (shell, args) => {
    const process = jobOf(shell, args[0] ?? '%%');
    return process === undefined ? shell.complain('fg: no current job').then(() => 1) : (await shell.children.waitFor(process)).code;
  }],
];
