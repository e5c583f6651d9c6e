import { parseCpuList } from '../../../shared/parsers/cpu-list.ts';
import { latencyModel } from '../cyclictest/latency-model.ts';
import { allowedCpus } from '../linux/process-files.ts';
import type { Thread } from '../processes/process.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

/** Waits for so long, or until somebody ends the program as Ctrl-C does. Gives the seconds that it took. */
async function measuring({ linux, process }: ProgramContext, seconds: number): Promise<number> {
  const startedAt = linux.now();
  let ended: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => { ended = resolve; });
  for (const signal of ['TERM', 'INT'] as const) process.handlers.set(signal, ended);
  const timer = setTimeout(ended, Math.min(2 ** 31 - 1, seconds * 1000));
  await process.until(asked).finally(() => { clearTimeout(timer); });
  return (linux.now() - startedAt) / 1000;
}

const secondsOf = (text: string): number => parseFloat(text) * (({ m: 60, h: 3600, d: 86_400 } as Readonly<Record<string, number>>)[text.slice(-1).toLowerCase()] ?? 1);

/** A thread that measures, as the kernel shows it while the program runs. */
function measuringThread({ linux, process, name }: ProgramContext, cpu: number, priority: number): Thread {
  const thread: Thread = { tid: linux.processes.nextPid(), name, policy: priority > 0 ? 'fifo' : 'other', priority, affinity: [cpu], lastCpu: cpu };
  process.threads.push(thread);
  return thread;
}

/** Latencies of a thread over so many wake-ups, in whole µs. */
function drawn(context: ProgramContext, thread: Thread, count: number): number[] {
  const model = latencyModel(context.linux, thread);
  return Array.from({ length: Math.max(1, Math.min(200_000, Math.floor(count))) }, () => Math.floor(model.draw()));
}

const figures = (values: readonly number[]): { min: number; act: number; avg: number; max: number } => ({
  min: values.reduce((least, value) => Math.min(least, value), Infinity), act: values.at(-1) ?? 0,
  avg: Math.floor(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)), max: values.reduce((most, value) => Math.max(most, value), 0),
});

const value = (options: ReadonlyArray<{ readonly name: string; readonly value?: string }>, name: string, otherwise: string): string => options.findLast((option) => option.name === name)?.value ?? otherwise;
const wide = (number: number, width: number): string => String(number).padStart(width);

/** A busy loop per CPU: nearly every reading of the clock follows the last within a µs, and what interrupts makes the gaps. */
async function oslat(context: ProgramContext): Promise<number> {
  const { options, problem } = parseOptions(context.args, {
    short: 'b: B c: C: D: f: m: q s T: v w: z', long: { 'bucket-size': 'b:', bias: 'B', 'cpu-list': 'c:', 'cpu-main-thread': 'C:', duration: 'D:', rtprio: 'f:', 'workload-mem': 'm:', quiet: 'q', workload: 'w:', 'zero-omit': 'z', json: 'j:' },
  });
  if (problem !== undefined) return context.fail(problem);
  const { linux } = context;
  const listed = parseCpuList(value(options, 'c', ''));
  const cpus = (listed.ok && listed.value.length > 0 ? listed.value : linux.online).filter((cpu) => linux.online.includes(cpu));
  const [buckets, priority] = [Number(value(options, 'b', '32')), Number(value(options, 'f', '0'))];
  const threads = cpus.map((cpu) => measuringThread(context, cpu, priority));
  const seconds = await measuring(context, 1 + secondsOf(value(options, 'D', '60'))) - 1;
  const columns = threads.map((thread) => {
    const latencies = drawn(context, thread, seconds * 900);
    // A busy loop waits for no timer and leaves no idle state: what is above the shortest latency is what interrupted it. A gap of g µs is counted under floor(g) + 1.
    const { min } = figures(latencies);
    const gaps = latencies.map((us) => us - min + 2);
    const counts = new Float64Array(buckets);
    for (const gap of gaps) counts[Math.min(buckets, gap) - 1] = (counts[Math.min(buckets, gap) - 1] ?? 0) + 1;
    counts[0] = Math.floor(seconds * 24_000_000) - gaps.length;
    return { counts, max: figures(gaps).max };
  });
  const row = (label: string, cells: readonly string[], unit: string) => `${label.padStart(12)}:\t ${cells.join(' ')}${unit}\n`;
  const rows = Array.from({ length: buckets }, (_, at) => `    ${String(at + 1).padStart(3, '0')} (us):\t ${columns.map(({ counts }) => String(counts[at] ?? 0)).join(' ')}${at === buckets - 1 ? ' (including overflows)' : ''}\n`);
  await context.out(`oslat V 2.40\n${row('Core', cpus.map(String), '')}${`Counter Freq:\t ${cpus.map(() => '2597').join(' ')} (Mhz)\n`}${rows.join('')}${row('Minimum', columns.map(() => '1'), ' (us)')}${row('Average', columns.map(() => '1.001'), ' (us)')}${row('Maximum', columns.map(({ max }) => String(max)), ' (us)')}${row('Max-Min', columns.map(({ max }) => String(max - 1)), ' (us)')}${row('Duration', columns.map(() => seconds.toFixed(3)), ' (sec)')}\n`);
  return 0;
}

