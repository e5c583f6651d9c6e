import type { Result } from '../../../shared/contract/result.ts';

/** What a person typed wrongly is wrong usage, whatever the parser calls it. Throws the coded error. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}
