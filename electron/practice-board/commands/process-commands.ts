import { lastCpu } from '../linux/process-files.ts';
import type { Process, Thread } from '../processes/process.ts';
import { parseSignal } from '../processes/signals.ts';
import { sendSignal } from '../shell/job-builtins.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

const classes = { other: 'TS', fifo: 'FF', rr: 'RR', batch: 'B', idle: 'IDL' } as const;

interface Row {
  readonly process: Process;
  readonly thread: Thread;
}

const commandOf = ({ process }: Row): string => (process.argv.length === 0 ? `[${process.name}]` : process.argv.join(' '));

const clock = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(11, 19);

/** Columns of ps: title, whether text goes left, value. */
function column(context: ProgramContext, name: string): { title: string; left: boolean; value: (row: Row) => string } | undefined {
  const { linux } = context;
  const started = ({ process }: Row): number => linux.bootedAtMs + process.startedAtTicks * 10;
  const plain = (title: string, value: (row: Row) => string | number, left = false) => ({ title, left, value: (row: Row) => String(value(row)) });
  switch (name) {
    case 'pid': return plain('PID', ({ process }) => process.pid);
    case 'tid': case 'lwp': case 'spid': return plain(name.toUpperCase(), ({ thread }) => thread.tid);
    case 'ppid': return plain('PPID', ({ process }) => process.parentPid);
    case 'pgid': return plain('PGID', ({ process }) => process.group);
    case 'sid': return plain('SID', ({ process }) => process.session);
    case 'user': case 'uname': return plain('USER', ({ process }) => linux.userName(process.uid), true);
    case 'psr': return plain('PSR', ({ thread }) => lastCpu(linux, thread));
    case 'cls': case 'class': return plain('CLS', ({ thread }) => classes[thread.policy]);
    case 'rtprio': return plain('RTPRIO', ({ thread }) => (thread.priority > 0 ? thread.priority : '-'));
    case 'pri': return plain('PRI', ({ thread }) => (thread.priority > 0 ? 40 + thread.priority : 19));
    case 'ni': case 'nice': return plain('NI', ({ process, thread }) => (thread.priority > 0 ? '-' : process.nice));
    case 'stat': case 's': case 'state': return plain('STAT', ({ process }) => (process.argv.length === 0 ? 'I' : 'S'), true);
    case 'comm': case 'ucmd': return plain('COMMAND', ({ thread }) => thread.name, true);
    case 'args': case 'cmd': case 'command': return plain('COMMAND', commandOf, true);
    case 'rss': return plain('RSS', ({ process }) => (process.argv.length === 0 ? 0 : process.residentKb));
    case 'vsz': return plain('VSZ', ({ process }) => (process.argv.length === 0 ? 0 : process.residentKb * 3));
    case 'tty': case 'tt': return plain('TTY', ({ process }) => process.terminal?.name ?? '?', true);
    case 'time': return plain('TIME', ({ process }) => clock(process.cpuMs));
    case 'etime': return plain('ELAPSED', (row) => clock(linux.now() - started(row)).replace(/^00:/, ''));
    case 'etimes': return plain('ELAPSED', (row) => Math.floor((linux.now() - started(row)) / 1000));
    case 'start': case 'stime': return plain('STIME', (row) => new Date(started(row)).toISOString().slice(11, 16));
    case '%cpu': case 'pcpu': return plain('%CPU', ({ process }) => (process.cpuMs / Math.max(1, linux.now() - linux.bootedAtMs - process.startedAtTicks * 10) * 100).toFixed(1));
    case '%mem': case 'pmem': return plain('%MEM', () => '0.0');
    default: return undefined;
  }
}

async function ps(context: ProgramContext): Promise<number> {
  const words = context.args.map((arg) => (/^[auxwfe]+$/.test(arg) ? `-BSD${arg}` : arg));
  const bsd = words.find((word) => word.startsWith('-BSD'));
  const { options } = parseOptions(words.filter((word) => !word.startsWith('-BSD')), {
    short: 'e A f L T a x w o: p: q: C: u: U: t: H l j', long: { format: 'o:', pid: 'p:', 'no-headers': 'no-headers', 'no-heading': 'no-headers', sort: 'sort:', ppid: 'ppid:' },
  });
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const value = (name: string): string | undefined => options.find((option) => option.name === name)?.value;
  const threads = has('L') || has('T');
  let chosen = context.linux.processes.all();
  const pids = (value('p') ?? value('q'))?.split(/[ ,]+/);
  if (pids !== undefined) chosen = chosen.filter((process) => pids.includes(String(process.pid)));
  else if (value('C') !== undefined) chosen = chosen.filter((process) => process.name === value('C'));
  else if (value('ppid') !== undefined) chosen = chosen.filter((process) => String(process.parentPid) === value('ppid'));
  else if (!has('e') && !has('A') && bsd === undefined) chosen = chosen.filter((process) => process.session === context.process.session);
  const rows: Row[] = chosen.flatMap((process) => (threads ? process.threads : [process.main]).map((thread) => ({ process, thread })));
  const formats = options.filter(({ name }) => name === 'o').flatMap((option) => (option.value ?? '').split(/[ ,]+/));
  const standard = bsd?.includes('u') === true ? 'user,pid,%cpu,%mem,vsz,rss,tty,stat,start,time,args' : has('f') ? 'user,pid,ppid,stime,tty,time,args' : bsd === undefined ? 'pid,tty,time,comm' : 'pid,tty,stat,time,args';
  const names = formats.length > 0 ? formats : `${standard}`.split(',');
  if (threads && formats.length === 0) names.splice(1, 0, 'lwp');
  const columns: { title: string; left: boolean; value: (row: Row) => string }[] = [];
  for (const name of names) {
    const [key = '', title] = name.split('=');
    const found = column(context, key.split(':')[0] ?? '');
    if (found === undefined) return context.fail(`error: unknown user-defined format specifier "${key}"`);
    columns.push(title === undefined ? found : { ...found, title });
  }
  const titled = !has('no-headers') && columns.some(({ title }) => title !== '');
  const cells = rows.map((row) => columns.map((one) => one.value(row)));
  const widths = columns.map((one, at) => Math.max(one.title.length, ...cells.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]): string => `${row.map((cell, at) => (columns[at]?.left === true ? (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)) : cell.padStart(widths[at] ?? 0))).join(' ')}\n`;
  await context.out((titled ? line(columns.map(({ title }) => title)) : '') + cells.map(line).join(''));
  return rows.length > 0 ? 0 : 1;
}

