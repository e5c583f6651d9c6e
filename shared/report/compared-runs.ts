import { commandText } from '../planning/cyclictest-command.ts';
import { compareResults } from '../statistics/comparison/compare-results.ts';
import type { Comparison } from '../statistics/comparison/comparison.ts';
import { resultOfRun } from '../statistics/comparison/from-run.ts';
import type { MeasuredResult } from '../statistics/comparison/measured-result.ts';
import type { ReportRun } from './report-content.ts';

export interface ComparedRuns {
  readonly title: string;
  readonly comparison: Comparison;
  /** One of each side. */
  readonly commands: readonly string[];
}

interface Side { name: string; command: string; repeats: MeasuredResult[] }

/**
 * Runs of one benchmark, compared: those of the same board, reading and command are repeats of one side, and the earliest side is the
 * baseline. Nothing where there is only one side.
 */
export function comparedRuns(runs: readonly ReportRun[]): ComparedRuns[] {
  const benchmarks = new Map<string, Map<string, Side>>();
  for (const { run, result, snapshot } of runs) {
    if (result === null) continue;
    const sides = benchmarks.get(run.benchmark) ?? new Map<string, Side>();
    benchmarks.set(run.benchmark, sides);
    const key = JSON.stringify([run.boardId, run.snapshotId, run.command, run.options.durationSeconds]);
    const side = sides.get(key) ?? { name: `${run.boardName}, ${snapshot?.kernel.release ?? 'kernel unknown'}`, command: commandText(run.command), repeats: [] };
    sides.set(key, side);
    side.repeats.push(resultOfRun(run, result, snapshot));
  }
  return [...benchmarks].flatMap(([benchmark, sides]) => (sides.size < 2 ? [] : [{ title: benchmark, comparison: compareResults(numbered([...sides.values()])), commands: [...sides.values()].map(({ command }) => command) }]));
}

/** Sides of the same name are told apart by their place. */
function numbered<T extends { name: string }>(sides: readonly T[]): T[] {
  return sides.map((side, at) => (sides.filter(({ name }) => name === side.name).length > 1 ? { ...side, name: `${side.name} (side ${at + 1})` } : side));
}