/** Signals around a ring of threads. The first line tells of one whole round, the others of their own part. */
async function signaltest(context: ProgramContext): Promise<number> {
  const { options, problem } = parseOptions(context.args, { short: 'a:: b: D: h l: m p: q t: v', long: { affinity: 'a::', duration: 'D:', loops: 'l:', mlockall: 'm', prio: 'p:', quiet: 'q', threads: 't:', json: 'j:' } });
  if (problem !== undefined) return context.fail(problem);
  const { linux, process } = context;
  const cpu = Number(value(options, 'a', String(allowedCpus(linux, process.main)[0] ?? 0)));
  const priority = Number(value(options, 'p', '0'));
  const threads = Array.from({ length: Number(value(options, 't', '2')) }, () => measuringThread(context, cpu, priority));
  const seconds = await measuring(context, secondsOf(value(options, 'D', '60')));
  const rounds = Math.min(200_000, Math.floor(seconds * 1500));
  for (const [index, thread] of threads.entries()) {
    const { min, act, avg, max } = figures(drawn(context, thread, rounds).map((us) => us + 4 * threads.length));
    await context.out(`T:${wide(index, 2)} (${wide(thread.tid, 5)}) P:${wide(priority, 2)} C:${wide(rounds, 7)} Min:${wide(min, 7)} Act:${wide(act, 5)} Avg:${wide(avg, 5)} Max:${wide(max, 8)}\n`);
  }
  return 0;
}

async function cyclicdeadline(context: ProgramContext): Promise<number> {
  const { options, problem } = parseOptions(context.args, { short: 'a:: b: D: h i: q s: t:', long: { affinity: 'a::', duration: 'D:', help: 'h', interval: 'i:', quiet: 'q', step: 's:', threads: 't:', json: 'j:' } });
  if (problem !== undefined) return context.fail(problem);
  const { linux, process } = context;
  const [interval, step, count] = [Number(value(options, 'i', '1000')), Number(value(options, 's', '500')), Number(value(options, 't', '1'))];
  await context.out('Using all CPUS\n');
  const allowed = allowedCpus(linux, process.main);
  // The kernel takes a deadline task only where it may go to every CPU that the scheduler balances over.
  if (process.uid !== 0 || linux.housekeeping.some((cpu) => !allowed.includes(cpu))) {
    await context.err(`[${process.pid}]: Operation not permitted\nWARN: Thread 0 failed: Failed sched_setattr\n`);
    return 1;
  }
  await context.out(`interval: ${Math.floor(interval * 0.6)}:${interval}\n  Tested at 2us of ${Math.floor(interval * 0.6)}us\n`);
  const threads = Array.from({ length: count }, (_, index) => measuringThread(context, linux.housekeeping[index % linux.housekeeping.length] ?? 0, 1));
  const seconds = await measuring(context, secondsOf(value(options, 'D', '60')));
  for (const [index, thread] of threads.entries()) {
    const period = interval + index * step;
    const cycles = Math.floor((seconds * 1e6) / period);
    const { min, act, avg, max } = figures(drawn(context, thread, cycles));
    await context.out(`T:${wide(index, 2)} (${wide(thread.tid, 5)}) I:${wide(period, 4)} C:${wide(cycles, 7)} Min:${wide(min, 7)} Act:${wide(act, 5)} Avg:${wide(avg, 5)} Max:${wide(max, 8)}\n`);
  }
  return 0;
}

