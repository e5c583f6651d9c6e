import type { Command } from 'commander';
import { toolBenchmarkOf } from '../../../shared/benchmarks/catalogue.ts';
import type { FormField } from '../../../shared/benchmarks/fields.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import { isToolRequest, type CyclictestOptions, type RunRequest, type ToolOptions } from '../../../shared/model/run.ts';
import { parseCpuList } from '../../../shared/parsers/cpu-list.ts';
import type { GlobalOptions } from './cli-context.ts';
import { durationSeconds } from './duration.ts';
import { fractionOf } from './fraction.ts';

/** What of a run is said on the command line; the rest is as proposed for the board. */
export interface RequestOptions extends GlobalOptions {
  cpus?: string;
  mainCpus?: string;
  priority?: string;
  interval?: string;
  duration?: string;
  histogram?: string;
  segment?: string;
  deadline?: string;
  fraction?: string;
  asIs?: boolean;
  lockMemory: boolean;
  set?: string[];
}

export const withRequestOptions = (command: Command): Command => command
  .option('--cpus <list>', 'CPUs to measure (default: the isolated ones)')
  .option('--main-cpus <list>', 'CPUs of the main thread (default: housekeeping)')
  .option('--priority <1-99>', 'SCHED_FIFO priority')
  .option('--interval <µs>', 'wake-up interval')
  .option('--duration <time>', 'how long: 60s, 10m, 24h')
  .option('--histogram <µs>', 'histogram bound; beyond it is overflow')
  .option('--segment <time>', 'length of one segment: a power cut costs at most one')
  .option('--deadline <µs>', 'your deadline; it decides the verdict')
  .option('--fraction <0-1>', 'fraction of responses that must meet the deadline, as 0.9999 or 99.99% (default: all)')
  .option('--as-is', 'do not hold /dev/cpu_dma_latency: measure with idle states as the system has them')
  .option('--no-lock-memory', 'do not lock memory (mlockall)')
  .option('--set <key=value>', 'a value of the benchmark’s own (see: benchmarks); may be repeated', (text: string, before: string[] | undefined) => [...before ?? [], text]);

/** What is to be run: the proposal with what was given on the command line. */
export function requestOf(proposed: RunRequest, options: RequestOptions): RunRequest {
  if (!isToolRequest(proposed)) {
    if (options.set !== undefined) throw new CodedError('bad-usage', 'cyclictest has options of its own, and no --set.', { next: 'See: rtvm-bench run --help' });
    return { benchmark: 'cyclictest', options: chosen(proposed.options, options) };
  }
  const own: Array<keyof RequestOptions> = ['interval', 'histogram', 'segment', 'asIs'];
  const foreign = own.find((name) => options[name] !== undefined && options[name] !== false) ?? (options.lockMemory ? undefined : 'no-lock-memory');
  if (foreign !== undefined) throw new CodedError('bad-usage', `--${foreign === 'asIs' ? 'as-is' : foreign} is an option of cyclictest’s.`, { next: `${proposed.benchmark} takes --set key=value; see: rtvm-bench benchmarks ${proposed.benchmark}` });
  const fields = toolBenchmarkOf(proposed.benchmark)?.fields ?? [];
  const values: ToolOptions['values'] = { ...proposed.options.values };
  for (const text of options.set ?? []) {
    const [name, value] = setting(text, fields);
    values[name] = value;
  }
  const { benchmark, options: before } = proposed;
  return {
    benchmark,
    options: {
      ...before, values,
      ...(options.cpus !== undefined && { cpus: cpusOf(options.cpus) }),
      ...(options.mainCpus !== undefined && { mainCpus: cpusOf(options.mainCpus) }),
      ...(options.priority !== undefined && { priority: options.priority === 'none' ? null : numberOf(options.priority, 'priority') }),
      ...(options.duration !== undefined && { durationSeconds: durationSeconds(options.duration) }),
      ...(options.deadline !== undefined && { deadlineUs: numberOf(options.deadline, 'deadline') }),
      ...(options.fraction !== undefined && { deadlineFraction: fractionOf(options.fraction) }),
    },
  };
}

/** `key=value` of a value that the benchmark has, in the kind that it has. */
function setting(text: string, fields: readonly FormField[]): [string, string | number | boolean] {
  const at = text.indexOf('=');
  const known = fields.find(({ name }) => name === text.slice(0, at));
  const value = text.slice(at + 1);
  if (at < 1 || known === undefined) throw new CodedError('bad-usage', `“${text}” sets nothing of this benchmark.`, { next: fields.length === 0 ? 'It has no values of its own.' : `Write key=value; keys: ${fields.map(({ name }) => name).join(', ')}.` });
  if (known.kind === 'number') return [known.name, numberOf(value, known.label)];
  if (known.kind !== 'switch') return [known.name, value];
  if (value !== 'yes' && value !== 'no') throw new CodedError('bad-usage', `${known.label} is yes or no.`);
  return [known.name, value === 'yes'];
}

function chosen(proposed: CyclictestOptions, options: RequestOptions): CyclictestOptions {
  return {
    ...proposed,
    ...(options.cpus !== undefined && { cpus: cpusOf(options.cpus) }),
    ...(options.mainCpus !== undefined && { mainCpus: cpusOf(options.mainCpus) }),
    ...(options.priority !== undefined && { priority: numberOf(options.priority, 'priority') }),
    ...(options.interval !== undefined && { intervalUs: numberOf(options.interval, 'interval') }),
    ...(options.duration !== undefined && { durationSeconds: durationSeconds(options.duration) }),
    ...(options.histogram !== undefined && { histogramUs: numberOf(options.histogram, 'histogram bound') }),
    ...(options.segment !== undefined && { segmentSeconds: durationSeconds(options.segment) }),
    ...(options.deadline !== undefined && { deadlineUs: numberOf(options.deadline, 'deadline') }),
    ...(options.fraction !== undefined && { deadlineFraction: fractionOf(options.fraction) }),
    ...(options.asIs && { holdDmaLatency: false }),
    ...(!options.lockMemory && { lockMemory: false }),
  };
}

function cpusOf(text: string): number[] {
  const parsed = parseCpuList(text);
  if (!parsed.ok) throw new CodedError('bad-usage', parsed.error.message, parsed.error.extras);
  return parsed.value;
}

function numberOf(text: string, what: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || text.trim() === '') throw new CodedError('bad-usage', `“${text}” is not a number (${what}).`);
  return value;
}
