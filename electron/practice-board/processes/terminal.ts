import { OpenFile } from '../files/open-file.ts';
import { Pipe } from '../files/pipe.ts';
import type { Signal } from './signals.ts';

/** A pseudo terminal with the usual line discipline: echo, erase, kill line, end of file, interrupt. */
export class Terminal {
  readonly input = new Pipe();
  echo = true;
  /** Every key goes to the reader as it is typed. */
  raw = false;
  columns = 80;
  rows = 24;
  /** Process group that Ctrl-C goes to. */
  foreground = 0;
  onSignal: (group: number, signal: Signal) => void = () => undefined;
  /** Told about each up and down key, so that a shell can offer its history: gives the line to show instead. */
  recall: ((current: string, step: -1 | 1) => string | undefined) | undefined;
  #line = '';
  #escape = '';
  #hungUp = false;
  readonly #gone: Promise<void>;
  #tellGone: () => void = () => undefined;

  constructor(readonly name: string, readonly send: (text: string) => void) {
    this.input.addReader();
    this.input.addWriter();
    this.#gone = new Promise((resolve) => {
      this.#tellGone = resolve;
    });
  }

  /** What comes out of the terminal: newline becomes CR LF. */
  display(text: string): void {
    if (!this.#hungUp) this.send(text.replaceAll('\n', '\r\n'));
  }

  /** What is typed. */
  type(text: string): void {
    if (this.raw) this.#deliver(text);
    else for (const key of text) this.#key(key);
  }

  hangUp(): void {
    if (this.#hungUp) return;
    this.#hungUp = true;
    this.input.dropWriter();
    this.#tellGone();
  }

  get gone(): Promise<void> {
    return this.#gone;
  }

  #key(key: string): void {
    if (this.#escape !== '' || key === '\x1b') return this.#inEscape(key);
    if (key === '\x03' || key === '\x1c') {
      this.#line = '';
      if (this.echo) this.display('^C\n');
      this.onSignal(this.foreground, key === '\x03' ? 'INT' : 'QUIT');
    } else if (key === '\x7f' || key === '\b') {
      if (this.#line !== '' && this.echo) this.send('\b \b');
      this.#line = this.#line.slice(0, -1);
    } else if (key === '\x15') {
      this.#replace('');
    } else if (key === '\x04') {
      this.#deliver(this.#line === '' ? '\x04' : this.#line);
    } else if (key === '\r' || key === '\n') {
      if (this.echo) this.display('\n');
      this.#deliver(`${this.#line}\n`);
    } else if (key >= ' ') {
      this.#line += key;
      if (this.echo) this.send(key);
    }
  }

  #inEscape(key: string): void {
    this.#escape += key;
    const arrow = /^\x1b[[O]([AB])$/.exec(this.#escape)?.[1];
    if (arrow !== undefined) {
      const line = this.recall?.(this.#line, arrow === 'A' ? -1 : 1);
      if (line !== undefined && this.echo) this.#replace(line);
    }
    if (/^\x1b([[O][0-9;]*[A-Za-z~]|[^[O])$/.test(this.#escape)) this.#escape = '';
  }

  #replace(line: string): void {
    if (this.echo) this.send(`${'\b \b'.repeat(this.#line.length)}${line}`);
    this.#line = line;
  }

  #deliver(text: string): void {
    this.#line = '';
    // What is typed ahead is bounded by the pipe; more than that is lost, as on a real terminal.
    void this.input.write(text, new AbortController().signal);
  }
}

/** /dev/tty and the standard descriptors of a process on a terminal. */
export class OpenTerminal extends OpenFile {
  #pushedBack = '';
  constructor(readonly tty: Terminal) {
    super(`/dev/${tty.name}`);
  }

  override get terminal(): boolean {
    return true;
  }

  override async read(length: number, stop: AbortSignal): Promise<string> {
    const text = this.#pushedBack === '' ? await this.tty.input.read(length, stop) : this.#pushedBack;
    const used = text.slice(0, length);
    this.#pushedBack = text.slice(length);
    if (used === '\x04') return '';
    const end = used.indexOf('\x04');
    if (end >= 0) this.#pushedBack = used.slice(end) + this.#pushedBack;
    return end >= 0 ? used.slice(0, end) : used;
  }

  override unread(text: string): void {
    this.#pushedBack = text + this.#pushedBack;
  }

  override async write(text: string): Promise<void> {
    this.tty.display(text);
  }

  override broken(): Promise<void> {
    return this.tty.gone;
  }

  protected override close(): void {}
}
