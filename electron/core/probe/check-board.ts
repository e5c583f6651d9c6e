import type { GuideCheck, GuideId } from '../../../shared/model/setting.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import { ChecklistStore } from '../firmware/checklist-store.ts';
import { managementReading } from '../firmware/management-store.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { savedHousekeeping } from '../project/saved-housekeeping.ts';
import { latestReading } from './latest-reading.ts';

/**
 * A guide on a board's last reading, with everything the project knows beside it: the saved CPU map unless CPUs are told, what persons attested and
 * what the management controller said. Null when the board has not been read. Errors: `capture-unreadable`.
 */
export async function checkBoard(store: ProjectStore, boardId: string, guide: GuideId, housekeeping: readonly number[] | null): Promise<GuideCheck | null> {
  const reading = await latestReading(store, boardId);
  if (!reading) return null;
  const checklist = guide === 'firmware' ? await new ChecklistStore(store).getIfReadable(boardId) : null;
  const management = guide === 'firmware' ? await managementReading(store, boardId) : null;
  const map = housekeeping === null ? await savedHousekeeping(store, boardId) : null;
  const check = checkGuide({ snapshot: reading.snapshot, capture: reading.capture, guide, housekeeping: housekeeping ?? map, checklist, management });
  return map === null ? check : { ...check, cpusFrom: 'cpu-map' };
}
