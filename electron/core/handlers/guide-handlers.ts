import type { CoreParts } from '../create-core.ts';
import { checkBoard } from '../probe/check-board.ts';
import type { HandlerGroup } from './handler-group.ts';

export function guideHandlers({ project }: CoreParts): HandlerGroup<'guides'> {
  return {
    'guides.check': async ({ boardId, guide, housekeeping }) => {
      const { store } = project.context;
      await store.board(boardId);
      return checkBoard(store, boardId, guide, housekeeping);
    },
  };
}
