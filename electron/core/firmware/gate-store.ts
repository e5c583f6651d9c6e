import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import { storedGateSchema, type StoredGate } from '../../../shared/model/firmware-gate.ts';
import { writeJson } from '../project/atomic-write.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { readJson } from '../project/read-json.ts';

/** What was measured last of a board's firmware, `boards/ID/firmware-gate.json`; null when nothing was, or it cannot be read. */
export async function readGate(store: ProjectStore, boardId: string): Promise<StoredGate | null> {
  await store.board(boardId);
  const file = join(store.directory, 'boards', boardId, 'firmware-gate.json');
  if (!(await stat(file).then(() => true, () => false))) return null;
  try {
    return await readJson(file, storedGateSchema);
  } catch (thrown) {
    store.noteUnreadable(join('boards', boardId, 'firmware-gate.json'), CodedError.from(thrown));
    return null;
  }
}

/** Errors: `project-locked` in a project that is open read-only, `disk-full`. */
export async function saveGate(store: ProjectStore, boardId: string, gate: StoredGate): Promise<void> {
  if (store.readOnlyReason !== null) throw new CodedError('project-locked', `The project is open for reading only: ${store.readOnlyReason}`, { state: 'Nothing was stored.' });
  await writeJson(join(store.directory, 'boards', boardId, 'firmware-gate.json'), storedGateSchema.parse(gate));
}
