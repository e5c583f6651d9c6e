import { CodedError } from '../../../contract/errors.ts';
import { failed, type Result } from '../../../contract/result.ts';

/** A map that is not understood: which field of it, and what is wrong with that. */
export const unreadable = (field: string, what: string, next: string): Result<never> =>
  failed(new CodedError('vm-map-unreadable', `The map cannot be used: ${field === '' ? '' : `“${field}” `}${what}.`, { next, details: { field } }));