/** Processes that a pattern of pgrep or pkill names; never the asking one. */
function matching(context: ProgramContext, pattern: string, flags: ReadonlySet<string>): Process[] {
  const expression = new RegExp(flags.has('x') ? `^(?:${pattern})$` : pattern);
  return context.linux.processes.all().filter((process) => process !== context.process && expression.test(flags.has('f') ? process.argv.join(' ') : process.name));
}

async function pgrep(context: ProgramContext): Promise<number> {
  const signal = context.name === 'pkill' ? /^-([A-Z]+\d?|\d+)$/.exec(context.args[0] ?? '')?.[1] : undefined;
  const { options, operands } = parseOptions(signal === undefined ? context.args : context.args.slice(1), { short: 'x f l a n o c v u: P: s: e', long: { exact: 'x', full: 'f', 'list-name': 'l', signal: 's:' } });
  const flags = new Set(options.map(({ name }) => name));
  const found = matching(context, operands[0] ?? '', flags);
  if (context.name === 'pkill') {
    const chosen = parseSignal(signal ?? options.find(({ name }) => name === 's')?.value ?? 'TERM');
    for (const process of found) sendSignal(context, process.pid, chosen);
  } else if (flags.has('c')) await context.out(`${found.length}\n`);
  else await context.out(found.map((process) => `${process.pid}${flags.has('a') ? ` ${process.argv.join(' ')}` : flags.has('l') ? ` ${process.name}` : ''}\n`).join(''));
  return found.length > 0 ? 0 : 1;
}

async function pidof(context: ProgramContext): Promise<number> {
  const names = context.args.filter((arg) => !arg.startsWith('-'));
  const found = context.linux.processes.all().filter((process) => names.includes(process.name));
  if (found.length > 0) await context.out(`${found.map((process) => process.pid).reverse().join(' ')}\n`);
  return found.length > 0 ? 0 : 1;
}

async function kill(context: ProgramContext): Promise<number> {
  const words = [...context.args];
  let name = 'TERM';
  if (words[0] === '-s') [, name = ''] = words.splice(0, 2);
  else if (/^-(\w+)$/.test(words[0] ?? '')) name = (words.shift() ?? '').slice(1);
  let status = 0;
  for (const word of words.filter((one) => one !== '--')) {
    const result = sendSignal(context, Number(word), parseSignal(name));
    if (result === 'sent') continue;
    status = 1;
    await context.err(`kill: (${word}): ${result === 'missing' ? 'No such process' : 'Operation not permitted'}\n`);
  }
  return status;
}

async function killall(context: ProgramContext): Promise<number> {
  const signal = parseSignal(/^-(\w+)$/.exec(context.args[0] ?? '')?.[1] ?? 'TERM');
  const [name = ''] = context.args.filter((arg) => !arg.startsWith('-'));
  const found = context.linux.processes.all().filter((process) => process.name === name);
  for (const process of found) sendSignal(context, process.pid, signal);
  return found.length > 0 ? 0 : context.fail(`${name}: no process found`);
}

async function renice(context: ProgramContext): Promise<number> {
  const numbers = context.args.filter((arg) => /^-?\d+$/.test(arg));
  const process = context.linux.processes.find(Number(numbers.at(-1)));
  if (process === undefined) return context.fail(`failed to get priority for ${numbers.at(-1) ?? ''} (process ID): No such process`);
  await context.out(`${process.pid} (process ID) old priority ${process.nice}, new priority ${numbers[0] ?? '0'}\n`);
  process.nice = Number(numbers[0]);
  return 0;
}

const simple = (name: string, run: Program['run']): Program => ({ path: `/usr/bin/${name}`, run });

export const processPrograms: readonly Program[] = [
  simple('ps', ps), simple('pgrep', pgrep), simple('pkill', pgrep), simple('pidof', pidof), simple('kill', kill), simple('killall', killall), simple('renice', renice),
];
