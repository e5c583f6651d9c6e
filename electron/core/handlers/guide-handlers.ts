import { parseCapture } from '../../../shared/parsers/capture.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import type { CoreParts } from '../create-core.ts';
import { ChecklistStore } from '../firmware/checklist-store.ts';
import { managementReading } from '../firmware/management-store.ts';
import { savedHousekeeping } from '../project/saved-housekeeping.ts';
import type { HandlerGroup } from './handler-group.ts';

export function guideHandlers({ project }: CoreParts): HandlerGroup<'guides'> {
  return {
    'guides.check': async ({ boardId, guide, housekeeping }) => {
      const { store } = project.context;
      await store.board(boardId);
      const latest = await store.latestSnapshot(boardId);
      if (!latest) return null;
      const capture = parseCapture(await store.capture(boardId, latest.id));
      if (!capture.ok) throw capture.error;
      const checklist = guide === 'firmware' ? await new ChecklistStore(store).getIfReadable(boardId) : null;
      const management = guide === 'firmware' ? await managementReading(store, boardId) : null;
      const map = housekeeping === null ? await savedHousekeeping(store, boardId) : null;
      const check = checkGuide({ snapshot: latest.snapshot, capture: capture.value, guide, housekeeping: housekeeping ?? map, checklist, management });
      return map === null ? check : { ...check, cpusFrom: 'cpu-map' };
    },
  };
}
