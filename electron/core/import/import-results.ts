import { randomBytes } from 'node:crypto';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { ImportedRun, ImportRequest } from '../../../shared/model/imported-run.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { commandOfOutput } from '../../../shared/parsers/command-of-output.ts';
import { parseAny, type GuessedOutput } from '../../../shared/parsers/guess-format.ts';
import { parseOutput } from '../../../shared/parsers/parse-output.ts';
import { boardIdFor } from '../boards/board-id.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { dropImport, mustBeWritable, saveImport, sha256Of, textOf } from './import-store.ts';

/**
 * Takes results that were measured elsewhere into the project: every file is read before the first is stored, and when storing one fails
 * those before it are taken back. Errors: `output-unreadable` (names the file and the line), `format-unknown`, `board-unknown`,
 * `project-locked`, `disk-full`.
 */
export async function importResults(store: ProjectStore, request: ImportRequest): Promise<ImportedRun[]> {
  mustBeWritable(store);
  const board = request.boardId === null ? null : await store.board(request.boardId);
  const now = new Date();
  const several = request.files.length > 1;
  const read = request.files.map(({ name, bytesBase64 }) => {
    const bytes = Buffer.from(bytesBase64, 'base64');
    const text = textOf(bytes);
    const { format, output } = readAs(request.format, name, text, bytes);
    const label = request.label === null ? name : several ? `${request.label}: ${name}` : request.label;
    const run: ImportedRun = {
      schema: 1, origin: 'imported', id: `${stampOf(now).toLowerCase()}-${boardIdFor(label, []).slice(0, 33)}-${randomBytes(3).toString('hex')}`,
      label, boardId: board?.id ?? null, boardName: board?.name ?? request.label ?? 'another machine', createdAt: stampOf(now),
      format, tool: output.tool, version: output.version, file: { name, sizeBytes: bytes.length, sha256: sha256Of(bytes) }, command: commandOfOutput(text),
    };
    return { run, bytes };
  });
  const stored: string[] = [];
  try {
    for (const { run, bytes } of read) {
      stored.push(run.id);
      await saveImport(store, run, bytes);
    }
  } catch (thrown) {
    for (const id of stored) await dropImport(store, id);
    const error = CodedError.from(thrown);
    throw new CodedError(error.code, error.message, { ...error.extras, state: 'None of the files was brought in.' }, { cause: thrown });
  }
  return read.map(({ run }) => run);
}

function readAs(format: string | null, name: string, text: string, bytes: Uint8Array): GuessedOutput {
  if (bytes.subarray(0, 4096).includes(0)) throw refused(name, new CodedError('output-unreadable', 'it is not text.', { next: 'Unpack an archive first: rteval’s results are in the summary.xml inside it.' }));
  const read = format === null ? parseAny(text) : parseOutput(format, text);
  if (!read.ok) throw refused(name, read.error);
  const guessed = 'output' in read.value ? read.value : { format: format ?? '', output: read.value };
  if (guessed.output.distributions.length + guessed.output.scalars.length === 0) {
    throw refused(name, new CodedError('output-unreadable', `${guessed.format} left no figure in it${guessed.output.warnings[0] === undefined ? '.' : `: ${guessed.output.warnings[0]}`}`, { next: 'Check that the measurement ended by itself and that all of its output is in the file.' }));
  }
  return guessed;
}

const refused = (name: string, error: CodedError) => new CodedError(error.code, `${name}: ${error.message}`, { ...error.extras, state: 'None of the files was brought in.' });
