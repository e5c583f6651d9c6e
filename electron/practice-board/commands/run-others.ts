import { formatCpuList, parseCpuList, parseCpuMask } from '../../../shared/parsers/cpu-list.ts';
import { formatCpuMask } from '../linux/cpu-mask.ts';
import { allowedCpus } from '../linux/process-files.ts';
import type { Process, SchedulingPolicy, Thread } from '../processes/process.ts';
import { parseSignal } from '../processes/signals.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

const threadOf = (context: ProgramContext, id: string): { process: Process; thread: Thread } | undefined => {
  const process = context.linux.processes.ofThread(id === '0' ? context.process.pid : Number(id));
  const thread = process?.threads.find((one) => one.tid === (id === '0' ? context.process.pid : Number(id)));
  return process === undefined || thread === undefined ? undefined : { process, thread };
};

const mayChange = (context: ProgramContext, process: Process): boolean => context.process.uid === 0 || context.process.uid === process.uid;

async function taskset(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'c p a', long: { 'cpu-list': 'c', pid: 'p', 'all-tasks': 'a' }, untilOperand: true });
  const has = (letter: string): boolean => options.some(({ name }) => name === letter);
  const { linux } = context;
  const parse = (text: string): readonly number[] | undefined => {
    const result = has('c') ? parseCpuList(text.replace(/(\d+)-(\d+):(\d+)/g, (_all, from: string, to: string, step: string) => {
      const all: number[] = [];
      for (let cpu = Number(from); cpu <= Number(to); cpu += Number(step)) all.push(cpu);
      return all.join(',');
    })) : parseCpuMask(text);
    return result.ok ? result.value : undefined;
  };
  if (has('p')) {
    const id = operands.at(-1) ?? '';
    const found = threadOf(context, id);
    if (found === undefined) return context.fail(`failed to get pid ${id}'s affinity: No such process`);
    const shown = (): string => (has('c') ? `list: ${formatCpuList(allowedCpus(linux, found.thread))}` : `mask: ${formatCpuMask(allowedCpus(linux, found.thread), 1).replace(/^0+(?=.)/, '')}`);
    await context.out(`pid ${id}'s current affinity ${shown()}\n`);
    if (operands.length < 2) return 0;
    const cpus = parse(operands[0] ?? '')?.filter((cpu) => linux.online.includes(cpu));
    if (cpus === undefined) return context.fail(`failed to parse CPU ${has('c') ? 'list' : 'mask'}: ${operands[0] ?? ''}`);
    if (!mayChange(context, found.process)) return context.fail(`failed to set pid ${id}'s affinity: Operation not permitted`);
    if (cpus[0] === undefined) return context.fail(`failed to set pid ${id}'s affinity: Invalid argument`);
    for (const thread of has('a') ? found.process.threads : [found.thread]) Object.assign(thread, { affinity: cpus, lastCpu: cpus[0] });
    await context.out(`pid ${id}'s new affinity ${shown()}\n`);
    return 0;
  }
  const [text = '', ...argv] = operands;
  const cpus = parse(text);
  if (cpus === undefined) return context.fail(`failed to parse CPU ${has('c') ? 'list' : 'mask'}: ${text}`);
  const usable = cpus.filter((cpu) => linux.online.includes(cpu));
  if (usable[0] === undefined) return context.fail(`failed to set pid 0's affinity: Invalid argument`);
  if (argv.length === 0) return context.fail('bad usage\nTry \'taskset --help\' for more information.');
  Object.assign(context.process.main, { affinity: usable, lastCpu: usable[0] });
  return context.exec(argv);
}

const policies: Readonly<Record<string, SchedulingPolicy>> = { f: 'fifo', r: 'rr', o: 'other', b: 'batch', i: 'idle' };

