import { ok, type Result } from '../../contract/result.ts';
import type { CyclictestOutput } from './output.ts';
import { readCyclictest, type ReadOptions } from './read-cyclictest.ts';
import { toThreadResult, toUs } from './reading.ts';
import { LineReader } from './line-reader.ts';

/** Reads any output of cyclictest into plain data; see `readCyclictest` for what is taken and how it fails. */
export function parseCyclictest(text: string, options: ReadOptions = {}): Result<CyclictestOutput> {
  const reading = readCyclictest(text, options);
  if (!reading.ok) return reading;
  const { threads, ...rest } = reading.value;
  return ok({ ...rest, threads: threads.map((thread) => toThreadResult(thread, rest.unit)) });
}

/** A thread in a status of a running cyclictest. Latencies in µs, null as long as it has no samples. */
export interface ThreadStatus {
  readonly index: number;
  readonly threadId: number;
  readonly priority: number;
  readonly intervalUs: number;
  readonly samples: number;
  readonly minUs: number | null;
  readonly actUs: number | null;
  readonly avgUs: number | null;
  readonly maxUs: number | null;
}

/** Reads one status (of the FIFO, of SIGUSR1 or SIGUSR2, or the display): the last whole set of threads in it, empty when there is none. */
export function parseCyclictestStatus(text: string): ThreadStatus[] {
  const reader = new LineReader(text);
  reader.readAll();
  return reader.blocks.finish().lines.map((line) => {
    const us = (value: number) => (line.samples === 0 ? null : toUs(value, line.unit));
    const { index, threadId, priority, intervalUs, samples } = line;
    return { index, threadId, priority, intervalUs, samples, minUs: us(line.min), actUs: us(line.act), avgUs: us(line.avg), maxUs: us(line.max) };
  });
}
