import type { Job } from '../../../shared/model/job.ts';

/** Work that changes a board from here and would stop half-way. Runs are not among it: they go on on their boards. */
const changesBoard: ReadonlySet<Job['kind']> = new Set(['clean', 'change', 'restart']);

/** What to ask before quitting; null when nothing would be cut short. */
export function quitQuestion(jobs: readonly Job[]): string | null {
  const titles = jobs.filter((job) => job.state === 'running' && changesBoard.has(job.kind)).map((job) => job.title);
  return titles.length === 0 ? null : `Still changing a board: ${titles.join(', ')}. Quitting now stops half-way.`;
}
