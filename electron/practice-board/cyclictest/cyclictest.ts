import type { Program, ProgramContext } from '../commands/program.ts';
import { FileError } from '../files/file-error.ts';
import { allowedCpus } from '../linux/process-files.ts';
import { loadAverage } from '../linux/proc-tree.ts';
import type { Thread } from '../processes/process.ts';
import { latencyModel } from './latency-model.ts';
import { MeasuringThread } from './measuring-thread.ts';
import { parseCyclictest, type CyclictestSettings } from './options.ts';
import { histogramText, jsonReport, threadLine } from './render.ts';
import { usage } from './usage.ts';

const lockedBytes = 20_000_000;

/** cyclictest as rt-tests 2.4 behaves, its threads played by a generator of latencies. */
export const cyclictest: Program = { path: '/usr/bin/cyclictest', run };

async function run(context: ProgramContext): Promise<number> {
  const { linux, process } = context;
  const parsed = parseCyclictest(context.args, linux.online, allowedCpus(linux, process.main));
  if (!('settings' in parsed)) {
    await context.err(parsed.errors);
    await context.out(usage);
    return parsed.status;
  }
  const { settings } = parsed;
  for (const warning of parsed.warnings) await context.err(`${warning}\n`);
  if (settings.policy === 'fifo' && settings.priority === 0) {
    settings.priority = (settings.threads === 'all' ? linux.online.length : settings.threads) + 1;
    await context.err(`defaulting realtime priority to ${settings.priority}\n`);
  }
  const refusal = refused(context, settings);
  if (refusal !== undefined) {
    await context.err(refusal.text);
    return refusal.status;
  }
  return new Measurement(context, settings).run();
}

function refused({ process }: ProgramContext, settings: CyclictestSettings): { text: string; status: number } | undefined {
  if (settings.smi) return { text: 'FATAL: SMI counter is not supported on this processor\n', status: 1 };
  if (process.uid === 0) return undefined;
  const { rtPriority, lockedMemoryBytes } = process.limits;
  if (rtPriority === 0) return { text: 'Unable to change scheduling policy!\nProbably missing capabilities, either run as root or increase RLIMIT_RTPRIO limits.\n', status: 1 };
  if (settings.lockMemory && lockedMemoryBytes < lockedBytes) return { text: 'mlockall: Cannot allocate memory\n', status: 255 };
  return rtPriority < settings.priority ? { text: `FATAL: timerthread0: failed to set priority to ${settings.priority}\n`, status: 1 } : undefined;
}

class Measurement {
  readonly #context: ProgramContext;
  readonly #settings: CyclictestSettings;
  readonly #threads: MeasuringThread[] = [];
  #startedMs = 0;
  #stopped = false;
  #wake: () => void = () => undefined;
  #buffer = '';
  #broken: { tid: number; value: number } | undefined;
  #statusRequests: (1 | 2)[] = [];

  constructor(context: ProgramContext, settings: CyclictestSettings) {
    this.#context = context;
    this.#settings = settings;
  }

