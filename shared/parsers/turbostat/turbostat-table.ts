import type { OutputLine } from '../tool-text/output-lines.ts';

/** A row of figures by column; `cpu` is null in the row over all CPUs. */
export interface TurboRow { readonly cpu: number | null; readonly values: Readonly<Record<string, number>> }

const places = ['usec', 'Time_Of_Day_Seconds', 'Package', 'Die', 'L3', 'Node', 'Core', 'CPU', 'APIC', 'X2APIC'];
const figures = /^(?:\w+%\w*|\w*MHz|IRQ|NMI|SMI|IPC|\w+Watt|\w+Tmp|\w+_J|POLL|C\d\w*)$/;
const cell = /^[A-Za-z][\w%+./-]{0,40}$/;

/** Reads the tables of turbostat: columns separated by tabs, the header repeated for each interval. */
export class TurboTable {
  columns: readonly string[] = [];
  readonly intervals: TurboRow[][] = [];
  /** With a command turbostat prints how long it took. */
  seconds: number | null = null;
  /** Met a line that cannot be of the same run as those before: other columns, a head without rows, or a CPU a second time in one interval. */
  foreign = false;
  private heads: readonly string[] = [];

  /** False when the line belongs to no table. A line without its newline may be cut, and is none. */
  take(line: OutputLine): boolean {
    if (!line.ended) return false;
    const seconds = /^(\d{1,9}\.\d{6}) sec$/.exec(line.text)?.[1];
    if (seconds !== undefined) {
      this.seconds = Number(seconds);
      return true;
    }
    const cells = line.text.split('\t');
    return this.takeHeads(cells) || this.takeRow(cells);
  }

  private takeHeads(cells: readonly string[]): boolean {
    if (!isHeads(cells)) return false;
    this.foreign ||= this.heads.length > 0 && (cells.join('\t') !== this.heads.join('\t') || this.intervals.at(-1)?.length === 0);
    this.heads = cells;
    this.columns = cells.filter((head) => !places.includes(head));
    this.intervals.push([]);
    return true;
  }

  private takeRow(cells: readonly string[]): boolean {
    if (!this.isRow(cells)) return false;
    const at = (head: string) => cells[this.heads.indexOf(head)] ?? '-';
    const cpu = this.cpuOf(cells);
    const values = Object.fromEntries(this.columns.flatMap((column): Array<[string, number]> => {
      const text = at(column).replace('%', '').trim();
      return text === '' || text === '-' || text.startsWith('0x') ? [] : [[column, Number(text)]];
    }));
    let interval = this.intervals[this.intervals.length - 1];
    // With -N the header is not repeated: the row over all CPUs begins an interval.
    if (interval === undefined || (cpu === null && interval.length > 0)) this.intervals.push(interval = []);
    this.foreign ||= cpu !== null && interval.some((row) => row.cpu === cpu);
    interval.push({ cpu, values });
    return true;
  }

  private isRow(cells: readonly string[]): boolean {
    return this.heads.length > 0 && cells.length <= this.heads.length && cells.every((text) => /^(?:-|\s*-?\d{1,15}(?:\.\d{1,6})?%?|0x[0-9a-f]{1,16}|)$/.test(text));
  }

  private cpuOf(cells: readonly string[]): number | null {
    const place = cells[this.heads.indexOf('CPU')] ?? '-';
    return /^\d{1,6}$/.test(place) ? Number(place) : null;
  }
}

const isHeads = (cells: readonly string[]): boolean => cells.every((text) => cell.test(text)) && cells.some((text) => figures.test(text));
