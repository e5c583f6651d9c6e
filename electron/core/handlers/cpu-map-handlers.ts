import { CodedError } from '../../../shared/contract/errors.ts';
import type { StoredCpuMap } from '../../../shared/model/cpu-map.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { isUsable } from '../../../shared/planning/cpu-map-judge.ts';
import { checkCpuMap, proposeCpuMap } from '../../../shared/planning/cpu-map-proposal.ts';
import type { CoreParts } from '../create-core.ts';
import type { ProjectStore } from '../project/project-store.ts';
import type { HandlerGroup } from './handler-group.ts';

export function cpuMapHandlers({ project, bus }: CoreParts): HandlerGroup<'cpu-map'> {
  return {
    'cpu-map.get': async ({ boardId }) => {
      const { store } = project.context;
      await store.board(boardId);
      const map = await store.cpuMap(boardId);
      return map === null ? null : { map, ...checkCpuMap((await readingOf(store, boardId)).snapshot, map) };
    },
    'cpu-map.propose': async ({ boardId, request }) => proposeCpuMap((await readingOf(project.context.store, boardId)).snapshot, request),
    'cpu-map.check': async ({ boardId, draft }) => checkCpuMap((await readingOf(project.context.store, boardId)).snapshot, draft),
    'cpu-map.save': async ({ boardId, draft }) => {
      const { store } = project.context;
      const { id: snapshotId, snapshot } = await readingOf(store, boardId);
      const check = checkCpuMap(snapshot, draft);
      if (!isUsable(check.findings)) {
        const errors = check.findings.filter(({ severity }) => severity === 'error');
        throw new CodedError('cpu-map-refused', errors.map(({ message }) => message).join(' '), {
          board: (await store.board(boardId)).name, state: 'Nothing was saved.', next: errors.map(({ fix }) => fix ?? '').join(' ').trim(),
        });
      }
      const assignments = [...draft.assignments].sort((a, b) => a.cpu - b.cpu);
      const map: StoredCpuMap = { schema: 1, savedAt: stampOf(new Date()), snapshotId, request: draft.request, assignments };
      await store.saveCpuMap(boardId, map);
      bus.emit('cpu-map-changed', { boardId });
      return { map, ...check };
    },
  };
}

async function readingOf(store: ProjectStore, boardId: string): Promise<{ id: string; snapshot: Snapshot }> {
  const board = await store.board(boardId);
  const latest = await store.latestSnapshot(boardId);
  if (!latest) throw new CodedError('cpu-map-refused', `${board.name} has not been read yet, so its CPUs are not known.`, { board: board.name, next: 'Inspect the board first.' });
  return latest;
}
