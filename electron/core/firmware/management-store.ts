import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Action } from '../../../shared/model/plan.ts';
import { managementReadingSchema, type ManagementReading, type RedfishSystem } from '../../../shared/model/redfish.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { errnoOf, writeJson } from '../project/atomic-write.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { readJson } from '../project/read-json.ts';

const fileOf = (store: ProjectStore, boardId: string) => join(store.directory, 'boards', boardId, 'management.json');

/** Keeps what a controller said, with the start of the board it was said in. Nothing in a project that is open read-only. */
export async function saveManagementReading(store: ProjectStore, boardId: string, systems: RedfishSystem[]): Promise<void> {
  if (store.readOnlyReason !== null) return;
  const bootId = (await store.latestSnapshot(boardId))?.snapshot.bootId ?? null;
  await writeJson(fileOf(store, boardId), { schema: 1, at: stampOf(new Date()), bootId, systems } satisfies ManagementReading);
}

/** Null: the controller was not read, or what was kept cannot be read (then it is named among the project's unreadable files). */
export async function managementReading(store: ProjectStore, boardId: string): Promise<ManagementReading | null> {
  try {
    return await readJson(fileOf(store, boardId), managementReadingSchema);
  } catch (thrown) {
    const { cause } = CodedError.from(thrown);
    if (errnoOf(cause) !== 'ENOENT') store.noteUnreadable(join('boards', boardId, 'management.json'), CodedError.from(thrown));
    return null;
  }
}

/** Takes a change into what was kept: the value waits for the next start. */
export async function noteManagementChange(store: ProjectStore, boardId: string, { system, attribute, value }: Extract<Action, { kind: 'redfish' }>): Promise<void> {
  const reading = await managementReading(store, boardId);
  if (reading === null || store.readOnlyReason !== null) return;
  const systems = reading.systems.map((one) => (one.system !== system ? one : { ...one, attributes: one.attributes.map((known) => (known.name === attribute ? { ...known, next: value } : known)) }));
  await writeJson(fileOf(store, boardId), { ...reading, systems });
}
