import type { OutputLine } from '../tool-text/output-lines.ts';

/** A pair of threads, of which the first receives and the second sends. Latencies in µs, null before the first sample. */
export interface ThreadPair {
  readonly receiver: number;
  readonly sender: number;
  readonly receiverCpu: number | null;
  readonly senderCpu: number | null;
  readonly samples: number;
  readonly timeouts: number | null;
  readonly minUs: number | null;
  readonly avgUs: number | null;
  readonly maxUs: number | null;
}

interface Head { readonly receiverCpu: number; readonly senderCpu: number; readonly sender: number; readonly samples: number; readonly timeouts: number | null }
type Block = Map<number, ThreadPair>;

const headPattern = /^#(\d{1,6}): ID(\d+), P\d+, CPU(-?\d{1,6}), I-?\d+; #(\d{1,6}): ID\d+, P\d+, CPU(-?\d{1,6}), (?:TO (\d{1,9}), )?Cycles (\d{1,15})$/;
const tailPattern = /^#(\d{1,6}) -> #(\d{1,6}), Min\s+(-?\d{1,12}), Cur\s+-?\d{1,12}, Avg\s+(-?\d{1,12}), Max\s+(-?\d{1,12})$/;

/**
 * Reads the two lines per pair that pmqtest, ptsematest, svsematest and sigwaittest print: one with the cycles, one with
 * the latencies. Of a display that repaints, the last block in which every pair is whole counts.
 */
export class PairText {
  private heads = new Map<number, Head>();
  private block: Block = new Map();
  private whole: Block = new Map();
  private readonly threadIds = new Map<number, string>();

  /** Whether a line is of another run than the lines before: threads keep their ids. */
  isOfAnother(line: OutputLine): boolean {
    const [, receiver, id = ''] = (line.ended ? headPattern.exec(line.text) : null) ?? [];
    if (receiver === undefined || Number(id) === 0) return false;
    const known = this.threadIds.get(Number(receiver));
    this.threadIds.set(Number(receiver), id);
    return known !== undefined && known !== id;
  }

  /** Takes a line of such a tool; false when it is none. A line without its newline may be cut, and is none. */
  take(line: OutputLine): boolean {
    if (line.repaint) this.restart();
    const head = line.ended ? headPattern.exec(line.text) : null;
    if (head !== null) {
      const receiver = Number(head[1]);
      // Without repainting, as after an interruption, the block begins again with its first pair.
      if (this.heads.has(receiver)) this.restart();
      this.heads.set(receiver, { receiverCpu: Number(head[3]), sender: Number(head[4]), senderCpu: Number(head[5]), timeouts: head[6] === undefined ? null : Number(head[6]), samples: Number(head[7]) });
      return true;
    }
    const tail = line.ended ? tailPattern.exec(line.text) : null;
    const receiver = Number(tail?.[2]);
    const known = this.heads.get(receiver);
    if (tail === null || known === undefined || known.sender !== Number(tail[1])) return false;
    const measured = (text: string | undefined) => (known.samples === 0 || Number(tail[3]) < 0 ? null : Number(text));
    this.block.set(receiver, {
      receiver, sender: known.sender, receiverCpu: cpuOf(known.receiverCpu), senderCpu: cpuOf(known.senderCpu),
      samples: known.samples, timeouts: known.timeouts, minUs: measured(tail[3]), avgUs: measured(tail[4]), maxUs: measured(tail[5]),
    });
    return true;
  }

  finish(): ThreadPair[] {
    this.restart();
    return [...this.whole.values()].sort((a, b) => a.receiver - b.receiver);
  }

  private restart(): void {
    if (this.block.size > 0 && this.block.size === this.heads.size && this.block.size >= this.whole.size) this.whole = this.block;
    this.block = new Map();
    this.heads = new Map();
  }
}

/** −1 stands for “not pinned, and not yet seen”. */
export const cpuOf = (cpu: number) => (cpu < 0 ? null : cpu);
