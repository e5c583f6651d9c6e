import { computed, type ComputedRef } from 'vue';
import { useJobs, type JobView } from '../../stores/jobs.ts';
import { useNotices } from '../../stores/notices.ts';
import { useProject } from '../../stores/project.ts';

export interface VmWork {
  /** What goes on about the VMs of this board now. */
  readonly running: ComputedRef<JobView | undefined>;
  /** Nothing can be begun: something goes on, or the project is another window’s. */
  readonly locked: ComputedRef<boolean>;
  /** Begins a job and follows it. Gives its id; undefined: it could not begin, and that was told. */
  begin(start: () => Promise<string>): Promise<string | undefined>;
}

/** One piece of work about a board's VMs at a time, followed to its end. */
export function useVmWork(boardId: string): VmWork {
  const jobs = useJobs();
  const notices = useNotices();
  const project = useProject();
  const running = computed(() => jobs.running('vm', boardId));
  return {
    running,
    locked: computed(() => running.value !== undefined || (project.info?.readOnly ?? false)),
    begin: (start) => notices.attempt(async () => {
      const jobId = await start();
      await jobs.catchUp(jobId);
      return jobId;
    }),
  };
}
