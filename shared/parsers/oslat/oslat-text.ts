import type { OutputLine } from '../tool-text/output-lines.ts';
import type { OslatTable, OslatThread } from './oslat-table.ts';

type Row = 'Core' | 'Counter Freq' | 'CPU Freq' | 'Minimum' | 'Average' | 'Maximum' | 'Max-Min' | 'Duration';

const noise = /^(?:\.\.\.|-+|(?:Total runtime|Thread priority|CPU list|CPU for main thread|Workload|Workload mem|Preheat cores): |Pre-heat for \d|Test (?:starts|completed)\.|INFO: debugfs mountpoint|Stopping the test\.|ERROR:(?:$| TEST\(| at line ))/;

/** Reads the table that oslat prints at its end: `<label>:<TAB> <one value per core>`. */
export class OslatText {
  version: string | null = null;
  usage: OutputLine | null = null;
  readonly warnings: string[] = [];
  stoppedBy: { cpu: number; gapUs: number; thresholdUs: number } | null = null;
  /** The line a table began at, and the one that ended it, where there are such. */
  began: OutputLine | null = null;
  private bias: number | null = null;
  private rows = new Map<Row, string[]>();
  private buckets: Array<{ label: string; counts: string[] }> = [];
  private misfits = 0;
  private tables = 0;

  /** Takes a line of oslat; false when it is none. */
  take(line: OutputLine): boolean {
    const text = line.text.trimStart();
    const version = /^oslat V (\d{1,3}\.\d{1,4})$/.exec(text);
    if (version !== null) this.version = version[1] ?? null;
    else if (text === 'Usage:') this.usage = line;
    else if (text.startsWith('WARNING: ')) this.warnings.push(text);
    else if (!noise.test(text) && !this.takeBias(text) && !this.takeStop(text)) return this.takeRow(line, text);
    return true;
  }

  /** The threads of the last table; null when there is none, or it is cut before its maxima. */
  finish(): OslatTable | null {
    const [cores, minima, maxima] = [this.numbers('Core'), this.numbers('Minimum'), this.numbers('Maximum')];
    const last = this.buckets[this.buckets.length - 1];
    if (cores === null || minima === null || maxima === null || last === undefined) return null;
    const inNs = this.buckets.some(({ label }) => label.includes('.'));
    const whole = (figure: number) => (inNs ? Math.round(figure * 1000) : figure);
    const threads = cores.map((cpu, i): OslatThread => ({
      cpu,
      frequencyMhz: (this.numbers('Counter Freq') ?? this.numbers('CPU Freq'))?.[i] ?? null,
      min: whole(minima[i] ?? 0),
      max: whole(maxima[i] ?? 0),
      averageUs: this.numbers('Average')?.[i] ?? null,
      durationSeconds: this.numbers('Duration')?.[i] ?? null,
      counts: new Map(this.buckets.map(({ label, counts }) => [whole(Number(label)), Number(counts[i] ?? 0)])),
      lastLabel: whole(Number(last.label)),
    }));
    if (this.misfits > 0) this.warnings.push(`${this.misfits} ${this.misfits === 1 ? 'row' : 'rows'} of the table could not be read; what is counted there is missing.`);
    if (this.tables > 1) this.warnings.push(`There are ${this.tables} tables in this output; the last one is used.`);
    return { version: this.version, unit: inNs ? 'ns' : 'us', bias: this.bias === null ? null : whole(this.bias), width: null, threads };
  }

  private takeBias(text: string): boolean {
    const bias = /^Global bias set to (\d{1,9}(?:\.\d{1,3})?) \(us\)$/.exec(text);
    if (bias !== null) this.bias = Number(bias[1]);
    return bias !== null;
  }

  private takeStop(text: string): boolean {
    const stop = /Trace threshold \((\d{1,9}) us\) triggered(?: on cpu (\d{1,6}))? with (\d{1,12}(?:\.\d{1,3})?) us!$/.exec(text);
    if (stop !== null) this.stoppedBy = { cpu: Number(stop[2] ?? -1), gapUs: Number(stop[3]), thresholdUs: Number(stop[1]) };
    return stop !== null;
  }

  private takeRow(line: OutputLine, text: string): boolean {
    const row = /^(\d{1,9}(?:\.\d{3})? \(us\)|Core|Counter Freq|CPU Freq|Minimum|Average|Maximum|Max-Min|Duration):\s+(.*)$/.exec(text);
    const [, name = '', rest = ''] = row ?? [];
    const values = cells(rest);
    // A value that is cut still looks like one: a row counts when its newline is there.
    if (row === null || values === null || !line.ended) return false;
    if (name === 'Core') this.begin(line);
    const cores = this.rows.get('Core')?.length ?? values.length;
    if (values.length !== cores) this.misfits++;
    else if (name.endsWith('(us)')) this.buckets.push({ label: name.slice(0, -' (us)'.length), counts: values });
    else this.rows.set(rowNames.find((known) => known === name) ?? 'Core', values);
    return true;
  }

  private begin(line: OutputLine): void {
    this.began = line;
    this.tables++;
    this.rows = new Map();
    this.buckets = [];
    this.misfits = 0;
  }

  private numbers(row: Row): number[] | null {
    return this.rows.get(row)?.map(Number) ?? null;
  }
}

const rowNames: readonly Row[] = ['Core', 'Counter Freq', 'CPU Freq', 'Minimum', 'Average', 'Maximum', 'Max-Min', 'Duration'];

/** One value per core, then perhaps a unit or a note in brackets; null when there is anything else. */
function cells(rest: string): string[] | null {
  const open = rest.indexOf(' (');
  const list = (open < 0 ? rest : rest.slice(0, open)).trim().split(' ');
  return list.every((cell) => /^\d{1,15}(?:\.\d{1,6})?$/.test(cell)) ? list : null;
}
