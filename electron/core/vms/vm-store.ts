import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CodedError } from '../../../shared/contract/errors.ts';
import { vmHostSchema, type Vm, type VmHost } from '../../../shared/model/vm.ts';
import { writeJson } from '../project/atomic-write.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { readJson } from '../project/read-json.ts';

const storedVmsSchema = z.object({ schema: z.literal(1), host: vmHostSchema });
const fileOf = (boardId: string) => join('boards', boardId, 'vms.json');

/** What was read last of a host's virtual machines, `boards/ID/vms.json`; null when nothing was, or it cannot be read. Errors: `board-unknown`. */
export async function lastVmReading(store: ProjectStore, boardId: string): Promise<VmHost | null> {
  await store.board(boardId);
  const file = join(store.directory, fileOf(boardId));
  if (!(await stat(file).then(() => true, () => false))) return null;
  try {
    return (await readJson(file, storedVmsSchema)).host;
  } catch (thrown) {
    store.noteUnreadable(fileOf(boardId), CodedError.from(thrown));
    return null;
  }
}

/** A VM of a host as it was last read; null: there was none of that name. */
export async function lastReadVm(store: ProjectStore, boardId: string, name: string): Promise<Vm | null> {
  return (await lastVmReading(store, boardId))?.vms.find((vm) => vm.name === name) ?? null;
}

/** Errors: `project-locked` in a project that is open read-only, `disk-full`. */
export async function saveVmReading(store: ProjectStore, boardId: string, host: VmHost): Promise<void> {
  if (store.readOnlyReason !== null) throw new CodedError('project-locked', `The project is open for reading only: ${store.readOnlyReason}`, { state: 'Nothing was stored.', next: 'Close the other window, then open the project again.' });
  await writeJson(join(store.directory, fileOf(boardId)), storedVmsSchema.parse({ schema: 1, host }));
}
