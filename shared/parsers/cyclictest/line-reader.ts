import { explainFailure, isWarning, usageFailure, usagePattern } from './failures.ts';
import { readHistogramRows, RowTable } from './histogram-rows.ts';
import { HistogramSection } from './histogram-section.ts';
import { readJsonReport, type JsonReport } from './json-report.ts';
import { readNumbers, withoutReturns } from './numbers.ts';
import type { CyclictestOutput, Unit } from './output.ts';
import { SummaryBlocks } from './summary-blocks.ts';
import { parseSummaryLine } from './summary-line.ts';
import { VerboseSamples } from './verbose-samples.ts';

export interface Remark { readonly line: number; readonly text: string; readonly meaning: string; readonly next: string }

/** Terminal control sequences at the start of a line: the live display moves the cursor up before it redraws. */
const controls = /^(?:\x1b\[[0-9;?]{0,16}[A-Za-z])+/;

const longestLine = 4096;

const noise = /^(?:# \/dev\/cpu_dma_latency|#-{5,}$|Max CPUs = |Online CPUs = |Using \d+ cpus\.|Thread \d+ Interval: |Script (?:started|done) on |Usage:$|cyclictest <options>$)/;

/** Reads an output line by line, once, and keeps what each kind of line says. Any text can be given. */
export class LineReader {
  readonly blocks = new SummaryBlocks();
  readonly verbose = new VerboseSamples();
  readonly cpus = new Map<number, number>();
  readonly warnings: string[] = [];
  readonly spikes: NonNullable<CyclictestOutput['spikes']>['list'] = [];
  readonly summaryUnits = new Set<Unit>();
  section: HistogramSection | null = null;
  sections = 0;
  report: JsonReport | null = null;
  /** The line that best says why there is no result. */
  failure: Remark | null = null;
  /** The first line that cyclictest does not print. */
  stranger: Remark | null = null;
  strangers = 0;
  version: string | null = null;
  dmaLatency: number | undefined;
  spikeTotal: number | null = null;
  threadIds: number[] | null = null;
  breakThread: number | null = null;
  breakValue: number | null = null;
  /** Lines of two runs alternate: whose the figures are cannot be told. */
  mixed = false;
  /** The line at which the usage text begins. */
  usageLine: number | null = null;
  cut = false;
  lines = 0;

  private table: RowTable | null = null;
  private position = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  readAll(): void {
    while (this.position < this.text.length) {
      const newline = this.text.indexOf('\n', this.position);
      const end = newline < 0 ? this.text.length : newline;
      const start = this.position;
      this.position = end + 1;
      this.lines++;
      this.readLine(withoutReturns(this.text.slice(start, end)), start, newline >= 0);
    }
  }

  private readLine(raw: string, start: number, terminated: boolean): void {
    const control = controls.exec(raw)?.[0] ?? '';
    const whole = raw.slice(control.length);
    // Only lists of numbers, which begin with #, may be long.
    const line = whole.startsWith('#') ? whole : whole.slice(0, longestLine);
    if (line === '') {
      if (control !== '') this.blocks.expectRedraw(!/B$/.test(control));
      return;
    }
    if (line.startsWith('policy: ')) this.blocks.begin('display');
    else if (line.startsWith('T:')) this.readThreadLine(line, terminated);
    else if (line === '{') this.readJson(start);
    else if (line.startsWith('#')) this.readHash(line, terminated);
    else if (!terminated && this.verbose.isSample(line)) this.cut = true;
    else if (this.verbose.take(line)) return;
    else if (!this.readWords(line)) this.noteStranger(line, terminated);
  }

  private readThreadLine(line: string, terminated: boolean): void {
    const summary = parseSummaryLine(line, terminated);
    if (summary !== null) {
      if (summary.samples > 0) this.summaryUnits.add(summary.unit);
      if (this.mixed || this.blocks.add(summary)) return;
      this.mixed = true;
      this.failure = { line: this.lines, text: line, meaning: 'this is of another run than the lines before', next: 'Give the output of one run at a time.' };
      return;
    }
    const spike = /^T:\s*(\d{1,9}) Spike:\s*(\d{1,15}): TS:\s*(\d{1,15})$/.exec(line);
    if (spike === null) this.noteStranger(line, terminated);
    else this.spikes.push({ index: Number(spike[1]), valueUs: Number(spike[2]), atMonotonicUs: Number(spike[3]) });
  }

  private readJson(start: number): void {
    const end = /^\}\s*$/m.exec(this.text.slice(start));
    const stop = end === null ? this.text.length : start + end.index + 1;
    const report = readJsonReport(this.text.slice(start, stop));
    if (typeof report === 'string') this.failure = { line: this.lines, text: '{', meaning: report, next: 'Keep the whole file that --json wrote.' };
    else this.report = report;
    for (let i = start; i >= 0 && i < stop; this.lines++) {
      i = this.text.indexOf('\n', i) + 1;
      if (i === 0) break;
    }
    const newline = this.text.indexOf('\n', stop);
    this.position = newline < 0 ? this.text.length : newline + 1;
    this.lines--;
  }

  private readHash(line: string, terminated: boolean): void {
    if (!terminated) this.cut = true;
    else if (line === '# Histogram') this.readHistogram();
    else if (line === '# cyclictest current status:') this.blocks.begin('status');
    else if (this.section?.take(line) !== true && !this.readBreak(line)) {
      const latency = /^# \/dev\/cpu_dma_latency set to (\d{1,10})us$/.exec(line);
      if (latency !== null) this.dmaLatency = Number(latency[1]);
      else if (!noise.test(line)) this.noteStranger(line, terminated);
    }
  }

  private readHistogram(): void {
    this.table ??= new RowTable();
    const rows = readHistogramRows(this.text, this.position, this.table);
    this.position = rows.end;
    this.lines += rows.lines;
    this.cut ||= rows.cut;
    this.section = new HistogramSection(rows);
    this.sections++;
  }

  private readBreak(line: string): boolean {
    const name = /^# (Thread Ids|Break thread|Break value):/.exec(line)?.[1];
    if (name === undefined) return false;
    const numbers = readNumbers(line.slice(name.length + 3)) ?? [];
    if (name === 'Thread Ids') this.threadIds = numbers;
    else if (name === 'Break thread') this.breakThread = numbers[0] ?? null;
    else this.breakValue = numbers[0] ?? null;
    return true;
  }

  /** Lines in words; false when it is none of cyclictest's. */
  private readWords(line: string): boolean {
    const cpu = /^Thread (\d{1,6}) using cpu (\d{1,6})\.$/.exec(line);
    if (cpu !== null) {
      this.cpus.set(Number(cpu[1]), Number(cpu[2]));
      return true;
    }
    const total = /^spikes = (\d{1,15})$/.exec(line);
    if (total !== null) {
      this.spikeTotal = Number(total[1]);
      return true;
    }
    const usage = usagePattern.exec(line);
    if (usage !== null) {
      this.version = usage[1] ?? null;
      this.failure ??= { line: this.lines, text: line, ...usageFailure };
      this.usageLine = this.lines;
      // Everything that follows is the description of the options.
      this.position = this.text.length;
      return true;
    }
    const failure = explainFailure(line);
    if (failure !== null) this.failure ??= { line: this.lines, text: line, meaning: failure.meaning, next: failure.next };
    const warning = isWarning(line);
    if (warning) this.warnings.push(line);
    return failure !== null || warning || noise.test(line);
  }

  private noteStranger(line: string, terminated: boolean): void {
    if (!terminated && line.trim() !== '') this.cut = true;
    this.strangers++;
    this.stranger ??= {
      line: this.lines, text: line, meaning: terminated ? 'cyclictest prints no such line' : 'the output is cut there',
      next: 'Give the output of cyclictest as it was printed, with LC_ALL=C.',
    };
  }
}
