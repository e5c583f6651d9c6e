import type { JobEvent } from '../../../shared/model/job.ts';
import type { CliContext } from './cli-context.ts';

/** What a job says while it works, for the person at the terminal. */
export const tellProgress = (cli: CliContext) => (body: JobEvent['body']): void => {
  if (body.kind === 'progress' || body.kind === 'link') cli.terminal.note(body.message);
};
