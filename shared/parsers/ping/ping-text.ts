import type { OutputLine } from '../tool-text/output-lines.ts';

const replyPattern = /^(?:\[\d{1,12}\.\d{1,9}\] )?\d{1,6} bytes from .{1,300}?: (?:icmp_)?seq=\d{1,9} ttl=\d{1,3}(?: time=(\d{1,9}(?:\.\d{1,3})?) ms)?( \(DUP!\))?(?: \(.{1,40}\))?$/;
const countsPattern = /^(\d{1,12}) packets transmitted, (\d{1,12}) (?:packets )?received,(?: \+(\d{1,12}) duplicates,)?(?: \+\d{1,12} corrupted,)?(?: \+(\d{1,12}) errors,)? \d{1,3}(?:\.\d{1,6})?% packet loss(?:, time \d{1,15}ms)?$/;
const timesPattern = /^(?:rtt|round-trip) min\/avg\/max(?:\/mdev)? = (\d{1,9}\.\d{1,3})\/(\d{1,9}\.\d{1,3})\/(\d{1,9}\.\d{1,3})(?:\/\d{1,9}\.\d{1,3})? ms(?:, pipe \d{1,9})?(?:, ipg\/ewma \S{1,40} ms)?$/;

/** Takes the lines of ping one by one. Times in ms as printed. */
export class PingText {
  host: string | null = null;
  /** How many runs began. */
  heads = 0;
  readonly times: number[] = [];
  /** What was said of single packets that were not answered. */
  readonly notices: string[] = [];
  timeless = 0;
  sent: number | null = null;
  received: number | null = null;
  duplicates = 0;
  errors = 0;
  summary: { readonly min: number; readonly avg: number; readonly max: number } | null = null;

  /** False when ping prints no such line in English. A line without its newline may be cut, and is none. */
  take(line: OutputLine): boolean {
    const { text } = line;
    const head = /^PING (\S{1,255}?)[ (]/.exec(text)?.[1];
    if (head !== undefined) {
      this.host = head;
      this.heads++;
      return true;
    }
    // One dot per packet that was sent with -f, taken back for each that was answered.
    if (/^--- .{1,255} ping statistics ---$/.test(text) || /^[.E\x08 ]+$/.test(text)) return true;
    if (!line.ended) return false;
    return this.takeReply(text) || this.takeCounts(text) || this.takeTimes(text) || this.takeNotice(text);
  }

  private takeReply(text: string): boolean {
    const reply = replyPattern.exec(text);
    if (reply === null) return false;
    if (reply[1] === undefined) this.timeless++;
    else if (reply[2] === undefined) this.times.push(Number(reply[1]));
    return true;
  }

  private takeCounts(text: string): boolean {
    const counts = countsPattern.exec(text);
    if (counts === null) return false;
    this.sent = Number(counts[1]);
    this.received = Number(counts[2]);
    this.duplicates = Number(counts[3] ?? 0);
    this.errors = Number(counts[4] ?? 0);
    return true;
  }

  private takeTimes(text: string): boolean {
    const times = timesPattern.exec(text);
    if (times !== null) this.summary = { min: Number(times[1]), avg: Number(times[2]), max: Number(times[3]) };
    return times !== null;
  }

  private takeNotice(text: string): boolean {
    const isNotice = /^(?:From \S{1,255}(?: \(\S{1,80}\))?:? icmp_seq=\d{1,9} |no answer yet for icmp_seq=\d|\d{1,6} bytes from .{1,300}: Destination |Request timeout for )/.test(text);
    if (isNotice) this.notices.push(text);
    return isNotice;
  }
}