  async run(): Promise<number> {
    const { linux, process } = this.#context;
    const stop = (): void => {
      this.#stopped = true;
      this.#wake();
    };
    for (const signal of ['INT', 'TERM', 'ALRM'] as const) process.handlers.set(signal, stop);
    for (const [signal, kind] of [['USR1', 1], ['USR2', 2]] as const) {
      process.handlers.set(signal, () => {
        this.#statusRequests.push(kind);
        this.#wake();
      });
    }
    const letGo = await this.#holdLatency();
    const fifo = this.#makeFifo();
    this.#startThreads();
    process.residentKb = 19_000 + Math.round(((this.#settings.histogram ?? 0) * 16 * this.#threads.length) / 1024);
    this.#startedMs = linux.now();
    const fifoTimer = fifo === undefined ? undefined : setInterval(() => void this.#offerStatus(fifo), 500);
    process.stop.addEventListener('abort', () => clearInterval(fifoTimer), { once: true });
    try {
      await this.#measure();
    } finally {
      clearInterval(fifoTimer);
      letGo();
    }
    if (fifo !== undefined && this.#context.files.exists(fifo, this.#context.who)) this.#context.files.remove(fifo, this.#context.who, 'file');
    return this.#report();
  }

  async #holdLatency(): Promise<() => void> {
    const { context, holdLatency, latencyUs } = { context: this.#context, ...this.#settings };
    if (holdLatency !== 'hold') {
      await context.err(holdLatency === 'laptop' ? 'WARN: not setting cpu_dma_latency to save battery power\n' : 'WARN: not setting cpu_dma_latency from cyclictest\n');
      return () => undefined;
    }
    try {
      const file = await context.files.open('/dev/cpu_dma_latency', context.who, { read: true, write: true }, context.process.stop);
      context.process.setFd(10, file);
      await this.#say(`# /dev/cpu_dma_latency set to ${latencyUs}us\n`);
      return () => {
        if (context.process.alive) context.process.setFd(10, undefined);
      };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await context.err(`WARN: open /dev/cpu_dma_latency: ${error.text}\n`);
      return () => undefined;
    }
  }

  #makeFifo(): string | undefined {
    if (this.#settings.fifo === undefined) return undefined;
    const path = this.#context.path(this.#settings.fifo);
    const { files, who } = this.#context;
    if (files.exists(path, who)) files.remove(path, who, 'file');
    files.makeFifo(path, who, 0o666 & ~this.#context.process.umask);
    return path;
  }

  #startThreads(): void {
    const { linux, process } = this.#context;
    const { settings } = { settings: this.#settings };
    const allowed = allowedCpus(linux, process.main);
    const cpus = settings.affinity === undefined || settings.affinity === 'all' ? allowed : [...settings.affinity].sort((a, b) => a - b);
    const count = settings.threads === 'all' ? cpus.length : settings.threads;
    const distance = settings.histogram === undefined ? settings.distanceUs ?? 500 : 0;
    if (settings.affinity !== undefined && settings.affinity !== 'all') Object.assign(process.main, { affinity: cpus, lastCpu: cpus[0] ?? 0 });
    for (let index = 0; index < count; index += 1) {
      const cpu = cpus[index % cpus.length] ?? 0;
      const thread: Thread = {
        tid: linux.processes.nextPid(), name: 'cyclictest', policy: settings.policy ?? 'other',
        priority: settings.policy === 'fifo' || settings.policy === 'rr' ? Math.max(1, settings.priority - (settings.prioSpread ? index : 0)) : 0, affinity: [cpu], lastCpu: cpu,
      };
      process.threads.push(thread);
      this.#threads.push(new MeasuringThread(thread, settings.intervalUs + index * distance, cpu, settings.histogram ?? 0));
    }
    if (settings.mainAffinity !== undefined) Object.assign(process.main, { affinity: settings.mainAffinity, lastCpu: settings.mainAffinity[0] ?? 0 });
  }

  async #measure(): Promise<void> {
    const { linux } = this.#context;
    const { durationSeconds, quiet, verbose, loops, refreshOnMax } = this.#settings;
    const endMs = durationSeconds > 0 ? this.#startedMs + durationSeconds * 1000 : Infinity;
    const tickMs = quiet ? 100 : 20;
    let shownMax = -1;
    for (;;) {
      const now = linux.now();
      const finished = this.#take(Math.min(now, endMs));
      await this.#answerSignals();
      if (!quiet && !verbose) {
        const max = Math.max(...this.#threads.map((one) => one.max));
        if (!refreshOnMax || max > shownMax) await this.#display(finished || this.#stopped || now >= endMs);
        shownMax = max;
      }
      if (finished || this.#stopped || now >= endMs) return;
      const soonest = loops > 0 ? (loops * (this.#threads[0]?.intervalUs ?? 1000)) / 1000 + this.#startedMs - now + 1 : Infinity;
      await this.#pause(Math.max(1, Math.min(tickMs, endMs - now, soonest)));
    }
  }

  /** Brings every thread up to `nowMs`. True when the run is over by itself: loops done or the break value exceeded. */
  #take(nowMs: number): boolean {
    const { loops, nanoseconds, breakUs, verbose } = this.#settings;
    const { linux, process } = this.#context;
    let over = false;
    for (const [index, one] of this.#threads.entries()) {
      const due = Math.floor(((nowMs - this.#startedMs) * 1000) / one.intervalUs);
      const target = loops > 0 ? Math.min(loops, due) : due;
      const before = one.cycles;
      const broke = one.advance(target, latencyModel(linux, one.thread), nanoseconds, breakUs === 0 && !verbose ? undefined : (value, cycle) => {
        if (verbose) this.#buffer += `${String(index).padStart(8)}:${String(cycle).padStart(8)}:${String(value).padStart(8)}\n`;
        if (breakUs === 0 || value <= breakUs * (nanoseconds ? 1000 : 1)) return false;
        this.#broken ??= { tid: one.thread.tid, value };
        return true;
      });
      linux.interrupts.countTimer(one.cpu, one.cycles - before);
      process.cpuMs += (one.cycles - before) * 0.012;
      if (broke || (loops > 0 && one.cycles >= loops)) over = true;
    }
    return over;
  }

  #pause(milliseconds: number): Promise<void> {
    const { process } = this.#context;
    process.assertAlive();
    return process.until(new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      process.stop.addEventListener('abort', this.#wake, { once: true });
    })).finally(() => process.stop.removeEventListener('abort', this.#wake));
  }

  #lines(): string {
    return this.#threads.map((one, index) => threadLine(one, index, this.#settings.nanoseconds)).join('');
  }

  async #display(last: boolean): Promise<void> {
    const { linux } = this.#context;
    const policy = this.#settings.policy === 'fifo' || this.#settings.policy === 'rr' ? this.#settings.policy : 'other/other';
    const load = loadAverage(linux).map((value) => value.toFixed(2)).join(' ');
    const head = `policy: ${policy}: loadavg: ${load} 1/${linux.processes.all().length} ${this.#threads.at(-1)?.thread.tid ?? 0}          \n\n`;
    await this.#say(`${head}${this.#lines()}${last ? '' : `\x1b[${this.#threads.length + 2}A`}`);
  }

  /** Standard output is block-buffered, save on a terminal: a killed cyclictest leaves nothing of its last block. */
  async #say(text: string): Promise<void> {
    this.#buffer += text;
    if (this.#context.process.fds.get(1)?.terminal === true) await this.#flush();
    while (this.#buffer.length >= 4096) {
      const block = this.#buffer.slice(0, 4096);
      this.#buffer = this.#buffer.slice(4096);
      await this.#context.out(block);
    }
  }

  async #flush(): Promise<void> {
    const text = this.#buffer;
    this.#buffer = '';
    await this.#context.out(text);
  }

  async #answerSignals(): Promise<void> {
    const frame = '#---------------------------\n';
    for (let kind = this.#statusRequests.shift(); kind !== undefined; kind = this.#statusRequests.shift()) {
      const text = `${frame}# cyclictest current status:\n${this.#lines()}${frame}`;
      if (kind === 1) await this.#context.err(text);
      else await this.#context.writeFile(`/dev/shm/cyclictest${this.#context.process.pid}`, text);
    }
  }

  /** What the thread behind -F does twice a second: if somebody reads, hand out one status. */
  async #offerStatus(path: string): Promise<void> {
    const { files, who, process } = this.#context;
    try {
      const file = await files.open(path, who, { write: true, nonBlocking: true }, process.stop);
      try {
        this.#take(Math.min(this.#context.linux.now(), this.#settings.durationSeconds > 0 ? this.#startedMs + this.#settings.durationSeconds * 1000 : Infinity));
        await file.write(this.#lines(), process.stop);
      } finally {
        file.release();
      }
    } catch (error) {
      // Nobody reads now (ENXIO), or went away while reading, or removed the pipe: the next turn tries again.
      if (!(error instanceof FileError)) throw error;
    }
  }

  async #report(): Promise<number> {
    const { linux, args } = this.#context;
    const { histogram, histofall, histFile, jsonFile, quiet, nanoseconds, breakUs, verbose } = this.#settings;
    const facts = { argv: ['cyclictest', ...args], startedMs: this.#startedMs, endedMs: linux.now(), nanoseconds };
    if (jsonFile === '-') await this.#say(jsonReport(linux, this.#threads, facts));
    else if (jsonFile !== undefined) {
      try {
        await this.#context.writeFile(jsonFile, jsonReport(linux, this.#threads, facts));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await this.#context.err(`Failed to open '${jsonFile}'\n: ${error.text}\n`);
        return error.code === 'ENOENT' ? 2 : 13;
      }
    }
    if (quiet && histogram === undefined && !verbose) await this.#say(this.#lines());
    if (histogram !== undefined) await this.#histogram(histFile, histofall);
    if (breakUs > 0) {
      await this.#say(`# Thread Ids: ${this.#threads.map((one) => String(one.thread.tid).padStart(5, '0')).join(' ')}\n`);
      if (this.#broken !== undefined) await this.#say(`# Break thread: ${this.#broken.tid}\n# Break value: ${this.#broken.value}\n`);
    }
    await this.#flush();
    return 0;
  }

  async #histogram(file: string | undefined, withSum: boolean): Promise<void> {
    const text = histogramText(this.#threads, withSum);
    if (file === undefined) return this.#say(text);
    try {
      await this.#context.writeFile(file, text);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await this.#context.err(`opening histogram file:: ${error.text}\n`);
    }
  }
}
