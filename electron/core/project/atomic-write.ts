import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';

/** Leftovers of a write that was cut off carry this ending; they are never read as data. */
export const temporarySuffix = '.rtvm-tmp';

/**
 * Replaces a file so that a reader sees the old content or the new one, whatever dies in between:
 * write a temporary file beside it, fsync, rename, fsync the folder. Errors: `disk-full`.
 */
export async function writeAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const directory = dirname(file);
  const temporary = join(directory, `.${basename(file)}.${randomBytes(6).toString('hex')}${temporarySuffix}`);
  try {
    await makeDirectory(directory);
    const handle = await open(temporary, 'wx', 0o644);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncDirectory(directory);
  } catch (thrown) {
    // Why it failed is told, not that there is nothing to remove.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(file, thrown);
  }
}

/** Makes a folder and those above it that are missing. Node's own way never ends below a folder that takes none, such as /proc. */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (thrown) {
    const code = errnoOf(thrown);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(directory) === directory) throw thrown;
    await makeDirectory(dirname(directory));
    await mkdir(directory).catch((again: unknown) => { if (errnoOf(again) !== 'EEXIST') throw again; });
  }
}

export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Windows cannot open a folder for syncing; there the rename itself is what there is. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Says what a failed write on the laptop means. */
export function writeError(file: string, thrown: unknown): CodedError {
  const code = errnoOf(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new CodedError('disk-full', `The disk of this computer is full: ${file} could not be written.`, {
      state: 'Everything written before is intact.', next: 'Free some space, then repeat the step.',
    }, { cause: thrown });
  }
  return new CodedError('file-unreadable', `${file} could not be written (${code ?? String(thrown)}).`, {
    state: 'Everything written before is intact.', next: 'Check that the folder exists and that you may write there.',
  }, { cause: thrown });
}

export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}
