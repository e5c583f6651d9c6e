import { CodedError } from '../../contract/errors.ts';
import { failed, type Result } from '../../contract/result.ts';
import type { OutputLine } from './output-lines.ts';

/** A line that says why there is no result, what it means, and what to do. */
export interface Failure { readonly pattern: RegExp; readonly meaning: string; readonly next: string }

interface Remark { readonly line: number; readonly text: string; readonly meaning: string; readonly next: string }

const checkOptions = 'Check the options: this version of the tool does not take them as they are given.';

/** What any tool on a board may print in place of a result. */
const commonFailures: readonly Failure[] = [
  { pattern: /invalid option -- |unrecognized option |option requires an argument|ambiguous option|requires an integer/, meaning: 'an option was not accepted, so nothing was measured', next: checkOptions },
  { pattern: /^Unable to change scheduling policy!|either run as root|Must be root|needs? root permission|must be run as root/, meaning: 'root is needed, so nothing was measured', next: 'Run it as root.' },
  { pattern: /failed to set priority|mlockall: |errno=11 |Failed to set rlimit/, meaning: 'a limit of the user forbids real-time priority or locked memory, so nothing was measured', next: 'Run it as root, or raise RLIMIT_RTPRIO and RLIMIT_MEMLOCK of the user.' },
  { pattern: /cpu argument .{1,80} is out of range|Invalid -c cpu list|Invalid cpu input/, meaning: 'a CPU was named that the machine does not have', next: 'Measure CPUs that are online.' },
  { pattern: /^(?:Failed to open '|Couldn't open histfile )/, meaning: 'the file for the result could not be opened', next: 'Choose a folder that exists and can be written; try it before the run.' },
  { pattern: /^FATAL: |^ERROR: /, meaning: 'the tool gave up', next: 'See what the line says.' },
  { pattern: /^(?:prlimit|setpriv|taskset|chrt|sudo|sh|bash|timeout|nice|systemd-run|env|nohup): |command not found|: not found$|No such file or directory$|Permission denied$|Operation not permitted$/, meaning: 'the command failed before it measured', next: 'Run the command by hand on the board to see what is missing.' },
];

/** Collects, while an output is read, what is not a figure: why there is no result, what was not understood, what was cut. */
export class Remarks {
  readonly warnings: string[] = [];
  private failure: Remark | null = null;
  private failureIsGeneral = false;
  private stranger: Remark | null = null;
  private strangers = 0;
  private second: Remark | null = null;
  private usageLine: number | null = null;
  private cut = false;
  private lastLine = 0;
  private readonly tool: string;
  private readonly failures: readonly Failure[];

  constructor(tool: string, failures: readonly Failure[] = []) {
    this.tool = tool;
    this.failures = [...failures, ...commonFailures];
  }

  /** Notes that a line was reached, so that an output that ends too early can say where. */
  reached(line: OutputLine): void {
    this.lastLine = line.number;
  }

  /** The first line that says why, but one the tool is known for before one that any command may print. */
  fail(line: OutputLine, meaning: string, next: string, isGeneral = false): void {
    if (this.failure !== null && (isGeneral || !this.failureIsGeneral)) return;
    this.failure = { line: line.number, text: line.text, meaning, next };
    this.failureIsGeneral = isGeneral;
  }

  /** Whether any line said that the tool could not do what it was asked. */
  get failed(): boolean {
    return this.failure !== null;
  }

  /** A line of another run: two outputs are mixed, and whose figures the others are cannot be told. There is no result then. */
  anotherRun(line: OutputLine): void {
    this.second ??= { line: line.number, text: line.text, meaning: `this is of another run of ${this.tool} than the lines before`, next: 'Give the output of one run at a time.' };
  }

  /** Whether any line was not understood. */
  get strange(): boolean {
    return this.stranger !== null;
  }

  /** Whether lines of more than one run were met. */
  get mixed(): boolean {
    return this.second !== null;
  }

  /** The usage text of the tool: nothing was measured, and the rest describes options. */
  failByUsage(line: OutputLine): void {
    this.usageLine ??= line.number;
    this.fail(line, 'the options were refused or help was asked for, so nothing was measured', checkOptions, true);
  }

  /** A line that no rule of the tool took: it says why there is no result, or it is not understood. */
  take(line: OutputLine): void {
    if (line.text.trim() === '') return;
    const known = this.failures.find(({ pattern }) => pattern.test(line.text));
    if (known !== undefined) {
      this.fail(line, known.meaning, known.next, commonFailures.includes(known));
      this.warnings.push(shorten(line.text));
      return;
    }
    if (!line.ended) this.cut = true;
    this.strangers++;
    this.stranger ??= {
      line: line.number, text: line.text, meaning: line.ended ? `${this.tool} prints no such line` : 'the output is cut there',
      next: `Give the output of ${this.tool} as it was printed, with LC_ALL=C.`,
    };
  }

  /** All warnings, with one for what was not understood and one for a cut end. */
  all(): string[] {
    const { stranger, strangers } = this;
    return [
      ...new Set(this.warnings),
      ...(this.usageLine === null ? [] : [`From line ${this.usageLine} on it is the usage text, which was not read.`]),
      ...(this.cut ? ['The last line is cut and was not used.'] : []),
      ...(stranger === null ? [] : [`${strangers === 1 ? 'One line was' : `${strangers} lines were`} not understood, first line ${stranger.line}: “${shorten(stranger.text)}”.`]),
    ];
  }

  /** There is no result: the line that best says why. */
  unreadable(): Result<never> {
    const remark = this.second ?? this.failure ?? this.stranger;
    if (remark !== null) return unreadableAt(remark.line, remark.text, remark.meaning, remark.next);
    const next = `Run ${this.tool} again and let it end; look into the file it was told to write.`;
    if (this.lastLine === 0) return failed(new CodedError('output-unreadable', `The output is empty: ${this.tool} was killed, or wrote elsewhere.`, { next, details: { line: 0 } }));
    return failed(new CodedError('output-unreadable', `The output ends at line ${this.lastLine} before any result of ${this.tool}.`, { next, details: { line: this.lastLine } }));
  }
}

/** The error that names a line of an output and says what is wrong with it. */
export function unreadableAt(line: number, text: string, meaning: string, next: string): Result<never> {
  return failed(new CodedError('output-unreadable', `Line ${line} “${shorten(text)}”: ${meaning}.`, { next, details: { line } }));
}

export const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
