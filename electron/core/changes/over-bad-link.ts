import { CodedError } from '../../../shared/contract/errors.ts';
import { isLinkFailure, pauseBeforeRetry } from '../runs/link-failures.ts';
import type { ChangeWork } from './change-work.ts';

const attempts = 12;

/** Asks a board something that may be asked again, until it answers or the link has stayed away for a minute or two. */
export async function overBadLink<T>({ session, signal }: Pick<ChangeWork, 'session' | 'signal'>, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (!isLinkFailure(error) || attempt === attempts) throw error;
      await pauseBeforeRetry(session, attempt, signal);
    }
  }
}
