import { CodedError } from '../contract/errors.ts';
import { idSchema } from '../model/board.ts';
import type { LiveStatus } from '../model/run.ts';
import { ByteLines, type ByteLine } from './byte-lines.ts';
import { parseCpuList } from './cpu-list.ts';
import { emptyHeader, emptyJournal, journalEndStates, keptStatuses, type JournalCounters, type JournalSegment, type RunJournal } from './run-journal-model.ts';

interface OpenBlock { name: string; lines: string[]; bytes: number; kept: boolean }

export interface JournalReaderOptions {
  /**
   * `all` (the default): every segment with its texts, as a result needs them. `watching`: in bounded space however long the
   * run: no standard output, and of the other texts those of the last segment only.
   */
  readonly keep?: 'all' | 'watching';
  /** Told of each reading of the counters once it is whole, and how many segments had begun before it. Only the first and the last are kept. */
  readonly onCounters?: (counters: JournalCounters, segments: number) => void;
}

/**
 * Reads the journal that the runner on a board writes, in any portions, while it grows. Total: whatever is fed, it
 * neither throws nor stops early; the first thing it cannot understand becomes `journal.problem`, which names the byte,
 * and everything before is kept. A last line that is not whole yet is waited for.
 *
 * Every record is one line ending in ` ;`, so that a record cut off by a full disk is known as such:
 *
 *     rtvm-bench-journal 1 · run ID · boot UUID · start EPOCH UPTIME · plan CPUS SEGMENT DURATION PERIOD · root yes|no
 *     fact NAME TEXT · b NAME, lines behind a bar, e NAME BYTES · counters UPTIME · segment INDEX UPTIME SECONDS
 *     s UPTIME samples,min,act,avg,max …(one a thread) · live UPTIME, then the block `live`: a tool's newest lines · end-segment INDEX UPTIME STATUS · end STATE REASON UPTIME SHA256
 *     t (the line before was cut off, or the block it stood in)
 */
export class RunJournalReader {
  readonly journal: RunJournal = emptyJournal();
  readonly #watching: boolean;
  readonly #lines = new ByteLines();
  #header = emptyHeader();
  #seen = new Set<string>();
  #block: OpenBlock | null = null;
  #doubtful: ByteLine | null = null;
  /** The time in the line being read: it counts once the line is understood. */
  #atSeconds = 0;

  readonly #onCounters: NonNullable<JournalReaderOptions['onCounters']>;
  #untold: JournalCounters | null = null;
  /** A tool's reading whose lines may still follow. */
  #newest: LiveStatus | null = null;

  constructor({ keep = 'all', onCounters = () => undefined }: JournalReaderOptions = {}) {
    this.#watching = keep === 'watching';
    this.#onCounters = onCounters;
  }

  feed(chunk: Uint8Array): void {
    if (this.journal.problem !== null) return;
    for (const line of this.#lines.take(chunk)) {
      this.#line(line);
      if (this.journal.problem !== null) return;
    }
    if (this.#lines.overlong) this.#fail(this.#lines.offset, 'a line has no end');
  }

  #line(line: ByteLine): void {
    if (line.text === 't ;') {
      this.#doubtful = null;
      this.#block = null;
      this.journal.torn = true;
      return;
    }
    if (this.#doubtful !== null) {
      this.#fail(this.#doubtful.offset, `“${shorten(this.#doubtful.text)}” is no record`);
      return;
    }
    this.#atSeconds = this.journal.lastAtSeconds;
    const understood = this.journal.end === null && (this.#block === null ? this.#record(line) : this.#inBlock(this.#block, line));
    if (understood) this.journal.lastAtSeconds = this.#atSeconds;
    else this.#doubtful = line;
  }

  #inBlock(block: OpenBlock, { text, bytes }: ByteLine): boolean {
    if (text.startsWith('|')) {
      if (block.kept) block.lines.push(text.slice(1));
      // The bar in front takes the place of the line feed behind.
      block.bytes += bytes;
      return true;
    }
    const match = /^e (\S+) (\d+) ;$/.exec(text);
    if (match?.[1] !== block.name || Number(match[2]) !== block.bytes) return false;
    if (!this.#keepBlock(block)) return false;
    this.#block = null;
    return true;
  }

  #record(line: ByteLine): boolean {
    if (!line.text.endsWith(' ;')) return false;
    const words = line.text.slice(0, -2).split(' ');
    const [kind = '', ...values] = words;
    if (this.journal.header === null) return this.#headerRecord(kind, values, line);
    if (kind !== 'b' || values[0] !== 'live') this.#newestIsWhole();
    switch (kind) {
      case 'b': return this.#openBlock(values);
      case 'fact': return this.#fact(values);
      case 'counters': return this.#counters(values);
      case 'segment': return this.#segment(values);
      case 's': return this.#status(values);
      case 'live': return this.#live(values);
      case 'end-segment': return this.#endSegment(values);
      case 'end': return this.#end(values, line.offset);
      default: return false;
    }
  }

