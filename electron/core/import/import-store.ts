import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import { idSchema } from '../../../shared/model/board.ts';
import { importedRunSchema, type ImportedResult, type ImportedRun } from '../../../shared/model/imported-run.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { parseOutput } from '../../../shared/parsers/parse-output.ts';
import { writeAtomically, writeJson } from '../project/atomic-write.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { readJson } from '../project/read-json.ts';

/** The file as it came. */
const outputName = 'output';
const folderOf = (store: ProjectStore, id: string) => join(store.directory, 'runs', id);
const fileOf = (store: ProjectStore, id: string) => join(folderOf(store, id), 'import.json');
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Where the file of an imported result is, by its path in the project. */
export const outputPathOf = (id: string): string => `runs/${id}/${outputName}`;

/** Errors: `project-locked`. */
export function mustBeWritable({ readOnlyReason }: ProjectStore): void {
  if (readOnlyReason !== null) throw new CodedError('project-locked', `The project is open for reading only: ${readOnlyReason}`, { state: 'Nothing was stored.', next: 'Close the other window, then open the project again.' });
}

/** What names it is written last: a folder that was cut off before it is nothing, and is not listed. Errors: `disk-full`, `file-unreadable`. */
export async function saveImport(store: ProjectStore, run: ImportedRun, bytes: Uint8Array): Promise<void> {
  await writeAtomically(join(folderOf(store, run.id), outputName), bytes);
  await writeJson(fileOf(store, run.id), importedRunSchema.parse(run));
}

/** Takes back what `saveImport` wrote. */
export const dropImport = (store: ProjectStore, id: string): Promise<void> => rm(folderOf(store, id), { recursive: true, force: true }).catch(() => undefined);

/** All imported results that can be read, oldest first; the others are noted as unreadable. */
export async function listImports(store: ProjectStore): Promise<ImportedRun[]> {
  const names = await readdir(join(store.directory, 'runs')).catch(() => []);
  const found: ImportedRun[] = [];
  for (const id of names.filter((name) => idSchema.safeParse(name).success)) {
    if (!(await isThere(store, id))) continue;
    try {
      found.push(await readJson(fileOf(store, id), importedRunSchema));
    } catch (thrown) {
      store.noteUnreadable(join('runs', id, 'import.json'), CodedError.from(thrown));
    }
  }
  return found.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
}

/** An imported result with what its file says; null where there is none of that name. Errors: `file-unreadable`, `output-unreadable`. */
export async function readImport(store: ProjectStore, id: string): Promise<ImportedResult | null> {
  if (!idSchema.safeParse(id).success || !(await isThere(store, id))) return null;
  const run = await readJson(fileOf(store, id), importedRunSchema);
  const path = join(folderOf(store, id), outputName);
  const bytes = await readFile(path).catch((thrown: unknown) => {
    throw new CodedError('file-unreadable', `The file of the imported result “${run.label}” is gone: ${path}.`, { next: `Put ${run.file.name} back there, or remove the result and import it again.` }, { cause: thrown });
  });
  const read = parseOutput(run.format, textOf(bytes));
  if (!read.ok) throw read.error;
  const output = read.value;
  const isChanged = sha256Of(bytes) !== run.file.sha256;
  return { run, output: isChanged ? { ...output, warnings: [...output.warnings, 'The file is not what was brought in: its SHA-256 differs from the one written down then.'] } : output };
}

/** Moves it to `removed/`; nothing is deleted. Errors: `run-unknown`, `project-locked`, `file-unreadable`. */
export async function removeImport(store: ProjectStore, id: string): Promise<void> {
  mustBeWritable(store);
  if (!idSchema.safeParse(id).success || !(await isThere(store, id))) throw unknownImport(id);
  await mkdir(join(store.directory, 'removed'), { recursive: true });
  await rename(folderOf(store, id), join(store.directory, 'removed', `${id}-${stampOf(new Date())}`));
}

export const unknownImport = (id: string): CodedError => new CodedError('run-unknown', `This project has no imported result “${id}”.`, { next: 'List the runs to see what there is.' });

/** A file's text: UTF-8, without the mark some programs put first. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8').decode(bytes);

const isThere = (store: ProjectStore, id: string) => stat(fileOf(store, id)).then(() => true, () => false);
