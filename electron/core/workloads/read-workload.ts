import type { Workload } from '../../../shared/model/vm.ts';
import { parseWorkload } from '../../../shared/planning/workloads/workload-answer.ts';
import { unexpected } from '../runs/run-answers.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { readWorkloadScript } from './workload-scripts.ts';

/** Asks a board for its load, which takes a second of its time; null: there is none. Errors: `board-command-failed`, `output-unreadable`. */
export async function readWorkload(session: BoardSession, signal?: AbortSignal): Promise<Workload | null> {
  const result = await session.exec(readWorkloadScript, { root: 'if-possible', timeoutMs: 30_000, ...(signal === undefined ? {} : { signal }) });
  if (result.exitCode !== 0) throw unexpected(readWorkloadScript, result);
  const workload = parseWorkload(result.stdout.toString('utf8'));
  if (!workload.ok) throw workload.error;
  return workload.value;
}
