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
  private readonly owners = new Map<number, number>();
  private firstIndex = 0;
  private readonly former = new Set<number>();
  /** How many runs followed each other; the figures are the last one's. */
  runs = 1;

  /** Something that precedes a block was printed: the `policy:` line, or the head of a status. */
  begin(kind: 'display' | 'status'): void {
    this.keepIfComplete();
    this.current = new Map();
    this.lastIndex = -1;
    this.isStatus = kind === 'status';
    this.redrawPending = kind === 'display';
  }

  /** False when the line is of another run than those around it: two outputs are mixed. */
  add(line: SummaryLine): boolean {
    if (!this.isOfThisRun(line)) return false;
    if (line.index <= this.lastIndex) {
      this.begin('display');
      this.isStatus = false;
    }
    this.redrawPending = false;
    this.current.set(line.index, line);
    this.lastIndex = line.index;
    this.largest = Math.max(this.largest, this.current.size);
    return true;
  }

  /** Threads keep their ids, which are 0 before they start; a run that follows begins with its first thread. */
  private isOfThisRun({ index, threadId }: SummaryLine): boolean {
    const owner = this.owners.get(index);
    if (threadId === 0 || owner === threadId) return true;
    if (this.former.has(threadId)) return false;
    if (owner !== undefined) {
      if (index !== this.firstIndex) return false;
      for (const id of this.owners.values()) this.former.add(id);
      this.owners.clear();
      this.current = new Map();
      this.lastComplete = new Map();
      this.largest = 0;
      this.runs++;
    }
    if (this.owners.size === 0) this.firstIndex = index;
    this.owners.set(index, threadId);
    return true;
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

export const severalRuns = (runs: number): string => `There are ${runs} runs in this output; the last one is used.`;
