/** A window draws sixty times a second: more events than that would only cost. Timers know whole milliseconds. */
const periodMs = 17;
const mostPerEvent = 64 * 1024;
/** Of what waits. A board that says more than a window can show has its older output skipped, not kept. */
const mostWaiting = 256 * 1024;

export type Schedule = (work: () => void) => void;

const afterPeriod: Schedule = (work) => { setTimeout(work, periodMs); };

/**
 * Turns the bytes of a terminal into text for a window: characters whole, at most 60 events a second, a bounded backlog.
 * Where output is skipped, the text says how much.
 */
export class OutputPacer {
  readonly #emit: (text: string) => void;
  readonly #schedule: Schedule;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #waiting = '';
  #skipped = 0;
  #scheduled = false;
  #holding: { readonly until: Promise<void>; release(): void } | null = null;

  constructor(emit: (text: string) => void, schedule: Schedule = afterPeriod) {
    this.#emit = emit;
    this.#schedule = schedule;
  }

  /** A promise: hold further output back until it settles. */
  take(chunk: Uint8Array): Promise<void> | undefined {
    this.#waiting += this.#decoder.decode(chunk, { stream: true });
    this.#wake();
    if (this.#waiting.length <= mostWaiting) return undefined;
    const newest = this.#waiting.slice(-mostPerEvent);
    const kept = newest.slice(newest.indexOf('\n') + 1);
    this.#skipped += this.#waiting.length - kept.length;
    this.#waiting = kept;
    this.#holding ??= holding();
    return this.#holding.until;
  }

  /** Hands on all that waits: nothing comes any more. */
  end(): void {
    this.#waiting += this.#decoder.decode();
    while (this.#waiting !== '' || this.#skipped > 0) this.#handOn();
    this.#letGo();
  }

  #wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      if (this.#waiting !== '' || this.#skipped > 0) this.#handOn();
      if (this.#waiting !== '') this.#wake();
      this.#letGo();
    });
  }

  #handOn(): void {
    const notice = this.#skipped === 0 ? '' : `\u001B[0m\r\n[${String(this.#skipped)} characters of output were skipped]\r\n`;
    const end = isFirstHalf(this.#waiting.charCodeAt(mostPerEvent - 1)) ? mostPerEvent - 1 : mostPerEvent;
    const text = this.#waiting.slice(0, end);
    this.#waiting = this.#waiting.slice(end);
    this.#skipped = 0;
    this.#emit(notice + text);
  }

  #letGo(): void {
    this.#holding?.release();
    this.#holding = null;
  }
}

/** Of a character that takes two UTF-16 units. */
const isFirstHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

function holding(): { until: Promise<void>; release(): void } {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => { release = resolve; });
  return { until, release: () => { release(); } };
}
