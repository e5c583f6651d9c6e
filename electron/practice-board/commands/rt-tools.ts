import { allowedCpus } from '../linux/process-files.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

const seconds = (text: string): number => parseFloat(text) * (({ m: 60, h: 3600, d: 86_400 } as Readonly<Record<string, number>>)[text.slice(-1)] ?? 1);

/** Load on the CPUs the process may use, for as long as it runs; what latencies and /proc/stat then show. */
async function stressNg(context: ProgramContext): Promise<number> {
  const { options, problem } = parseOptions(context.args, {
    short: 'c: t: l: v q n', long: {
      cpu: 'c:', timeout: 't:', 'cpu-load': 'l:', 'cpu-method': 'x:', taskset: 'taskset:', metrics: 'metrics', 'metrics-brief': 'metrics', vm: 'vm:', 'vm-bytes': 'x:', io: 'io:', hdd: 'hdd:', matrix: 'c:', verbose: 'v', quiet: 'q',
      'log-file': 'x:', yaml: 'x:', 'no-rand-seed': 'n', memcpy: 'vm:', cache: 'vm:', stream: 'vm:', timer: 'c:', sched: 'x:', 'hdd-bytes': 'x:',
      oomable: 'n', 'temp-path': 'x:', 'timer-freq': 'x:', switch: 'c:', 'tlb-shootdown': 'c:', sock: 'c:', udp: 'c:',
    },
  });
  if (problem !== undefined) return context.fail(problem);
  const { linux, process } = context;
  const value = (name: string): string | undefined => options.findLast((option) => option.name === name)?.value;
  const cpus = allowedCpus(linux, process.main);
  const workers = options.filter(({ name }) => ['c', 'vm', 'io', 'hdd'].includes(name)).reduce((sum, option) => sum + (Number(option.value) || cpus.length), 0);
  const share = Number(value('l') ?? '100') / 100;
  const touched = cpus.slice(0, Math.max(1, Math.min(cpus.length, workers)));
  const add = (amount: number): void => {
    for (const cpu of touched) linux.load.set(cpu, Math.max(0, Math.min(1, (linux.load.get(cpu) ?? 0) + amount)));
  };
  const log = (text: string): Promise<void> => context.err(`stress-ng: info:  [${process.pid}] ${text}\n`);
  // A time of 0 is without end, as in stress-ng.
  const limit = seconds(value('t') ?? '86400') || Infinity;
  await log(Number.isFinite(limit) ? `setting to a ${limit} second run per stressor` : 'setting to run until outside intervention');
  await log(`dispatching hogs: ${workers} cpu`);
  add(share);
  let asked: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    asked = resolve;
  });
  for (const signal of ['TERM', 'INT'] as const) process.handlers.set(signal, asked);
  process.stop.addEventListener('abort', () => add(-share), { once: true });
  const timer = setTimeout(asked, Math.min(2 ** 31 - 1, limit * 1000));
  const startedAt = linux.now();
  const working = setInterval(() => {
    process.cpuMs = (linux.now() - startedAt) * touched.length * share;
  }, 100);
  await process.until(stopped).finally(() => {
    clearTimeout(timer);
    clearInterval(working);
  });
  await log(`successful run completed in ${((linux.now() - startedAt) / 1000).toFixed(2)}s`);
  return 0;
}

async function hwlatdetect(context: ProgramContext): Promise<number> {
  const { options } = parseOptions(context.args, { short: '', long: { duration: 'd:', threshold: 't:', hardlimit: 'l:', window: 'w:', width: 'W:', report: 'r:', watch: 'watch', 'cpu-list': 'c:', debug: 'debug', quiet: 'quiet' } });
  if (context.process.uid !== 0) return context.fail('This program must be run as root!\n'.trim());
  const value = (name: string, otherwise: string): string => options.find((option) => option.name === name)?.value ?? otherwise;
  const duration = seconds(value('d', '120'));
  const threshold = Number(value('t', '10').replace(/us$/, ''));
  await context.out(`hwlatdetect:  test duration ${duration} seconds\n   detector: tracer\n   parameters:\n        CPU list:          ${value('c', '0')}\n        Latency threshold: ${threshold}us\n        Sample window:     1000000us\n        Sample width:      500000us\n     Non-sampling period:  500000us\n        Output File:       None\n\nStarting test\n`);
  await context.process.sleep(duration * 1000);
  await context.out('test finished\nMax Latency: Below threshold\nSamples recorded: 0\nSamples exceeding threshold: 0\n');
  return 0;
}

export const rtPrograms: readonly Program[] = [{ path: '/usr/bin/stress-ng', run: stressNg }, { path: '/usr/sbin/hwlatdetect', run: hwlatdetect }];
