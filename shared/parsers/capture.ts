import { CodedError } from '../contract/errors.ts';
import { failed, ok, type Result } from '../contract/result.ts';

/** The only capture format there is; a newer one is refused, not guessed at. */
const captureFormat = 1;
const maximumLength = 64_000_000;

/** What a command printed, line by line; `status` is null when the probe does not tell it. */
interface CommandOutput { readonly lines: readonly string[]; readonly status: number | null }

/** A path the probe wanted and did not get, with the reason in the board's words ("Permission denied"). */
interface Refused { readonly path: string; readonly reason: string }

/**
 * One capture, by what was read: files by absolute path, commands by name. Nothing is interpreted here.
 * `paths(pattern)` gives captured paths that match; `exists` knows captured paths and those the probe only named.
 */
export interface Capture {
  readonly probeVersion: string;
  /** False when the end is missing: what came before the cut is still good. */
  readonly complete: boolean;
  readonly refused: readonly Refused[];
  /** All lines of a file; undefined when it was not read or is empty. */
  lines(path: string): readonly string[] | undefined;
  /** First line of a file without surrounding white space; null when it was not read or is empty. */
  value(path: string): string | null;
  paths(pattern: RegExp): string[];
  exists(path: string): boolean;
  names(pattern: RegExp): string[];
  command(name: string): CommandOutput | undefined;
  /** Lines of the sections without a file or command: `tools`, `newer`, `cost`. */
  section(name: string): readonly string[];
  /** `path: line`, the form in which evidence is shown; without `line`, the file's first. Null when not read. */
  evidence(path: string, line?: string | RegExp): string | null;
}

/**
 * Reads the text the probe printed. Takes CRLF line ends, a byte order mark, text before the header (a log-in banner)
 * and captures cut off anywhere (`complete` is then false; the last, possibly half line is dropped).
 * Error: `capture-unreadable` when this is no capture, a newer format, too large, or nothing is in it.
 */
export function parseCapture(text: string): Result<Capture> {
  if (text.length > maximumLength) return refuse('it is larger than 64 MB');
  const lines = text.replace(/^\uFEFF/, '').split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  lines.pop();
  const start = lines.findIndex((line) => line.startsWith('RTVM-BENCH-CAPTURE '));
  if (start < 0) return refuse(text.trim() === '' ? 'it is empty' : 'the line “RTVM-BENCH-CAPTURE 1” is missing');
  const format = lines[start]?.slice('RTVM-BENCH-CAPTURE '.length).trim();
  if (format !== String(captureFormat)) return refuse(`its format is “${shorten(format ?? '')}”, and only format ${captureFormat} is known here`);
  const store = new Store();
  for (const line of lines.slice(start + 1)) {
    if (store.ended) break;
    store.take(line);
  }
  return store.isEmpty() ? refuse('nothing was read in it') : ok(store);
}

class Store implements Capture {
  probeVersion = 'unknown';
  ended = false;
  readonly refused: Refused[] = [];
  private readonly files = new Map<string, string[]>();
  private readonly named = new Set<string>();
  private readonly commands = new Map<string, { lines: string[]; status: number | null }>();
  private readonly sections = new Map<string, string[]>();
  private current = '';
  private lastCommand = '';

  get complete() { return this.ended; }

  take(line: string) {
    if (line.startsWith('@@ ')) this.open(line.slice(3).trim());
    else if (this.current === 'files') this.takeFileLine(line);
    else this.takeBody(line.startsWith('|') ? line.slice(1) : line);
  }

  isEmpty() { return this.files.size === 0 && this.commands.size === 0; }
  lines(path: string) { return this.files.get(path); }
  paths(pattern: RegExp) { return [...this.files.keys()].filter((path) => pattern.test(path)); }
  exists(path: string) { return this.files.has(path) || this.named.has(path); }
  names(pattern: RegExp) { return [...this.named].filter((path) => pattern.test(path)); }
  command(name: string) { return this.commands.get(name); }
  section(name: string) { return this.sections.get(name) ?? []; }

  value(path: string) {
    const first = this.files.get(path)?.[0]?.trim();
    return first === undefined || first === '' ? null : first;
  }

  evidence(path: string, line?: string | RegExp) {
    const lines = this.files.get(path);
    const found = line instanceof RegExp ? lines?.find((candidate) => line.test(candidate)) : line ?? lines?.[0];
    return lines === undefined || found === undefined ? null : `${path}: ${found.trim()}`;
  }

  private open(name: string) {
    this.current = name;
    if (name === 'end') this.ended = true;
    const [kind, argument = ''] = name.split(/ +/);
    if (kind === 'command' || kind === 'packages') {
      this.lastCommand = argument;
      if (!this.commands.has(argument)) this.commands.set(argument, { lines: [], status: null });
    } else if (kind === 'status') {
      const command = this.commands.get(this.lastCommand);
      if (command && /^\d{1,3}$/.test(argument)) command.status = Number(argument);
    } else if (!this.sections.has(name)) this.sections.set(name, []);
  }

  private takeFileLine(line: string) {
    const match = fileLine.exec(line);
    if (match === null) return;
    const path = `/${match[1] ?? ''}`;
    const lines = this.files.get(path);
    if (lines) lines.push(match[2] ?? '');
    else this.files.set(path, [match[2] ?? '']);
  }

  private takeBody(body: string) {
    if (this.current.startsWith('command ') || this.current.startsWith('packages ')) this.commands.get(this.lastCommand)?.lines.push(body);
    else if (this.current === 'exists') { if (body !== '' && !body.includes('*')) this.named.add(`/${body}`); }
    else if (this.current === 'unread') this.takeRefused(body);
    else if (this.current === 'about') this.probeVersion = /^probe (\S{1,40})$/.exec(body)?.[1] ?? this.probeVersion;
    else this.sections.get(this.current)?.push(body);
  }

  private takeRefused(body: string) {
    const match = /^(?:grep: )?(.+): ([^:]+)$/.exec(body);
    if (match !== null) this.refused.push({ path: /^[a-z]+$/.test(match[1] ?? '') ? match[1] ?? '' : `/${match[1] ?? ''}`, reason: match[2] ?? '' });
  }
}

// Only the folders of PCI devices have colons in their names; the probe passes over other paths that have one.
const fileLine = /^(sys\/bus\/pci\/devices\/[^/]*\/[^:]*|[^:]+):(.*)$/;

const shorten = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const refuse = (why: string): Result<never> =>
  failed(new CodedError('capture-unreadable', `This is not a capture that can be read: ${why}.`, {
    next: 'Make a new one on the board with “sh probe.sh > board.capture” and take the whole file over unchanged.',
  }));