/** Groups of 20 senders and 20 receivers: the time grows with the messages, and shrinks with the CPUs it may use. */
async function hackbench(context: ProgramContext): Promise<number> {
  const { options, problem } = parseOptions(context.args, { short: 'f: F g: h i l: p P s: T', long: { fds: 'f:', fifo: 'F', groups: 'g:', loops: 'l:', pipe: 'p', datasize: 's:', threads: 'T', process: 'P' } });
  if (problem !== undefined) return context.fail(problem);
  const { linux, process } = context;
  const [groups, messages, bytes] = [Number(value(options, 'g', '10')), Number(value(options, 'l', '100')), Number(value(options, 's', '100'))];
  const cpus = allowedCpus(linux, process.main);
  const busy = cpus.reduce((sum, cpu) => sum + (linux.load.get(cpu) ?? 0), 0) / Math.max(1, cpus.length);
  const work = (groups * messages * 400 * (1.4e-6 + bytes * 1e-9) * (linux.kernel.realtime ? 1.3 : 1)) / Math.max(1, cpus.length) / (1 - busy * 0.5);
  await context.out(`Running in ${options.some(({ name }) => name === 'T') ? 'threaded' : 'process'} mode with ${groups} groups using 40 file descriptors each (== ${groups * 40} tasks)\nEach sender will pass ${messages} messages of ${bytes} bytes\n`);
  const needed = (work + 0.05) * (0.95 + linux.random() * 0.1);
  if (await measuring(context, needed) < needed - 0.02) {
    await context.out('Signal 15 caught, longjmp\'ing out!\nlongjmp\'ed out, reaping children\nsending SIGTERM to all child processes\n');
    return 1;
  }
  await context.out(`Time: ${needed.toFixed(3)}\n`);
  return 0;
}

/** Answers of this machine itself come at once; the network around it is a quiet switch. */
async function ping(context: ProgramContext): Promise<number> {
  const { options, operands: [peer], problem } = parseOptions(context.args, { short: 'c: i: n q s: w: W: 4 6', long: {} });
  if (problem !== undefined || peer === undefined) return context.fail(problem ?? 'usage error: Destination address required');
  const { linux, process } = context;
  const isOwn = /^(?:127\.|localhost$|::1$)/.test(peer);
  const [interval, bytes, deadline, count] = [Number(value(options, 'i', '1')) * 1000, Number(value(options, 's', '56')), Number(value(options, 'w', '86400')) * 1000, Number(value(options, 'c', '1e9'))];
  const address = isOwn ? '127.0.0.1' : peer;
  await context.out(`PING ${peer} (${address}) ${bytes}(${bytes + 28}) bytes of data.\n`);
  let stopped = false;
  process.handlers.set('INT', () => { stopped = true; });
  const startedAt = linux.now();
  const times: number[] = [];
  while (!stopped && times.length < count) {
    const ms = (isOwn ? 0.02 : 0.19) + linux.random() ** 6 * (isOwn ? 0.2 : 0.9);
    times.push(ms);
    await context.out(`${bytes + 8} bytes from ${address}: icmp_seq=${times.length} ttl=64 time=${ms < 1 ? ms.toFixed(3) : ms.toFixed(2)} ms\n`);
    const left = deadline - (linux.now() - startedAt);
    if (left <= 0) break;
    await process.sleep(Math.min(interval, left));
    if (left <= interval) break;
  }
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const deviation = Math.sqrt(times.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / times.length);
  await context.out(`\n--- ${peer} ping statistics ---\n${times.length} packets transmitted, ${times.length} received, 0% packet loss, time ${Math.round(linux.now() - startedAt)}ms\nrtt min/avg/max/mdev = ${[Math.min(...times), mean, Math.max(...times), deviation].map((ms) => ms.toFixed(3)).join('/')} ms\n`);
  return 0;
}

/** Benchmarks of rt-tests 2.4 beside cyclictest, and ping, with figures from the same generator of latencies. */
export const rtBenchmarkPrograms: readonly Program[] = [
  { path: '/usr/bin/oslat', run: oslat }, { path: '/usr/bin/signaltest', run: signaltest }, { path: '/usr/bin/cyclicdeadline', run: cyclicdeadline },
  { path: '/usr/bin/hackbench', run: hackbench }, { path: '/usr/bin/ping', run: ping },
];
