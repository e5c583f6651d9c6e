import type { SummaryLine } from './summary-line.ts';

/**
 * Follows the blocks of `T:` lines (one redraw of the live display, one status, the final summary) and keeps the last
 * complete one: a killed run may end in the middle of a block.
 */
export class SummaryBlocks {
  private current = new Map<number, SummaryLine>();
  private lastComplete = new Map<number, SummaryLine>();
  private largest = 0;
  private lastIndex = -1;
  private isStatus = false;
  private redrawPending = false;

  /** Something that precedes a block was printed: the `policy:` line, or the head of a status. */
  begin(kind: 'display' | 'status'): void {
    this.keepIfComplete();
    this.current = new Map();
    this.lastIndex = -1;
    this.isStatus = kind === 'status';
    this.redrawPending = kind === 'display';
  }

  add(line: SummaryLine): void {
    if (line.index <= this.lastIndex) {
      this.begin('display');
      this.isStatus = false;
    }
    this.redrawPending = false;
    this.current.set(line.index, line);
    this.lastIndex = line.index;
    this.largest = Math.max(this.largest, this.current.size);
  }

  /** The cursor was moved up to redraw: another block was meant to follow. */
  expectRedraw(expected: boolean): void {
    this.redrawPending = expected;
  }

  /** The thread lines to use, by index, and whether they are the end of the run. */
  finish(): { lines: SummaryLine[]; complete: boolean } {
    const lastIsWhole = this.current.size > 0 && this.current.size === this.largest;
    const block = lastIsWhole ? this.current : this.lastComplete;
    return {
      lines: [...block.values()].sort((a, b) => a.index - b.index),
      complete: lastIsWhole && !this.isStatus && !this.redrawPending,
    };
  }

  private keepIfComplete(): void {
    if (this.current.size > 0 && this.current.size === this.largest) this.lastComplete = this.current;
  }
}
