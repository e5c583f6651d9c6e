import { splitCommandLine } from '../planning/kernel-command-line/command-line.ts';
import type { LintFinding } from '../planning/kernel-command-line/lint-finding.ts';
import { lintCommandLine, lintContextOf } from '../planning/kernel-command-line/lint.ts';
import { splitCpus } from '../planning/split-cpus.ts';
import type { CheckRequest } from './check-guide.ts';
import type { BoardView } from './setting.ts';

/** A reading as settings see it: what all of them need is computed once. Total. */
export function viewOf({ snapshot, capture, guide, housekeeping, checklist = null, management = null }: CheckRequest): BoardView {
  const { pending, commandLine } = snapshot.kernel;
  return {
    snapshot, capture, guide, checklist, management, ...splitCpus(snapshot, housekeeping),
    pending: pending.commandLine === null ? null : splitCommandLine(pending.commandLine),
    running: commandLine === null ? null : splitCommandLine(commandLine),
    problemsOf: problemsOn(snapshot),
  };
}

function problemsOn(snapshot: CheckRequest['snapshot']): BoardView['problemsOf'] {
  const known = new Map<string, readonly LintFinding[]>();
  return (line) => {
    const before = known.get(line);
    if (before) return before;
    const found = lintCommandLine(line, lintContextOf(snapshot));
    known.set(line, found);
    return found;
  };
}
