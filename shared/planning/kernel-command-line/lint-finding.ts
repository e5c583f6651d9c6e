import { z } from 'zod';
import type { Parameter } from './command-line.ts';

export const lintCodes = [
  'misspelt', 'value-ignored', 'value-invalid', 'value-missing', 'prefix-match', 'duplicate', 'contradictory', 'cpu-absent', 'cpu-0-isolated', 'wrong-order',
  'no-effect', 'obsolete', 'dangerous', 'acts-differently', 'incomplete', 'unknown',
] as const;

/** One problem of a kernel command line. `suggestion` replaces the parameter; an empty one means: leave it out. */
export const lintFindingSchema = z.object({
  parameter: z.string(),
  code: z.enum(lintCodes),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  suggestion: z.string().optional(),
});
export type LintFinding = z.infer<typeof lintFindingSchema>;

/** What is known of the board; null is unknown, and then nothing that depends on it is said. */
export interface LintContext {
  readonly presentCpus: readonly number[] | null;
  /** Major and minor version of the kernel. */
  readonly kernel: readonly [number, number] | null;
  readonly realtime: boolean | null;
  /** `CONFIG_…` → value of the kernel's build configuration; an option that is not set is absent or `n`. */
  readonly config: Readonly<Record<string, string>> | null;
}

export const nothingKnown: LintContext = { presentCpus: null, kernel: null, realtime: null, config: null };

/** A check sees the whole line: some problems are between parameters. */
export type Check = (parameters: readonly Parameter[], context: LintContext) => LintFinding[];
