import { commandText } from '../planning/cyclictest-command.ts';
import { compareResults } from '../statistics/comparison/compare-results.ts';
import type { Comparison } from '../statistics/comparison/comparison.ts';
import { resultOfAnyRun, resultOfImport } from '../statistics/comparison/from-any-run.ts';
import { resultOfRun } from '../statistics/comparison/from-run.ts';
import type { MeasuredResult } from '../statistics/comparison/measured-result.ts';
import type { ReportContent } from './report-content.ts';

export interface ComparedRuns {
  readonly title: string;
  readonly comparison: Comparison;
  /** One of each side. */
  readonly commands: readonly string[];
}

interface Side { name: string; command: string; repeats: MeasuredResult[] }

/**
 * Runs of one benchmark, compared: those of the same board, reading and command are repeats of one side, and the earliest side is the
 * baseline. A result that was measured elsewhere is a side of its own, after ours. Nothing where there is only one side.
 */
export function comparedRuns({ runs, toolRuns, imports }: Pick<ReportContent, 'runs' | 'toolRuns' | 'imports'>): ComparedRuns[] {
  const benchmarks = new Map<string, Map<string, Side>>();
  const add = (benchmark: string, key: string, side: Omit<Side, 'repeats'>, repeat: MeasuredResult) => {
    const sides = benchmarks.get(benchmark) ?? new Map<string, Side>();
    benchmarks.set(benchmark, sides);
    const known = sides.get(key) ?? { ...side, repeats: [] };
    sides.set(key, known);
    known.repeats.push(repeat);
  };
  for (const { run, result, snapshot } of runs) {
    if (result === null) continue;
    const key = JSON.stringify([run.boardId, run.snapshotId, run.command, run.options.durationSeconds]);
    add(run.benchmark, key, { name: `${run.boardName}, ${snapshot?.kernel.release ?? 'kernel unknown'}`, command: commandText(run.command) }, resultOfRun(run, result, snapshot));
  }
  for (const { run, result } of toolRuns) {
    const measured = result === null ? null : resultOfAnyRun(run, result, null);
    if (measured === null) continue;
    const key = JSON.stringify([run.boardId, run.snapshotId, run.command, run.options.durationSeconds]);
    add(measured.measures, key, { name: run.boardName, command: commandText(run.command) }, measured);
  }
  for (const { run, output } of imports) {
    if (output === null) continue;
    const measured = resultOfImport({ run, output });
    add(measured.measures, run.id, { name: `${run.label} (imported, not verified by us)`, command: run.command ?? 'not told by the file' }, measured);
  }
  return [...benchmarks].flatMap(([benchmark, sides]) => (sides.size < 2 ? [] : [{ title: benchmark, comparison: compareResults(numbered([...sides.values()])), commands: [...sides.values()].map(({ command }) => command) }]));
}

/** Sides of the same name are told apart by their place. */
function numbered<T extends { name: string }>(sides: readonly T[]): T[] {
  return sides.map((side, at) => (sides.filter(({ name }) => name === side.name).length > 1 ? { ...side, name: `${side.name} (side ${at + 1})` } : side));
}
