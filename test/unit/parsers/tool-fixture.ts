import { readFileSync } from 'node:fs';
import { parseOutput } from '../../../shared/parsers/parse-output.ts';
import type { Distribution, ToolOutput } from '../../../shared/parsers/tool-output.ts';

const folder = new URL('../../fixtures/', import.meta.url);

/** A recorded output, by its path below test/fixtures. */
export const fixture = (file: string) => readFileSync(new URL(file, folder), 'utf8');

/** What a format makes of a text; throws its error when it makes nothing of it. */
export function parsed(format: string, text: string): ToolOutput {
  const result = parseOutput(format, text);
  if (!result.ok) throw result.error;
  return result.value;
}

/** Why a format makes nothing of a text: the line that says so, and what it is taken to mean. */
export function refusal(format: string, text: string): { line: unknown; message: string } {
  const result = parseOutput(format, text);
  if (result.ok) throw new Error('there is a result');
  if (result.error.code !== 'output-unreadable') throw result.error;
  return { line: result.error.extras.details?.['line'], message: result.error.message };
}

/** A distribution in one line: all its figures, how many buckets, and the sum of edge × count over them. */
export type Row = readonly [label: string, cpu: number | null, samples: number, minNs: number | null, avgNs: number | null, maxNs: number | null, overflows: number, buckets: number, weightNs: number];

export const rowOf = ({ label, cpu, samples, minNs, avgNs, maxNs, overflows, buckets }: Distribution): Row =>
  [label, cpu, samples, minNs, avgNs, maxNs, overflows, buckets.length, buckets.reduce((sum, [edge, count]) => sum + edge * count, 0)];

/** Scalars by name, with the unit in the name: `time [s]`. */
export const scalarsOf = ({ scalars }: ToolOutput) => Object.fromEntries(scalars.map(({ name, value, unit }) => [`${name} [${unit}]`, value]));
