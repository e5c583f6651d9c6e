import type { CoreParts } from '../create-core.ts';
import type { HandlerGroup } from './handler-group.ts';

export function jobHandlers({ jobs, questions }: CoreParts): HandlerGroup<'jobs' | 'questions'> {
  return {
    'jobs.list': async () => jobs.list(),
    'jobs.snapshot': async ({ jobId, afterSeq }) => jobs.snapshot(jobId, afterSeq),
    'jobs.cancel': async ({ jobId }) => {
      jobs.cancel(jobId);
      return {};
    },
    'questions.list': async () => questions.list(),
    'questions.answer': async ({ questionId, answer }) => {
      questions.answer(questionId, answer);
      return {};
    },
  };
}
