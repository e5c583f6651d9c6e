import type { Histogram } from '../../statistics/histogram.ts';

/** The rows of a histogram: one column per thread, and with `-H` one more that adds them up. */
export interface HistogramRows {
  readonly columns: Histogram[];
  /** Sum of each column, to check against the sum column and the Total line. */
  readonly totals: number[];
  readonly rowCount: number;
  readonly firstBin: number;
  readonly lastBin: number;
  /** Whether in every row the last column is the sum of the others, and any row says so (all zeros say nothing). */
  readonly lastColumnIsSum: boolean;
  /** Where reading stopped: the first line that is not a row. */
  readonly end: number;
  readonly lines: number;
  /** Whether the text ended within a row; that row is not used. */
  readonly cut: boolean;
  /** Rows that are not like the others, and were not used. */
  readonly misfits: number;
}

const zero = 48, nine = 57, tab = 9, newline = 10, carriageReturn = 13, space = 32;
const maximumColumns = 8193;

/**
 * Reads rows `000013 000175<TAB>000104` from `start` on, in one pass without making a string of any cell: a run of 64
 * threads with 30,000 buckets is 13 MB of digits. Counts may have more than six digits. Rows of zeros may be missing
 * (rt-tests 2.7 and later leave them out). A text that ends within a row loses that row, because a cut number cannot be
 * told from a whole one. `kept` is room to work in; it can be used again for the next histogram.
 */
export function readHistogramRows(text: string, start: number, kept: RowTable): HistogramRows {
  const length = text.length;
  kept.clear();
  let position = start;
  let width = 0;
  let rowCount = 0, lines = 0, misfits = 0;
  let firstBin = 0, lastBin = -1;
  let sumsAgree = true, cut = false;

  while (position < length) {
    let code = text.charCodeAt(position);
    if (code < zero || code > nine) break;
    let bin = 0;
    while (code >= zero && code <= nine) {
      bin = bin * 10 + (code - zero);
      code = text.charCodeAt(++position);
    }
    const room = kept.room();
    let cells = 0, sum = 0, last = 0;
    while (code === space || code === tab) {
      code = text.charCodeAt(++position);
      if (code < zero || code > nine) continue;
      last = 0;
      while (code >= zero && code <= nine) {
        last = last * 10 + (code - zero);
        code = text.charCodeAt(++position);
      }
      if (cells < maximumColumns) room[kept.used + cells] = last;
      cells++;
      sum += last;
    }
    if (code === carriageReturn) code = text.charCodeAt(++position);
    lines++;
    cut = position >= length;
    if (cut) break;
    const whole = code === newline;
    if (!whole) {
      const next = text.indexOf('\n', position);
      position = next < 0 ? length : next;
    }
    position++;
    if (width === 0 && whole && cells <= maximumColumns) {
      width = cells;
      firstBin = bin;
    }
    // A sum too large to be exact is not a count of anything.
    if (!whole || cells === 0 || cells !== width || bin <= lastBin || bin + sum > Number.MAX_SAFE_INTEGER) {
      misfits++;
      continue;
    }
    rowCount++;
    lastBin = bin;
    if (sum === 0) continue;
    sumsAgree &&= last * 2 === sum;
    kept.keep(bin, cells);
  }
  const { columns, totals } = kept.columns(width);
  const lastColumnIsSum = width > 1 && kept.count > 0 && sumsAgree;
  return { columns, totals, rowCount, firstBin, lastBin, lastColumnIsSum, end: Math.min(position, length), lines, cut, misfits };
}

/** The rows that count something, as one flat table that grows. */
export class RowTable {
  private cells = new Float64Array(1 << 16);
  private bins = new Float64Array(1 << 10);
  used = 0;
  count = 0;

  clear(): void {
    this.used = 0;
    this.count = 0;
  }

  /** The table, with room for one more row from `used` on. */
  room(): Float64Array {
    if (this.used + maximumColumns > this.cells.length) this.cells = doubled(this.cells);
    return this.cells;
  }

  keep(bin: number, width: number): void {
    if (this.count === this.bins.length) this.bins = doubled(this.bins);
    this.bins[this.count++] = bin;
    this.used += width;
  }

  columns(width: number): { columns: Histogram[]; totals: number[] } {
    const sizes = new Uint32Array(width);
    const totals = new Float64Array(width);
    const { cells, bins, used } = this;
    for (let i = 0, column = 0; i < used; i++) {
      const count = cells[i] ?? 0;
      if (count !== 0) {
        sizes[column] = (sizes[column] ?? 0) + 1;
        totals[column] = (totals[column] ?? 0) + count;
      }
      if (++column === width) column = 0;
    }
    const columns = Array.from(sizes, (size) => ({ lower: new Float64Array(size), counts: new Float64Array(size) }));
    const filled = new Uint32Array(width);
    for (let row = 0, i = 0; i < used; row++) {
      const bin = bins[row] ?? 0;
      for (let column = 0; column < width; column++, i++) {
        const count = cells[i] ?? 0;
        const target = columns[column];
        if (count === 0 || target === undefined) continue;
        const at = filled[column] ?? 0;
        target.lower[at] = bin;
        target.counts[at] = count;
        filled[column] = at + 1;
      }
    }
    return { columns, totals: [...totals] };
  }
}

function doubled(old: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(old.length * 2);
  larger.set(old);
  return larger;
}