async function chrt(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, {
    short: 'f r o b i d p m a v R', long: { fifo: 'f', rr: 'r', other: 'o', batch: 'b', idle: 'i', pid: 'p', max: 'm', 'all-tasks': 'a' }, untilOperand: true,
  });
  const has = (letter: string): boolean => options.some(({ name }) => name === letter);
  if (has('m')) {
    await context.out(['OTHER', 'FIFO', 'RR', 'BATCH', 'IDLE', 'DEADLINE'].map((name) => `SCHED_${name} min/max priority\t: ${name === 'FIFO' || name === 'RR' ? '1/99' : '0/0'}\n`).join(''));
    return 0;
  }
  const letter = options.map(({ name }) => name).find((name) => name in policies);
  const policy = policies[letter ?? 'r'] ?? 'rr';
  const realtime = policy === 'fifo' || policy === 'rr';
  const refuse = (id: string): Promise<number> => context.fail(`failed to set pid ${id}'s policy: Operation not permitted`);
  const allowed = (priority: number): boolean => context.process.uid === 0 || !realtime || context.process.limits.rtPriority >= priority;
  if (has('p')) {
    const id = operands.at(-1) ?? '';
    const found = threadOf(context, id);
    if (found === undefined) return context.fail(`failed to get pid ${id}'s policy: No such process`);
    if (operands.length < 2) {
      await context.out(`pid ${id}'s current scheduling policy: SCHED_${found.thread.policy.toUpperCase()}\npid ${id}'s current scheduling priority: ${found.thread.priority}\n`);
      return 0;
    }
    const priority = Number(operands[0]);
    if (!allowed(priority) || !mayChange(context, found.process)) return refuse(id);
    for (const thread of has('a') ? found.process.threads : [found.thread]) Object.assign(thread, { policy, priority: realtime ? priority : 0 });
    return 0;
  }
  const [text = '', ...argv] = operands;
  const priority = Number(text);
  if (!/^\d+$/.test(text)) return context.fail(`invalid priority argument: '${text}'`);
  if (realtime ? priority < 1 || priority > 99 : priority !== 0) return context.fail(`unsupported priority value for the policy: ${priority}: see --max for valid range`);
  if (!allowed(priority)) return refuse('0');
  if (argv.length === 0) return context.fail("bad usage\nTry 'chrt --help' for more information.");
  Object.assign(context.process.main, { policy, priority: realtime ? priority : 0 });
  return context.exec(argv);
}

async function env(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'i u: 0 S:', long: { 'ignore-environment': 'i', unset: 'u:' }, untilOperand: true });
  const environment = new Map(options.some(({ name }) => name === 'i') ? [] : context.environment);
  for (const { name, value } of options) if (name === 'u') environment.delete(value ?? '');
  const words = [...operands];
  while (/^\w+=/.test(words[0] ?? '')) {
    const word = words.shift() ?? '';
    environment.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
  }
  if (words.length > 0) return context.exec(words, environment);
  await context.out([...environment].map(([key, value]) => `${key}=${value}\n`).join(''));
  return 0;
}

const seconds = (text: string): number => parseFloat(text) * (({ m: 60, h: 3600, d: 86_400 } as Readonly<Record<string, number>>)[text.slice(-1)] ?? 1);

async function sleep(context: ProgramContext): Promise<number> {
  if (context.args.length === 0) return context.fail("missing operand\nTry 'sleep --help' for more information.");
  const bad = context.args.find((arg) => !/^\d*\.?\d+[smhd]?$|^\d+\.?[smhd]?$|^inf/.test(arg));
  if (bad !== undefined) return context.fail(`invalid time interval '${bad}'\nTry 'sleep --help' for more information.`);
  const total = context.args.reduce((sum, arg) => sum + (arg.startsWith('inf') ? 1e9 : seconds(arg)), 0);
  await context.process.sleep(total * 1000);
  return 0;
}

async function timeout(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 's: k: v', long: { signal: 's:', 'kill-after': 'k:', 'preserve-status': 'preserve', foreground: 'foreground' }, untilOperand: true });
  const [limit = '0', ...argv] = operands;
  const signal = parseSignal(options.find(({ name }) => name === 's')?.value ?? 'TERM') ?? 'TERM';
  const child = context.linux.processes.spawn({ parent: context.process, name: context.process.name, argv }, (process) => context.linux.exec(process, argv, context.environment));
  for (const forwarded of ['TERM', 'INT', 'HUP'] as const) context.process.handlers.set(forwarded, () => child.deliver(forwarded));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.deliver(signal);
  }, Math.min(2 ** 31 - 1, seconds(limit) * 1000));
  context.process.stop.addEventListener('abort', () => clearTimeout(timer), { once: true });
  try {
    const { code } = await context.process.until(child.exited);
    return late && !options.some(({ name }) => name === 'preserve') ? 124 : code;
  } finally {
    clearTimeout(timer);
  }
}

