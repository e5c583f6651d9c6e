import type { CodedErrorData } from '../../../shared/contract/errors.ts';

/** What a restart was refused for: runs and VMs that it would end. Empty for every other failure. */
export function endsOf(error: CodedErrorData | null): string[] {
  const ends = error?.code === 'restart-ends-work' ? error.details?.['ends'] : undefined;
  return Array.isArray(ends) ? ends.filter((work): work is string => typeof work === 'string') : [];
}
