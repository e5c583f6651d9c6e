import type { CodedError } from './errors.ts';

/** A value or a coded error: what every parser and planner returns, for any input. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: CodedError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const failed = (error: CodedError): Result<never> => ({ ok: false, error });