  /** The head must be whole before anything else: version, run, boot, start, plan, root, in this order. */
  #headerRecord(kind: string, values: string[], line: ByteLine): boolean {
    const header = this.#header;
    const expected = ['rtvm-bench-journal', 'run', 'boot', 'start', 'plan', 'root'][this.#seen.size];
    if (kind !== expected) return false;
    this.#seen.add(kind);
    const [first = '', second = '', third = '', fourth = ''] = values;
    if (kind === 'rtvm-bench-journal' && /^\d+$/.test(first) && first !== '1') {
      this.#fail(line.offset, `its form ${shorten(first)} is newer than this version of RTVM Bench knows`);
      return true;
    }
    switch (kind) {
      case 'rtvm-bench-journal': return first === '1';
      case 'run': header.runId = first; return idSchema.safeParse(first).success;
      case 'boot': header.bootId = first; return first !== '';
      case 'start': {
        const [epoch, uptime] = [numberOf(first), numberOf(second)];
        if (epoch === null || uptime === null) return false;
        [header.startEpochSeconds, header.startUptimeSeconds] = [epoch, uptime];
        return true;
      }
      case 'plan': {
        const cpus = parseCpuList(first);
        const [segment, duration, period] = [numberOf(second), numberOf(third), numberOf(fourth)];
        if (!cpus.ok || cpus.value.length === 0 || segment === null || duration === null || period === null) return false;
        Object.assign(header, { cpus: cpus.value, segmentSeconds: segment, durationSeconds: duration, periodSeconds: period });
        return true;
      }
      default:
        if (first !== 'yes' && first !== 'no') return false;
        header.asRoot = first === 'yes';
        this.journal.header = header;
        return true;
    }
  }

