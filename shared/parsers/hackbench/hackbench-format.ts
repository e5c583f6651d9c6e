import { ok, type Result } from '../../contract/result.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks } from '../tool-text/remarks.ts';
import type { ToolOutput } from '../tool-output.ts';

/** One run, with what it was asked to do: times compare only between runs that were asked the same. */
export interface HackbenchRun {
  readonly mode: 'process' | 'threaded' | null;
  readonly groups: number | null;
  readonly tasks: number | null;
  readonly messages: number | null;
  readonly bytes: number | null;
  readonly seconds: number;
}

export interface HackbenchOutput extends ToolOutput {
  readonly tool: 'hackbench';
  readonly runs: readonly HackbenchRun[];
}

/** `parse hackbench`: one run or several after each other. A run that a signal ended prints a time too, which says nothing. */
export const hackbenchFormat = {
  title: 'hackbench of rt-tests and perf bench: time',
  parse(text: string): Result<HackbenchOutput> {
    const remarks = new Remarks('hackbench', [
      { pattern: /^(?:signaling \d+ worker threads to terminate|Signal \d+ caught|longjmp'ed out|sending SIGTERM to all)/, meaning: 'hackbench was stopped before its end, so its time says nothing', next: 'Run it again and let it end.' },
      { pattern: /\(error: .{1,200}\)$|^No measurements available/, meaning: 'hackbench could not start its tasks', next: 'See what the line says; limits on processes or open files may be too low.' },
    ]);
    const runs: HackbenchRun[] = [];
    let asked: Omit<HackbenchRun, 'seconds'> = unknown;
    let version: string | null = null;
    for (const line of outputLines(text)) {
      remarks.reached(line);
      const usage = /^hackbench V (\d{1,3}\.\d{1,4})$/.exec(line.text);
      const head = /^Running in (process|threaded) mode with (\d{1,9}) groups using \d{1,9} file descriptors each \(== (\d{1,9}) tasks\)$/.exec(line.text);
      const size = /^Each sender will pass (\d{1,12}) messages of (\d{1,9}) bytes$/.exec(line.text);
      // Three decimals always: with them the line is whole even without its newline.
      const time = /^Time: (\d{1,9}\.\d{3})$/.exec(line.text);
      if (usage !== null) {
        version = usage[1] ?? null;
        remarks.failByUsage(line);
        break;
      }
      // Runs may follow each other: one begins when the one before has its time.
      if ((head !== null && asked.mode !== null && !remarks.failed) || (time !== null && runs.some(({ mode }) => mode !== null) && asked.mode === null)) {
        remarks.anotherRun(line);
        return remarks.unreadable();
      }
      if (head !== null) asked = { ...unknown, mode: head[1] === 'threaded' ? 'threaded' : 'process', groups: Number(head[2]), tasks: Number(head[3]) };
      else if (size !== null) asked = { ...asked, messages: Number(size[1]), bytes: Number(size[2]) };
      else if (time !== null && !remarks.failed) {
        runs.push({ ...asked, seconds: Number(time[1]) });
        asked = unknown;
      } else if (time === null) remarks.take(line);
    }
    // With standard error after standard output the signal comes after the time.
    if (runs.length === 0 || (remarks.failed && runs.length === 1)) return remarks.unreadable();
    const scalars = runs.map(({ seconds }, i) => ({ name: runs.length === 1 ? 'time' : `time of run ${i + 1}`, value: seconds, unit: 's' }));
    return ok({ tool: 'hackbench', version, distributions: [], scalars, runs, warnings: remarks.all() });
  },
} as const;

const unknown: Omit<HackbenchRun, 'seconds'> = { mode: null, groups: null, tasks: null, messages: null, bytes: null };
