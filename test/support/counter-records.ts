import { parseRunJournal } from '../../shared/parsers/run-journal.ts';
import type { JournalCounters } from '../../shared/parsers/run-journal-model.ts';

const header = 'rtvm-bench-journal 1 ;\nrun demo-1 ;\nboot b ;\nstart 1795208408 0 ;\nplan 0-1 1 1 1 ;\nroot yes ;\n';

/** The texts of the last `counters` record among records as run-counters.sh prints them; its time counts from the board's boot. */
export function countersOf(records: string): JournalCounters {
  const { lastCounters, problem } = parseRunJournal(Buffer.from(header + records));
  if (problem !== null || lastCounters === null) throw new Error(problem?.message ?? 'no counters');
  return lastCounters;
}
