import type { Snapshot } from '../../model/snapshot.ts';
import { checkCpuLists } from './checks/cpu-lists.ts';
import { checkDangers } from './checks/dangers.ts';
import { checkEffects } from './checks/effects.ts';
import { checkNames } from './checks/names.ts';
import { checkOrderAndDuplicates } from './checks/order-and-duplicates.ts';
import { checkValues } from './checks/values.ts';
import { splitCommandLine } from './command-line.ts';
import { nothingKnown, type LintContext, type LintFinding } from './lint-finding.ts';

const checks = [checkNames, checkValues, checkCpuLists, checkOrderAndDuplicates, checkEffects, checkDangers];

/**
 * Problems of a kernel command line, in the order of the line; an empty list is a clean line. Total. A parameter that is
 * not known here is at most a note. With a context also what this board's kernel and CPUs make of it.
 */
export function lintCommandLine(line: string, context: LintContext = nothingKnown): LintFinding[] {
  const parameters = splitCommandLine(line);
  const position = new Map(parameters.map(({ name }, index) => [name, index]));
  return checks.flatMap((check) => check(parameters, context))
    .sort((a, b) => (position.get(a.parameter) ?? 0) - (position.get(b.parameter) ?? 0));
}

/** What a snapshot tells a lint. */
export function lintContextOf(snapshot: Snapshot): LintContext {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(snapshot.kernel.release ?? '') ?? [];
  return {
    presentCpus: snapshot.cpus.present.length > 0 ? snapshot.cpus.present : null,
    kernel: major !== undefined && minor !== undefined ? [Number(major), Number(minor)] : null,
    realtime: snapshot.kernel.realtime,
    config: Object.keys(snapshot.kernel.config).length > 0 ? snapshot.kernel.config : null,
  };
}