  #fact([name = '', ...text]: string[]): boolean {
    if (name === '') return false;
    this.#header.facts.set(name, text.join(' '));
    return true;
  }

  #openBlock([name = '']: string[]): boolean {
    if (!/^[a-z-]{1,40}$/.test(name)) return false;
    this.#block = { name, lines: [], bytes: 0, kept: !(this.#watching && name === 'stdout') };
    return true;
  }

  #keepBlock({ name, lines, kept }: OpenBlock): boolean {
    if (!kept) return this.#openSegment() !== null;
    const text = lines.map((line) => `${line}\n`).join('');
    const segment = this.#openSegment();
    switch (name) {
      case 'owner': this.#header.owner = lines.join('\n'); return true;
      case 'command': this.#header.command = lines; return true;
      case 'stdout': case 'stderr': case 'threads': case 'affinity':
        if (segment === null) return false;
        segment[name] = text;
        return true;
      case 'live':
        if (this.#newest?.lines === undefined) return false;
        this.#newest.lines.push(...lines);
        this.#newestIsWhole();
        return true;
      default:
        this.journal.lastCounters?.texts.set(name, text);
        return this.journal.lastCounters !== null;
    }
  }

  #counters([uptime = '']: string[]): boolean {
    const atSeconds = this.#time(uptime);
    if (atSeconds === null || this.#openSegment() !== null) return false;
    this.journal.lastCounters = { atSeconds, texts: new Map() };
    this.journal.firstCounters ??= this.journal.lastCounters;
    this.#untold = this.journal.lastCounters;
    return true;
  }

  /** What comes after a reading of the counters shows that it is whole. */
  #countersAreWhole(): void {
    if (this.#untold !== null) this.#onCounters(this.#untold, this.journal.segments.length);
    this.#untold = null;
  }

  #segment([index = '', uptime = '', seconds = '']: string[]): boolean {
    const [startedAtSeconds, askedSeconds] = [this.#time(uptime), numberOf(seconds)];
    if (startedAtSeconds === null || askedSeconds === null || this.#openSegment() !== null) return false;
    if (index !== String(this.journal.segments.length + 1)) return false;
    this.#countersAreWhole();
    const before = this.journal.segments.at(-1);
    if (this.#watching && before !== undefined) Object.assign(before, { stderr: null, threads: null, affinity: null });
    this.journal.segments.push({
      index: Number(index), askedSeconds, startedAtSeconds, endedAtSeconds: null, exitCode: null,
      stdout: null, stderr: null, threads: null, affinity: null, lastStatus: null, rises: [],
    });
    return true;
  }

  #status([uptime = '', ...threads]: string[]): boolean {
    const segment = this.#openSegment();
    const atSeconds = this.#time(uptime);
    if (segment === null || atSeconds === null) return false;
    const readings: number[][] = [];
    for (const text of threads) {
      const five = fiveNumbers(text);
      if (five === null) return false;
      readings.push(five);
    }
    if (readings.length !== this.#header.cpus.length) {
      this.journal.oddStatuses += 1;
      return true;
    }
    const status: LiveStatus = {
      atSeconds, segment: segment.index,
      threads: readings.map(([samples = 0, minUs = 0, actUs = 0, avgUs = 0, maxUs = 0], place) => ({ cpu: this.#header.cpus[place] ?? 0, samples, minUs, actUs, avgUs, maxUs })),
    };
    this.#keepStatus(segment, status);
    return true;
  }

  /** A tool that has no status of its own: its newest lines follow as a block, where there are any. */
  #live([uptime = '']: string[]): boolean {
    const segment = this.#openSegment();
    const atSeconds = this.#time(uptime);
    if (segment === null || atSeconds === null) return false;
    this.#newest = { atSeconds, segment: segment.index, threads: [], lines: [] };
    return true;
  }

  /** It is told with its lines: whoever follows a run would else see it before them, and not again. */
  #newestIsWhole(): void {
    const segment = this.#openSegment();
    if (this.#newest !== null && segment !== null) this.#keepStatus(segment, this.#newest);
    this.#newest = null;
  }

  #keepStatus(segment: JournalSegment, status: LiveStatus): void {
    const measured = status.threads.filter((thread) => thread.samples > 0);
    const maxUs = Math.max(...measured.map((thread) => thread.maxUs));
    if (measured.length > 0 && maxUs > (segment.rises.at(-1)?.maxUs ?? -1)) segment.rises.push({ atSeconds: status.atSeconds, maxUs });
    segment.lastStatus = status;
    this.journal.statusCount += 1;
    this.journal.statuses.push(status);
    if (this.journal.statuses.length > keptStatuses) this.journal.statuses.shift();
  }

  #endSegment([index = '', uptime = '', exitCode = '']: string[]): boolean {
    const segment = this.#openSegment();
    const endedAtSeconds = this.#time(uptime);
    const status = numberOf(exitCode);
    if (segment === null || endedAtSeconds === null || status === null || index !== String(segment.index)) return false;
    segment.endedAtSeconds = endedAtSeconds;
    segment.exitCode = status;
    return true;
  }

  #end([stateText = '', reason = '', uptime = '', sha256 = '-']: string[], offset: number): boolean {
    const state = journalEndStates.find((known) => known === stateText);
    const atSeconds = this.#time(uptime);
    if (state === undefined || atSeconds === null || reason === '' || !/^(?:-|[0-9a-f]{64})?$/.test(sha256)) return false;
    this.#countersAreWhole();
    this.journal.end = { state, reason, atSeconds, sha256: sha256 === '' ? '-' : sha256 };
    this.journal.endOffset = offset;
    return true;
  }

  #openSegment(): JournalSegment | null {
    const segment = this.journal.segments.at(-1);
    return segment?.endedAtSeconds === null ? segment : null;
  }

  /** Seconds since the run began. Time on one boot never goes back. */
  #time(uptime: string): number | null {
    const value = numberOf(uptime);
    if (value === null) return null;
    const atSeconds = Math.round((value - this.#header.startUptimeSeconds) * 100) / 100;
    if (atSeconds < this.journal.lastAtSeconds) return null;
    this.#atSeconds = atSeconds;
    return atSeconds;
  }

  #fail(offset: number, why: string): void {
    this.journal.problem = new CodedError('output-unreadable', `The run's journal cannot be read from byte ${offset} on: ${why}.`, {
      state: 'Everything before this byte was read and is kept.', next: 'Look at the journal file in the run’s folder.', details: { offset },
    });
  }
}

/** Reads a whole journal. */
export function parseRunJournal(bytes: Uint8Array): RunJournal {
  const reader = new RunJournalReader();
  reader.feed(bytes);
  return reader.journal;
}

/**
 * `samples,min,act,avg,max` of one thread. An hour of 64 threads has half a million of such numbers: those without sign and
 * decimals, as nearly all are, are read without a string of each.
 */
function fiveNumbers(text: string): number[] | null {
  const found: number[] = [];
  let value = 0;
  let digits = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const code = at === text.length ? comma : text.charCodeAt(at);
    if (code === comma && digits > 0 && digits <= 15) {
      found.push(value);
      value = 0;
      digits = 0;
    } else if (code >= zero && code <= nine) {
      value = value * 10 + code - zero;
      digits += 1;
    } else return fiveByOne(text);
  }
  return found.length === 5 ? found : null;
}

function fiveByOne(text: string): number[] | null {
  const found = text.split(',').flatMap((word) => numberOf(word) ?? []);
  return found.length === 5 && text.split(',').length === 5 ? found : null;
}

const [zero, nine, comma] = [48, 57, 44];

const numberOf = (text: string): number | null => (/^-?\d{1,15}(?:\.\d{1,6})?$/.test(text) ? Number(text) : null);
const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
