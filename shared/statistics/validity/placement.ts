import { formatCpuList } from '../../parsers/cpu-list.ts';
import type { JournalSegment } from '../../parsers/run-journal-model.ts';
import { parseThreadPlacement } from '../../parsers/thread-placement.ts';
import type { RunEvidence } from './run-evidence.ts';
import { good, notComparable, unknown, type ValidityRule } from './validity-rule.ts';

/** cyclictest goes on and ends with status 0 when it may not use a CPU; then it measures another one. */
export const placement: ValidityRule = {
  id: 'placement', title: 'Threads where and as they should be', source: 'cyclictest goes on with a warning and status 0 where it may not use a CPU; the kernel’s own view (/proc/PID/task) is what counts.',
  check: (evidence) => {
    const { journal, wakesPerSample } = evidence;
    if (!wakesPerSample) return [];
    const measured = journal.segments.filter(({ lastStatus, stdout }) => lastStatus !== null || stdout !== null);
    if (measured.length === 0) return [];
    const read = measured.filter(({ threads, affinity }) => threads !== null && affinity !== null);
    if (read.length === 0) return [unknown('The threads’ placement was not read on the board: that they ran where they should is not shown.')];
    const problems = [...new Set(read.flatMap((segment) => misplaced(evidence, segment)))];
    if (problems.length > 0) return problems.map((problem) => notComparable(problem, 'Look which cpuset or service limits the CPUs and priorities of this log-in, then run again.'));
    return [good(`Each measuring thread had its CPU alone and its priority${read.length > 1 ? `, in ${read.length} parts` : ''}.`)];
  },
};

function misplaced({ cpus, mainCpus, priority: asked }: RunEvidence, { threads, affinity }: JournalSegment): string[] {
  const placed = parseThreadPlacement(threads ?? '', affinity ?? '');
  const measuring = placed.filter(({ main, realTime }) => realTime && !main);
  const problems: string[] = [];
  if (measuring.length !== cpus.length) problems.push(`${measuring.length} of ${cpus.length} measuring threads had a real-time policy.`);
  measuring.forEach(({ allowed, priority }, place) => {
    const cpu = cpus[place];
    if (cpu === undefined) return;
    if (allowed !== null && (allowed.length !== 1 || allowed[0] !== cpu)) problems.push(`The thread for CPU ${cpu} was allowed on CPU ${formatCpuList(allowed)}: another CPU was measured.`);
    if (asked !== null && priority !== asked) problems.push(`The thread for CPU ${cpu} had priority ${priority} and not ${asked}.`);
  });
  const disturbed = cpus.filter((cpu) => !mainCpus.includes(cpu));
  for (const { allowed, realTime } of placed) {
    const shared = realTime ? [] : disturbed.filter((cpu) => allowed?.includes(cpu) === true);
    if (shared.length > 0) problems.push(`A thread of cyclictest itself was allowed on measured CPU ${formatCpuList(shared)}.`);
  }
  return problems;
}
