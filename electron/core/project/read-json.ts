import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { CodedError } from '../../../shared/contract/errors.ts';
import { errnoOf } from './atomic-write.ts';

/** Schema version this application writes. */
export const schemaVersion = 1;

/**
 * Reads one JSON file of a project and checks its form. Errors: `file-unreadable` (absent, not JSON, not of the form),
 * `project-newer` (written by a later version; such a file is never overwritten).
 */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (thrown) {
    const reason = errnoOf(thrown) === 'ENOENT' ? 'it does not exist' : thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError('file-unreadable', `${file} cannot be read: ${reason}.`, {}, { cause: thrown });
  }
  if (versionOf(value) > schemaVersion) {
    throw new CodedError('project-newer', `${file} was written by a newer RTVM Bench (form ${versionOf(value)}, this one knows ${schemaVersion}).`, {
      state: 'Nothing was changed.', next: 'Open the project with the newer version.',
    });
  }
  const checked = schema.safeParse(value);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    throw new CodedError('file-unreadable', `${file} does not have the form it should have: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}.`);
  }
  return checked.data;
}

function versionOf(value: unknown): number {
  return typeof value === 'object' && value !== null && 'schema' in value && typeof value.schema === 'number' ? value.schema : 0;
}
