import type { ValidityCheck } from '../model/explanation.ts';
import { isCyclictestRun, type Run } from '../model/run.ts';
import type { RunJournal } from '../parsers/run-journal-model.ts';
import { checkValidity } from './validity/check-validity.ts';
import { evidenceOf, type MeasuredRun, type RunEvidence } from './validity/run-evidence.ts';

export interface RunConditions {
  /** Why the run cannot be compared with any limit. */
  readonly notComparable: string[];
  /** What has to be stated with the result. */
  readonly conditions: string[];
  readonly warnings: string[];
}

/** A run with its journal, for the rules of a valid run and for what explains it. `measured` absent: nothing is known of its figures. */
export function evidenceOfRun(run: Run, journal: RunJournal, measured?: MeasuredRun): RunEvidence {
  const { options } = run;
  const own = isCyclictestRun(run) ? run.options : null;
  return evidenceOf(
    {
      cpus: options.cpus, mainCpus: options.mainCpus, priority: options.priority, holdDmaLatency: own?.holdDmaLatency ?? null, intervalUs: own?.intervalUs ?? null,
      wakesPerSample: own !== null, loadedHere: (run.loads ?? []).some(({ boardId }) => boardId === run.boardId),
    },
    measured ?? { samples: [], expectedSamples: null, measuredSeconds: 0, virtualised: null, snapshot: null },
    journal,
  );
}

/** What the journal tells of the conditions a run was made under, beside its latencies. */
export function conditionsOf(run: Run, journal: RunJournal, measured?: MeasuredRun): RunConditions {
  const checks = checkValidity(evidenceOfRun(run, journal, measured));
  const of = (outcome: ValidityCheck['outcome']): string[] => [...new Set(checks.filter((check) => check.outcome === outcome).map(({ message }) => message))];
  const warnings = checks.filter(({ rule, outcome }) => rule === 'placement' && outcome === 'unknown').map(({ message }) => message);
  if (journal.oddStatuses > 0) warnings.push(`${journal.oddStatuses} live readings did not show every thread and were left out.`);
  if (journal.torn) warnings.push('The board’s disk became full: the journal is cut in places.');
  if (journal.problem !== null) warnings.push(journal.problem.message);
  return { notComparable: of('not comparable'), conditions: of('condition'), warnings };
}
