import { createHash } from 'node:crypto';
import type { CyclictestOptions } from '../../shared/model/run.ts';
import { formatCpuList } from '../../shared/parsers/cpu-list.ts';

/** Latencies no other sample has, a day's worst among them: one must show in the strip for each. */
export const spikesUs: readonly number[] = Array.from({ length: 100 }, (_, at) => 200 + at);

const chunkBytes = 32_768;

export interface Piece { readonly bytes: Uint8Array; readonly hourEnds: boolean }

/**
 * The journal of a whole run as the runner on a board writes it, in portions as a link carries them, made while it is read.
 * One spike rises above all before it at even distances, on one thread after the other.
 */
export function* dayJournal(runId: string, options: CyclictestOptions, periodSeconds: number): Generator<Piece> {
  const hash = createHash('sha256');
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const put = (text: string): void => {
    const bytes = Buffer.from(text);
    hash.update(bytes);
    pending.push(bytes);
    pendingBytes += bytes.length;
  };
  function* flush(hourEnds: boolean): Generator<Piece> {
    const all = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    for (let at = 0; at < all.length; at += chunkBytes) yield { bytes: all.subarray(at, at + chunkBytes), hourEnds: false };
    if (hourEnds) yield { bytes: new Uint8Array(), hourEnds };
  }
  const { cpus, durationSeconds, segmentSeconds, histogramUs } = options;
  const startUptime = 1_000;
  const at = (second: number): string => (startUptime + second).toFixed(2);
  put(`rtvm-bench-journal 1 ;\nrun ${runId} ;\nboot 65f5f39a-4ed5-4178-bfec-51258e57552f ;\nstart 1795208408 ${at(0)} ;\nplan ${formatCpuList(cpus)} ${String(segmentSeconds)} ${String(durationSeconds)} ${String(periodSeconds)} ;\nroot yes ;\n`);
  put(counters(at(0), cpus.length, 0));
  const periods = Math.floor(durationSeconds / periodSeconds);
  for (let segment = 1; (segment - 1) * segmentSeconds < durationSeconds; segment += 1) {
    const from = (segment - 1) * segmentSeconds;
    const to = Math.min(durationSeconds, from + segmentSeconds);
    const worst = cpus.map(() => 12);
    put(`segment ${String(segment)} ${at(from)} ${String(to - from)} ;\n`);
    for (let second = from + periodSeconds; second <= to; second += periodSeconds) {
      const period = Math.floor(second / periodSeconds);
      for (const [spike, us] of spikesUs.entries()) if (Math.floor((spike + 0.5) * periods / spikesUs.length) === period - 1) worst[spike % cpus.length] = us;
      put(`s ${at(second)}${cpus.map((_, thread) => ` ${String((second - from) * 1_000)},2,${String(4 + (second * 7 + thread) % 8)},5,${String(worst[thread] ?? 0)}`).join('')} ;\n`);
      if (pendingBytes >= chunkBytes) yield* flush(false);
    }
    put('b stdout ;\n');
    let outputBytes = 0;
    for (const line of histogram(cpus.length, histogramUs, segment, worst)) {
      put(`|${line}\n`);
      outputBytes += line.length + 1;
      if (pendingBytes >= chunkBytes) yield* flush(false);
    }
    put(`e stdout ${String(outputBytes)} ;\nend-segment ${String(segment)} ${at(to)} 0 ;\n`);
    put(counters(at(to), cpus.length, segment));
    yield* flush(to % 3_600 === 0);
  }
  yield { bytes: Buffer.from(`end completed - ${at(durationSeconds)} ${hash.digest('hex')} ;\n`), hourEnds: false };
}

/** What rt-tests up to 2.6 print: every row, zeros included. */
function* histogram(threads: number, histogramUs: number, segment: number, worst: readonly number[]): Generator<string> {
  const all = (value: number): number[] => Array.from({ length: threads }, () => value);
  const wide = (values: readonly number[], width: number, between = ' '): string => values.map((value) => String(value).padStart(width, '0')).join(between);
  const zeros = wide(all(0), 6, '\t');
  yield* ['# /dev/cpu_dma_latency set to 0us', '# Histogram'];
  for (let us = 0; us < histogramUs; us += 1) {
    const counts = us >= 2 && us < 12 ? wide(Array.from({ length: threads }, (_, thread) => 58_000 + (us * 31 + thread + segment) % 4_000), 6, '\t') : zeros;
    yield `${String(us).padStart(6, '0')} ${counts}`;
  }
  yield* [
    `# Total: ${wide(all(600_000), 9)}`, `# Min Latencies: ${wide(all(2), 5)}`, `# Avg Latencies: ${wide(all(5), 5)}`, `# Max Latencies: ${wide(worst, 5)}`,
    `# Histogram Overflows: ${wide(all(0), 5)}`, '# Histogram Overflow at cycle number:', ...all(0).map((_, thread) => `# Thread ${String(thread)}:`),
  ];
}

const interrupts = ['LOC', 'RES', 'CAL', 'TLB', 'MCE', 'NMI', ...Array.from({ length: 40 }, (_, irq) => String(irq + 24))];

/** /proc/interrupts of a machine with one CPU more than are measured. */
function counters(at: string, cpus: number, round: number): string {
  const head = `           ${Array.from({ length: cpus + 1 }, (_, cpu) => `CPU${String(cpu)}`.padStart(10)).join(' ')}`;
  const text = [head, ...interrupts.map((name, row) => `${name.padStart(4)}: ${Array.from({ length: cpus + 1 }, (_, cpu) => String(row * 7_919 + cpu + round * 600_000).padStart(10)).join(' ')}`), ''].join('\n');
  return `counters ${at} ;\nb interrupts ;\n${text.replaceAll(/^(?=.)/gm, '|')}e interrupts ${String(Buffer.byteLength(text))} ;\n`;
}
