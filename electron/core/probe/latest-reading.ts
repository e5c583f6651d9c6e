import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { parseCapture, type Capture } from '../../../shared/parsers/capture.ts';
import type { ProjectStore } from '../project/project-store.ts';

/** A board's last reading: what was read, and what was made of it. */
export interface Reading { readonly id: string; readonly snapshot: Snapshot; readonly capture: Capture }

/** The last reading of a board; null when it has not been read. Errors: `capture-unreadable`. */
export async function latestReading(store: ProjectStore, boardId: string): Promise<Reading | null> {
  const latest = await store.latestSnapshot(boardId);
  if (!latest) return null;
  const capture = parseCapture(await store.capture(boardId, latest.id));
  if (!capture.ok) throw capture.error;
  return { ...latest, capture: capture.value };
}
