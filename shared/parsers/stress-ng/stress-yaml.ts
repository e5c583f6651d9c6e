import type { OutputLine } from '../tool-text/output-lines.ts';
import type { Scalar } from '../tool-output.ts';
import type { StressorMetrics } from './stress-text.ts';

/** Keys that are columns of the printed table too, by the name they have there. */
const known: Readonly<Record<string, readonly [name: string, unit: string]>> = {
  'bogo-ops': ['bogo ops', 'count'],
  'wall-clock-time': ['real time', 's'],
  'user-time': ['user time', 's'],
  'system-time': ['system time', 's'],
  'bogo-ops-per-second-real-time': ['bogo ops per second of real time', '1/s'],
  'bogo-ops-per-second-usr-sys-time': ['bogo ops per second of CPU time', '1/s'],
  'cpu-usage-per-instance': ['CPU used per instance', '%'],
  'max-rss': ['largest resident set', 'KB'],
};

/**
 * Reads the file of --yaml. It is not YAML in general but what stress-ng writes: sections at the left edge, below
 * `metrics:` a list of stressors, one `key: figure` per line. `...` ends it.
 */
export class StressYaml {
  version: string | null = null;
  ended = false;
  /** How many files begin. */
  heads = 0;
  private readonly stressors: Array<{ stressor: string; figures: Scalar[] }> = [];
  private section: string | null = null;

  /** False when the line is not of such a file. A line without its newline may be cut, and is none. */
  take(line: OutputLine): boolean {
    if (line.text === '...') {
      this.ended = true;
      return true;
    }
    if (!line.ended) return false;
    const section = /^([a-z][a-z-]{1,40}):$/.exec(line.text)?.[1];
    if (section !== undefined) this.section = section;
    if (line.text === '---') this.heads++;
    if (line.text === '---' || section !== undefined) return true;
    const pair = /^ {0,8}(- )?([\w.%()/-]{1,80}): (.{1,400})$/.exec(line.text);
    if (pair === null || this.section === null) return false;
    const [, , key = '', value = ''] = pair;
    const plain = value.replace(/^(['"])(.*)\1$/, '$2');
    if (key === 'stress-ng-version') this.version = plain;
    if (this.section !== 'metrics') return true;
    if (key === 'stressor') {
      this.stressors.push({ stressor: plain, figures: [] });
      return true;
    }
    const stressor = this.stressors[this.stressors.length - 1];
    if (stressor === undefined || !/^-?\d{1,18}(?:\.\d{1,9})?$/.test(plain)) return false;
    const [name, unit] = (Object.hasOwn(known, key) ? known[key] : undefined) ?? [key.replaceAll('-', ' '), key.includes('per-second') ? '1/s' : ''];
    stressor.figures.push({ name, value: Number(plain), unit });
    return true;
  }

  get metrics(): readonly StressorMetrics[] {
    return this.stressors;
  }
}
