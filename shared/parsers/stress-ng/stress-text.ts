import type { OutputLine } from '../tool-text/output-lines.ts';
import type { Scalar } from '../tool-output.ts';

/** What one stressor did, its figures by the names that the text and the YAML report share here. */
export interface StressorMetrics { readonly stressor: string; readonly figures: readonly Scalar[] }

/** Latencies that the cyclic stressor measured itself, in ns. */
export interface CyclicLatency { samples: number | null; minNs: number | null; meanNs: number | null; maxNs: number | null; percentiles: Array<{ percent: number; ns: number }> }

/** The columns of the table, in order; --metrics-brief prints the first six. */
export const metricColumns: ReadonlyArray<readonly [name: string, unit: string]> = [
  ['bogo ops', 'count'], ['real time', 's'], ['user time', 's'], ['system time', 's'],
  ['bogo ops per second of real time', '1/s'], ['bogo ops per second of CPU time', '1/s'],
  ['CPU used per instance', '%'], ['largest resident set', 'KB'],
];

const linePattern = /^stress-ng: (\w{1,8}): {1,4}\[(\d{1,9})\] (.*)$/;
/** What only the process that was started says; the stressors it starts have other ids. */
const masterPattern = /^(?:setting to a |dispatching hogs|stressor\s+bogo ops |(?:un)?successful run completed in )/;

/** Reads the report that stress-ng prints: to standard error up to 0.15, to standard output later. */
export class StressText {
  readonly metrics: StressorMetrics[] = [];
  readonly others: Scalar[] = [];
  readonly warnings: string[] = [];
  cyclic: CyclicLatency | null = null;
  /** Seconds of the whole run; null when the end was not reached. */
  seconds: number | null = null;
  successful = true;
  started = false;
  private inTable = false;
  /** Met a line of another run than those before. */
  foreign = false;
  private master: string | null = null;

  /** False when stress-ng prints no such line. A line without its newline may be cut, and is none. */
  take(line: OutputLine): boolean {
    const match = line.ended ? linePattern.exec(line.text) : null;
    if (match === null) return false;
    const [, kind = '', id = '', message = ''] = match;
    this.started = true;
    if (masterPattern.test(message)) this.takeMaster(id);
    if (kind === 'metrc' || kind === 'info') return this.takeMetric(message) || this.takeEnd(message) || this.takeCyclic(message) || this.takeTimes(message) || kind === 'info';
    if (kind !== 'debug' && kind !== 'debg') this.warnings.push(message);
    return true;
  }

  private takeMaster(id: string): void {
    this.foreign ||= this.master !== null && (this.master !== id || this.seconds !== null);
    this.master = id;
  }

  private takeMetric(message: string): boolean {
    if (/^stressor\s+bogo ops real time/.test(message)) this.inTable = true;
    else if (/^\(secs\)/.test(message.trim()) || message === 'miscellaneous metrics:') this.inTable &&= true;
    else return this.inTable && (this.takeRow(message) || this.takeOther(message));
    return true;
  }

  private takeRow(message: string): boolean {
    const cells = message.trim().split(/ +/);
    const [stressor = '', ...values] = cells;
    if ((values.length !== 6 && values.length !== 8) || !values.every((value) => /^\d{1,15}(?:\.\d{1,6})?$/.test(value))) return false;
    this.metrics.push({ stressor, figures: values.map((value, i) => ({ name: metricColumns[i]?.[0] ?? '', value: Number(value), unit: metricColumns[i]?.[1] ?? '' })) });
    return true;
  }

  private takeOther(message: string): boolean {
    const other = /^(\S{1,60})\s+(\d{1,18}(?:\.\d{1,6})?) (\D.{0,120}?)(?: \(.{1,80}\))?$/.exec(message);
    if (other !== null) this.others.push({ name: `${other[1] ?? ''}: ${other[3] ?? ''}`, value: Number(other[2]), unit: /per sec/.test(other[3] ?? '') ? '1/s' : '' });
    return other !== null;
  }

  private takeEnd(message: string): boolean {
    const end = /^(un)?successful run completed in (?:(\d{1,6}) days?, )?(?:(\d{1,6}) hours?, )?(?:(\d{1,6}) mins?, )?(\d{1,9}\.\d{2}) ?s(?:ecs)?(?: \(.{1,80}\))?$/.exec(message);
    if (end !== null) {
      this.successful &&= end[1] === undefined;
      this.seconds = Number(end[2] ?? 0) * 86_400 + Number(end[3] ?? 0) * 3600 + Number(end[4] ?? 0) * 60 + Number(end[5]);
      return true;
    }
    const count = /^(skipped|failed|metrics untrustworthy): (\d{1,9})/.exec(message);
    if (count !== null && Number(count[2]) > 0) this.warnings.push(message);
    if (count?.[1] === 'failed' && Number(count[2]) > 0) this.successful = false;
    return count !== null || /^passed: \d/.test(message);
  }

  private takeTimes(message: string): boolean {
    const time = /^\s*(\d{1,12}\.\d{2})s (available CPU|user|system|total) time/.exec(message);
    if (time !== null) this.others.push({ name: `${time[2] ?? ''} time`, value: Number(time[1]), unit: 's' });
    return time !== null;
  }

  private takeCyclic(message: string): boolean {
    const text = /^cyclic: {1,8}(.*)$/.exec(message)?.[1];
    if (text === undefined) return false;
    this.cyclic ??= { samples: null, minNs: null, meanNs: null, maxNs: null, percentiles: [] };
    const samples = /^sched \S{1,30}: \d{1,12} ns delay, (\d{1,12}) samples$/.exec(text);
    const mean = /^mean: (\d{1,15}(?:\.\d{1,3})?) ns, mode: \d{1,15} ns$/.exec(text);
    const range = /^min: (\d{1,15}) ns, max: (\d{1,15}) ns, std\.dev\. /.exec(text);
    const percentile = /^(\d{1,3}\.\d{2})%: {1,16}(\d{1,15}) ns$/.exec(text);
    if (samples !== null) this.cyclic.samples = Number(samples[1]);
    else if (mean !== null) this.cyclic.meanNs = Number(mean[1]);
    else if (range !== null) [this.cyclic.minNs, this.cyclic.maxNs] = [Number(range[1]), Number(range[2])];
    else if (percentile !== null) this.cyclic.percentiles.push({ percent: Number(percentile[1]), ns: Number(percentile[2]) });
    else if (text.startsWith('Note: ')) this.warnings.push(text);
    return true;
  }
}
