import type { Run } from '../model/run.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';
import type { JournalCounters, JournalSegment, RunJournal } from '../parsers/run-journal-model.ts';
import { parseThreadPlacement } from '../parsers/thread-placement.ts';

export interface RunConditions {
  /** Why the run cannot be compared with any limit. */
  readonly notComparable: string[];
  readonly warnings: string[];
}

/** What the journal tells of the conditions a run was made under, beside its latencies. */
export function conditionsOf(run: Run, journal: RunJournal): RunConditions {
  const notComparable = [...new Set([...journal.segments.flatMap((segment) => misplaced(run, segment)), ...throttled(run, journal)])];
  const warnings: string[] = [];
  const measured = journal.segments.filter(({ lastStatus, stdout }) => lastStatus !== null || stdout !== null);
  if (measured.length > 0 && measured.every(({ threads, affinity }) => threads === null || affinity === null)) {
    warnings.push('The threads’ placement was not read on the board: that they ran where they should is not shown.');
  }
  if (journal.oddStatuses > 0) warnings.push(`${journal.oddStatuses} live readings did not show every thread and were left out.`);
  if (journal.torn) warnings.push('The board’s disk became full: the journal is cut in places.');
  if (journal.problem !== null) warnings.push(journal.problem.message);
  return { notComparable, warnings };
}

/** cyclictest goes on and ends with status 0 when it may not use a CPU; then it measures another one. */
function misplaced(run: Run, { threads, affinity }: JournalSegment): string[] {
  if (threads === null || affinity === null) return [];
  const placed = parseThreadPlacement(threads, affinity);
  const cpus = [...run.options.cpus].sort((a, b) => a - b);
  const measuring = placed.filter(({ main, realTime }) => realTime && !main);
  const problems: string[] = [];
  if (measuring.length !== cpus.length) problems.push(`${measuring.length} of ${cpus.length} measuring threads had a real-time policy.`);
  measuring.forEach(({ allowed, priority }, place) => {
    const cpu = cpus[place];
    if (cpu === undefined) return;
    if (allowed !== null && (allowed.length !== 1 || allowed[0] !== cpu)) problems.push(`The thread for CPU ${cpu} was allowed on CPU ${formatCpuList(allowed)}: another CPU was measured.`);
    if (priority !== run.options.priority) problems.push(`The thread for CPU ${cpu} had priority ${priority} and not ${run.options.priority}.`);
  });
  const disturbed = cpus.filter((cpu) => !run.options.mainCpus.includes(cpu));
  for (const { allowed, realTime } of placed) {
    const shared = realTime ? [] : disturbed.filter((cpu) => allowed?.includes(cpu) === true);
    if (shared.length > 0) problems.push(`A thread of cyclictest itself was allowed on measured CPU ${formatCpuList(shared)}.`);
  }
  return problems;
}

/** Thermal throttling of the measured CPUs between the first and the last reading of their counts. */
function throttled(run: Run, { firstCounters, lastCounters }: RunJournal): string[] {
  if (firstCounters === null || lastCounters === null || firstCounters === lastCounters) return [];
  const before = throttleCounts(firstCounters);
  const hot = [...throttleCounts(lastCounters)].filter(([cpu, count]) => run.options.cpus.includes(cpu) && count > (before.get(cpu) ?? 0));
  return hot.length === 0 ? [] : [`CPU ${formatCpuList(hot.map(([cpu]) => cpu))} was throttled by heat or power during the run.`];
}

function throttleCounts({ texts }: JournalCounters): Map<number, number> {
  const counts = new Map<number, number>();
  for (const line of (texts.get('throttle') ?? '').split('\n')) {
    const match = /\/cpu(\d{1,4})\/thermal_throttle\/(?:core|package)_throttle_count:(\d{1,15})$/.exec(line);
    if (match !== null) counts.set(Number(match[1]), (counts.get(Number(match[1])) ?? 0) + Number(match[2]));
  }
  return counts;
}
