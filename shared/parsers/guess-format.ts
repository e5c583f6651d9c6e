import { CodedError } from '../contract/errors.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import { formats, parseOutput } from './parse-output.ts';
import type { ToolOutput } from './tool-output.ts';

/** What an output must contain to be of a tool; the first that fits is tried first. The tools' names come before looks that several share. */
const marks: ReadonlyArray<readonly [format: string, mark: RegExp]> = [
  ['rteval', /<rteval\b|rteval \(v\d/],
  ['rtla', /# RTLA |Timer Latency|Operating System Noise|rtla (?:timerlat|osnoise|hwnoise)/],
  ['hwlatdetect', /^hwlatdetect:/m],
  ['iperf3', /"iperf|"start":\s*\{|^Connecting to host |^\[ *ID\] Interval/m],
  ['ping', /^PING |icmp_seq|round-trip|rtt min\/avg\/max/m],
  ['stress-ng', /^stress-ng[:-]|^---\s*\nsystem-info:/m],
  ['hackbench', /^Running in (?:process|threaded) mode|^Time: \d/m],
  ['turbostat', /\bBusy%|\bBzy_MHz|^turbostat version|\bTSC_MHz\b|^(?:Package\t|Core\t|CPU\t)/m],
  ['smi', /^SMI|msr|^cpu\d+ 0x/im],
  ['oslat', /^\s*Core:|\(us\):|^oslat/m],
  ['cyclicdeadline', /^deadline thread|^thread\[\d+\] runtime|^Using all CPUS/m],
  ['pmqtest', /^#\d+ -> #\d+/m],
  ['cyclictest', /^# Histogram|T:\s*\d+\s*\(\s*\d+\)\s*P:\s*\d+\s+I:/m],
  ['signaltest', /T:\s*\d+\s*\(\s*\d+\)\s*P:\s*\d+\s+C:/],
  ['cyclicdeadline', /T:\s*\d+\s*\(\s*\d+\)\s*I:/],
];

/** Reports of rt-tests in JSON tell the command line: what another tool would make of one is never right. */
function commandName(text: string): string | null {
  const [, name = ''] = /^\s*\{[^]{0,500}?"cmdline:?"\s*:\s*"(?:[^"\s]{0,500}\/)?([\w-]{1,40})/.exec(text) ?? [];
  return Object.hasOwn(formats, name) ? name : null;
}

/** Marks stand near the beginning or the end of an output; the middle of a large one is not searched. */
const searched = 200_000;

export interface GuessedOutput { readonly format: string; readonly output: ToolOutput }

/**
 * Finds out which tool an output is of, and reads it. Tools whose text looks alike without their command line (ptsematest, svsematest
 * and sigwaittest look as pmqtest does) are told apart only by `--format`. Errors: `output-unreadable`.
 */
export function parseAny(text: string): Result<GuessedOutput> {
  const named = commandName(text);
  if (named !== null) {
    const read = parseOutput(named, text);
    return read.ok ? ok({ format: named, output: read.value }) : read;
  }
  const ends = text.length <= 2 * searched ? text : `${text.slice(0, searched)}\n${text.slice(-searched)}`;
  let first: CodedError | null = null;
  const likely = marks.filter(([, mark]) => mark.test(ends)).map(([format]) => format);
  // Where something speaks for a tool, another that also makes figures of it would be wrong.
  for (const format of new Set(likely.length > 0 ? likely : Object.keys(formats))) {
    const read = formats[format]?.parse(text);
    if (read === undefined) continue;
    if (!read.ok) {
      if (likely.length > 0) first ??= read.error;
    } else if (read.value.distributions.length + read.value.scalars.length > 0) return ok({ format, output: read.value });
  }
  return failed(first ?? new CodedError('output-unreadable', 'No tool is known that writes this.', { next: `Name the tool with --format: ${Object.keys(formats).join(', ')}.` }));
}
