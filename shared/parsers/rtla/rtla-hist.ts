import type { OutputLine } from '../tool-text/output-lines.ts';
import { secondsOf, type Tracer } from './rtla-top.ts';

type Tail = 'over' | 'count' | 'min' | 'avg' | 'max';

export interface HistColumn { readonly kind: string | null; readonly cpu: number | null; readonly counts: ReadonlyArray<readonly [index: number, count: number]>; readonly tail: Readonly<Partial<Record<Tail, number | null>>> }

export interface HistTable {
  readonly tracer: Tracer | null;
  /** Null with --no-header: rtla then does not tell it. */
  readonly unit: 'us' | 'ns' | null;
  readonly durationSeconds: number | null;
  readonly columns: readonly HistColumn[];
  readonly misfits: number;
}

/** Reads the table of `rtla … hist`: a column per CPU and kind, named by the Index line, and a tail of figures. */
export class RtlaHist {
  private tracer: Tracer | null = null;
  private unit: 'us' | 'ns' | null = null;
  private durationSeconds: number | null = null;
  private names: ReadonlyArray<{ kind: string; cpu: number }> | null = null;
  private rows: Array<{ index: number; counts: number[] }> = [];
  private tail = new Map<Tail, Array<number | null>>();
  private inSum = false;
  private misfits = 0;

  /** False when the line belongs to no such table. */
  take(line: OutputLine): boolean {
    const text = line.text.trim();
    return this.takeHead(text) || (line.ended && (this.takeNames(text) || this.takeTail(text) || this.takeRow(text)));
  }

  finish(): HistTable | null {
    const width = this.names?.length ?? this.rows[0]?.counts.length ?? 0;
    if (width === 0 || (this.rows.length === 0 && this.tail.size === 0)) return null;
    const columns = Array.from({ length: width }, (_, i): HistColumn => ({
      kind: this.names?.[i]?.kind ?? null,
      cpu: this.names?.[i]?.cpu ?? null,
      counts: this.countsOf(i),
      tail: Object.fromEntries([...this.tail].map(([name, values]) => [name, values[i] ?? null])),
    }));
    return { tracer: this.tracer, unit: this.unit, durationSeconds: this.durationSeconds, columns, misfits: this.misfits };
  }

  /** Of one column, ascending, without zeros. Of rows that are there twice the last one counts. */
  private countsOf(column: number): Array<[number, number]> {
    const pairs = this.rows.map(({ index, counts }): [number, number] => [index, counts[column] ?? 0]);
    const ascending = pairs.every(([index], at) => index > (pairs[at - 1]?.[0] ?? -1));
    return (ascending ? pairs : [...new Map(pairs)].sort((a, b) => a[0] - b[0])).filter(([, count]) => count > 0);
  }

  private takeHead(text: string): boolean {
    const tracer = /^# RTLA (timerlat|osnoise) histogram$/.exec(text)?.[1];
    if (tracer !== undefined) {
      this.tracer = tracer === 'osnoise' ? 'osnoise' : 'timerlat';
      this.names = null;
      this.rows = [];
      this.tail = new Map();
      this.inSum = false;
      this.misfits = 0;
      return true;
    }
    const unit = /^# Time unit is (micro|nano)seconds \((?:us|ns)\)$/.exec(text)?.[1];
    if (unit !== undefined) this.unit = unit === 'nano' ? 'ns' : 'us';
    const duration = /^# Duration:\s+(\d{1,6} \d{2}:\d{2}:\d{2})$/.exec(text)?.[1];
    if (duration !== undefined) this.durationSeconds = secondsOf(duration);
    return unit !== undefined || duration !== undefined;
  }

  private takeNames(text: string): boolean {
    // The last block, over all CPUs, would count everything twice.
    if (/^ALL:(?:\s+(?:IRQ|Thr|Usr))+$/.test(text)) {
      this.inSum = true;
      return true;
    }
    if (!/^Index(?:\s+(?:IRQ|Thr|Usr|CPU)-\d{3,6})+$/.test(text)) return false;
    this.names = text.split(/\s+/).slice(1).map((name) => ({ kind: name.slice(0, 3), cpu: Number(name.slice(4)) }));
    return true;
  }

  private takeTail(text: string): boolean {
    const [, name = '', rest = ''] = /^(over|count|min|avg|max):((?:\s+(?:-|\d{1,15}(?:\.\d{1,3})?))+)$/.exec(text) ?? [];
    const tail = tails.find((known) => known === name);
    if (tail === undefined) return false;
    const values = rest.trim().split(/\s+/).map((cell) => (cell === '-' ? null : Number(cell)));
    if (!this.inSum && this.fits(values.length)) this.tail.set(tail, values);
    return true;
  }

  private takeRow(text: string): boolean {
    const row = /^(\d{1,15})((?:\s+\d{1,15})+)$/.exec(text);
    if (row === null) return false;
    const counts = (row[2] ?? '').trim().split(/\s+/).map(Number);
    if (this.fits(counts.length)) this.rows.push({ index: Number(row[1]), counts });
    else this.misfits++;
    return true;
  }

  private fits(length: number): boolean {
    return length === (this.names?.length ?? this.rows[0]?.counts.length ?? length);
  }
}

const tails: readonly Tail[] = ['over', 'count', 'min', 'avg', 'max'];
