import { notVerified, type ImportedResult } from '../../model/imported-run.ts';
import { isCyclictestRun, isToolResult, type AnyRunResult, type Run } from '../../model/run.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { isVirtualised } from '../virtualised.ts';
import { resultOfRun } from './from-run.ts';
import { resultOfOutput } from './from-tool-output.ts';
import type { MeasuredResult } from './measured-result.ts';

/** What a run of any benchmark is to a comparison; null when nothing that could be read came of it. */
export function resultOfAnyRun(run: Run, result: AnyRunResult, snapshot: Snapshot | null): MeasuredResult | null {
  if (!isToolResult(result)) return isCyclictestRun(run) ? resultOfRun(run, result, snapshot) : null;
  if (result.output === null) return null;
  const { verdict, conditions, warnings } = result;
  const kinds = new Map(snapshot?.cpus.list.map(({ cpu, kind }) => [cpu, kind]));
  return {
    ...resultOfOutput(run.id, result.output, (cpu) => kinds.get(cpu) ?? null),
    invalid: verdict?.grade === 'not comparable' ? verdict.reasons : [],
    notes: [...new Set([...conditions, ...warnings, ...result.output.warnings])],
    virtualised: isVirtualised(snapshot),
  };
}

/** What an imported result is to a comparison: its figures, with what is not known about them. */
export function resultOfImport({ run, output }: ImportedResult): MeasuredResult {
  const result = resultOfOutput(run.id, output);
  return { ...result, notes: [notVerified, ...result.notes] };
}