async function setsid(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: 'c f w', long: { fork: 'f', wait: 'w', ctty: 'c' }, untilOperand: true });
  const away = (process: Process): void => {
    process.group = process.pid;
    process.session = process.pid;
    process.terminal = undefined;
  };
  // A group leader cannot make a session: it forks, as setsid does, and leaves.
  const fork = options.some(({ name }) => name === 'f') || context.process.group === context.process.pid;
  if (!fork) {
    away(context.process);
    return context.exec(operands);
  }
  const child = context.linux.processes.spawn({ parent: context.process, name: 'setsid', argv: operands, prepare: away }, (process) => context.linux.exec(process, operands, context.environment));
  return options.some(({ name }) => name === 'w') ? (await context.process.until(child.exited)).code : 0;
}

async function nohup(context: ProgramContext): Promise<number> {
  if (context.args.length === 0) return context.fail("missing operand\nTry 'nohup --help' for more information.", 125);
  context.process.handlers.set('HUP', 'ignore');
  if (context.fd(1).terminal) {
    await context.err("nohup: ignoring input and appending output to 'nohup.out'\n");
    context.process.setFd(1, await context.open('nohup.out', { write: true, create: true, append: true }));
    context.process.setFd(2, context.fd(1).retain());
    context.process.setFd(0, await context.open('/dev/null', { read: true }));
  }
  return context.exec(context.args[0] === '--' ? context.args.slice(1) : context.args);
}

async function nice(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args.map((arg) => arg.replace(/^-(\d+)$/, '-n$1')), { short: 'n:', long: { adjustment: 'n:' }, untilOperand: true });
  if (operands.length === 0) {
    await context.out(`${context.process.nice}\n`);
    return 0;
  }
  context.process.nice += Number(options[0]?.value ?? '10');
  return context.exec(operands);
}

async function ionice(context: ProgramContext): Promise<number> {
  const { operands } = parseOptions(context.args, { short: 'c: n: p: t', untilOperand: true });
  return operands.length === 0 ? 0 : context.exec(operands);
}

async function xargs(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, { short: '0 r n: I: P: t d: L:', long: { null: '0', 'no-run-if-empty': 'r', 'max-args': 'n:' }, untilOperand: true });
  const value = (letter: string): string | undefined => options.find(({ name }) => name === letter)?.value;
  const text = await context.readAll();
  const words = options.some(({ name }) => name === '0') ? text.split('\0').filter((word) => word !== '') : value('I') === undefined ? text.split(/\s+/).filter((word) => word !== '') : text.split('\n').filter((line) => line !== '');
  if (words.length === 0 && options.some(({ name }) => name === 'r')) return 0;
  const command = operands.length === 0 ? ['echo'] : operands;
  const mark = value('I');
  const size = mark === undefined ? Number(value('n') ?? value('L') ?? 5000) : 1;
  const batches = Array.from({ length: Math.max(1, Math.ceil(words.length / size)) }, (_, at) => words.slice(at * size, (at + 1) * size));
  let status = 0;
  for (const batch of batches) {
    if (mark !== undefined && batch.length === 0) continue;
    const argv = mark === undefined ? [...command, ...batch] : command.map((word) => word.replaceAll(mark, batch[0] ?? ''));
    const child = context.linux.processes.spawn({ parent: context.process, name: 'xargs', argv }, (process) => context.linux.exec(process, argv, context.environment));
    if ((await context.process.until(child.exited)).code !== 0) status = 123;
  }
  return status;
}

const simple = (name: string, run: Program['run']): Program => ({ path: `/usr/bin/${name}`, run });

/** Programs that change something of themselves and then become another program. */
export const runOtherPrograms: readonly Program[] = [
  simple('taskset', taskset), simple('chrt', chrt), simple('env', env), simple('sleep', sleep), simple('timeout', timeout), simple('setsid', setsid),
  simple('nohup', nohup), simple('nice', nice), simple('ionice', ionice), simple('xargs', xargs), simple('stdbuf', (context) => context.exec(context.args.filter((arg) => !/^-[oei]/.test(arg)))),
  simple('printenv', async (context) => {
    const [name] = context.args;
    if (name === undefined) return env(context);
    const value = context.environment.get(name);
    if (value !== undefined) await context.out(`${value}\n`);
    return value === undefined ? 1 : 0;
  }),
];
