import { emptyHistogram } from '../../statistics/histogram.ts';
import type { HistogramRows } from './histogram-rows.ts';
import { readNumbers } from './numbers.ts';
import type { ReadThread } from './reading.ts';

type Trailer = 'Total' | 'Min Latencies' | 'Avg Latencies' | 'Max Latencies' | 'Histogram Overflows' | 'SMIs';

export interface OverflowCycles { index: number; cycles: number[]; others: number }

/** One `# Histogram` with the `#` lines that follow its rows, as far as the output goes. */
export class HistogramSection {
  private readonly trailer = new Map<Trailer, number[]>();
  readonly overflowCycles: OverflowCycles[] = [];
  private readonly rows: HistogramRows;

  constructor(rows: HistogramRows) {
    this.rows = rows;
  }

  /** Takes a `#` line that belongs to a histogram; false when it does not. */
  take(line: string): boolean {
    const [head, rest] = splitAtColon(line);
    if (head === '# Histogram Overflow at cycle number') return true;
    const index = /^# Thread (\d{1,6})$/.exec(head)?.[1];
    if (index !== undefined) return this.takeOverflowCycles(Number(index), rest);
    const name = trailerNames.find((known) => head === `# ${known}`);
    const numbers = readNumbers(rest);
    if (name === undefined || numbers === null) return false;
    this.trailer.set(name, numbers);
    return true;
  }

  private takeOverflowCycles(index: number, rest: string): boolean {
    const [list = '', others = ''] = rest.split('#', 2);
    const cycles = readNumbers(list);
    if (cycles === null) return false;
    this.overflowCycles.push({ index, cycles, others: Number(/^ *(\d{1,15}) others *$/.exec(others)?.[1] ?? 0) });
    return true;
  }

  /** Everything up to the overflow counts is there: after them, samples are known exactly. */
  get complete(): boolean {
    return this.trailer.has('Min Latencies') && this.trailer.has('Max Latencies') && this.trailer.has('Histogram Overflows') && this.rows.misfits === 0;
  }

  get smiCounts(): number[] | undefined {
    return this.trailer.get('SMIs');
  }

  /**
   * The size given with -h, in cyclictest's unit. Up to rt-tests 2.6 every row is printed (and a Total line); later
   * the size shows only where an overflow list was cut at that many cycle numbers.
   */
  get bound(): number | null {
    const { rowCount, firstBin, lastBin } = this.rows;
    if (this.trailer.has('Total') && firstBin === 0 && rowCount === lastBin + 1) return rowCount;
    return this.overflowCycles.find(({ others }) => others > 0)?.cycles.length ?? null;
  }

  /** The threads of this histogram, and what does not add up in it. */
  threads(): { threads: ReadThread[]; warnings: string[] } {
    const count = this.threadCount();
    const minima = this.trailer.get('Min Latencies');
    const threads = Array.from({ length: count }, (_, index): ReadThread => {
      const histogram = this.rows.columns[index] ?? emptyHistogram;
      const overflows = this.trailer.get('Histogram Overflows')?.[index] ?? 0;
      const samples = (this.rows.totals[index] ?? 0) + overflows;
      const measured = (values: number[] | undefined) => (samples === 0 ? null : values?.[index] ?? null);
      return {
        index, cpu: null, samples, overflows, histogram,
        min: minima === undefined ? histogram.lower[0] ?? null : measured(minima),
        avg: measured(this.trailer.get('Avg Latencies')),
        max: measured(this.trailer.get('Max Latencies')),
      };
    });
    return { threads, warnings: this.doubts(count) };
  }

  /** Whether the columns fit the number of threads that the Min line names: as many, or one more (-H). */
  get fits(): boolean {
    const named = this.trailer.get('Min Latencies')?.length;
    const { length } = this.rows.columns;
    return named === undefined || length === 0 || length === named || length === named + 1;
  }

  private threadCount(): number {
    const named = this.trailer.get('Min Latencies')?.length;
    if (named !== undefined) return named;
    const { length } = this.rows.columns;
    return this.rows.lastColumnIsSum && length > 2 ? length - 1 : length;
  }

  private doubts(count: number): string[] {
    const { totals, columns, lastColumnIsSum, misfits } = this.rows;
    const warnings: string[] = [];
    if (misfits > 0) warnings.push(`${misfits} ${misfits === 1 ? 'row' : 'rows'} of the histogram could not be read; the samples counted there are missing.`);
    const total = this.trailer.get('Total');
    for (let index = 0; total !== undefined && index < count; index++) {
      if (total[index] === totals[index]) continue;
      warnings.push(`The Total line says ${total[index] ?? 'nothing'} for thread ${index}, but its rows add up to ${totals[index] ?? 0}.`);
    }
    if (columns.length === count + 1 && columns[count] !== undefined && !lastColumnIsSum && (totals[count] ?? 0) > 0) {
      warnings.push('The last column of the histogram is not the sum of the others.');
    }
    return warnings;
  }
}

const trailerNames: readonly Trailer[] = ['Total', 'Min Latencies', 'Avg Latencies', 'Max Latencies', 'Histogram Overflows', 'SMIs'];

function splitAtColon(line: string): [string, string] {
  const colon = line.indexOf(':');
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
}
