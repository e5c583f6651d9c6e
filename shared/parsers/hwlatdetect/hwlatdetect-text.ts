import type { OutputLine } from '../tool-text/output-lines.ts';

/** One recorded window: the longest gap within the loop (inner) and between its rounds (outer). */
export interface HwlatSample {
  readonly at: string;
  readonly innerUs: number;
  readonly outerUs: number;
  readonly cpu: number | null;
  readonly count: number | null;
}

type Figure = 'duration' | 'threshold' | 'window' | 'width';

const figurePatterns: ReadonlyArray<readonly [name: Figure, pattern: RegExp]> = [
  ['duration', /^hwlatdetect: {1,4}test duration (\d{1,9}) seconds$/],
  ['threshold', /^Latency threshold: {1,12}(\d{1,12})us$/],
  ['window', /^Sample window: {1,12}(\d{1,12})us$/],
  ['width', /^Sample width: {1,12}(\d{1,12})us$/],
];

const noise = /^(?:detector: |parameters:$|Non-sampling period: |Output File: |report saved to |Traceback |File "|debug|\^+$)/;
const samplePattern = /^ts: (\d{1,12}\.\d{1,9}), inner:(\d{1,12}), outer:(\d{1,12})(?:, cpu:(\d{1,6}))?(?:, count:(\d{1,12}))?$/;

/** Takes the lines of hwlatdetect one by one. */
export class HwlatText {
  readonly samples: HwlatSample[] = [];
  readonly figures = new Map<Figure, number>();
  readonly smisByCpu: Array<{ cpu: number; count: number }> = [];
  cpuList: string | null = null;
  /** How many runs began. */
  heads = 0;
  started = false;
  finished = false;
  interrupted = false;
  belowThreshold = false;
  maxUs: number | null = null;
  recorded: number | null = null;
  exceeding: number | null = null;
  smis: number | null = null;
  private inTraceback = false;

  /** False when hwlatdetect prints no such line. A line without its newline may be cut, and is none. */
  take(line: OutputLine): boolean {
    const text = line.text.trimStart();
    if (noise.test(text)) {
      this.inTraceback ||= text.startsWith('Traceback ');
      return true;
    }
    // Below “File …” a traceback quotes the source.
    if (this.inTraceback && line.text.startsWith('    ')) return true;
    return line.ended && (this.takeSample(text) || this.takeFigure(text) || this.takeSummary(text));
  }

  private takeSample(text: string): boolean {
    const match = samplePattern.exec(text);
    if (match === null) return false;
    const [, at = '', inner, outer, cpu, count] = match;
    this.samples.push({
      at, innerUs: Number(inner), outerUs: Number(outer),
      cpu: cpu === undefined ? null : Number(cpu), count: count === undefined ? null : Number(count),
    });
    return true;
  }

  private takeFigure(text: string): boolean {
    for (const [name, pattern] of figurePatterns) {
      const value = pattern.exec(text)?.[1];
      if (value === undefined) continue;
      this.figures.set(name, Number(value));
      if (name === 'duration') this.heads++;
      return true;
    }
    const list = /^CPU list: {1,12}(\S{1,200})$/.exec(text)?.[1];
    if (list !== undefined) this.cpuList = list === 'None' ? null : list;
    return list !== undefined;
  }

  private takeSummary(text: string): boolean {
    if (text === 'Starting test') this.started = true;
    else if (text === 'test finished') this.finished = true;
    else if (text === 'interrupted') this.interrupted = true;
    else if (text === 'Max Latency: Below threshold') this.belowThreshold = true;
    else return this.takeCount(text);
    return true;
  }

  private takeCount(text: string): boolean {
    const [, name = '', value] = /^(Max Latency|Samples recorded|Samples exceeding threshold|SMIs during run): (\d{1,12})(?:us)?$/.exec(text) ?? [];
    if (name === 'Max Latency') this.maxUs = Number(value);
    else if (name === 'Samples recorded') this.recorded = Number(value);
    else if (name === 'Samples exceeding threshold') this.exceeding = Number(value);
    else if (name === 'SMIs during run') this.smis = Number(value);
    else return this.takeSmisOfCpu(text);
    return true;
  }

  private takeSmisOfCpu(text: string): boolean {
    const match = /^(\d{1,12}) SMIs occured on cpu (\d{1,6})$/.exec(text);
    if (match !== null) this.smisByCpu.push({ cpu: Number(match[2]), count: Number(match[1]) });
    return match !== null;
  }
}
